package org.sluice.tools.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;

/**
 * A host: a network namespace of its own, with one interface that a veth pair joins to a port of
 * the switch.
 *
 * <p>Work runs on fresh threads that enter the namespace first, so that the plain sockets they open
 * belong to it. Used by the lab's thread; the tasks run on their own.
 */
final class Host implements AutoCloseable {
  private static final String DEVICE = "eth0";
  private static final int PREFIX_BITS = 24;

  private final String name;
  private final int number;
  private final NetworkNamespace namespace;
  private final Wire wire;

  private Host(String name, int number, NetworkNamespace namespace, Wire wire) {
    this.name = name;
    this.number = number;
    this.namespace = namespace;
    this.wire = wire;
  }

  /** Makes the namespace, the veth pair, address 10.77.0.{@code number}, and opens the wire. */
  static Host create(String name, int number, Clock clock) throws IOException {
    remove(name);
    NetworkNamespace namespace = NetworkNamespace.create(namespaceName(name));
    try (Netlink netlink = Netlink.open()) {
      netlink.createVeth(portName(name), DEVICE, namespace);
      netlink.setUp(portName(name), true);
    }
    namespace.call(() -> {
      configure(number);
      return null;
    });
    Wire wire = new Wire(namespace, DEVICE, mac(number), clock);
    return new Host(name, number, namespace, wire);
  }

  private static void configure(int number) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      netlink.setUp("lo", true);
      netlink.setMac(DEVICE, mac(number));
      netlink.addAddress(DEVICE, InetAddress.getByAddress(addressBytes(number)), PREFIX_BITS);
      netlink.setUp(DEVICE, true);
    }
  }

  /** Removes what a run that was killed may have left of this host. */
  static void remove(String name) throws IOException {
    try (Netlink netlink = Netlink.open()) {
      if (netlink.linkIndex(portName(name)) != 0) {
        deleteLink(netlink, portName(name));
      }
    }
    if (NetworkNamespace.list().contains(namespaceName(name))) {
      NetworkNamespace.delete(namespaceName(name));
    }
  }

  /** Its other end may just have gone with its namespace, and taken it along. */
  private static void deleteLink(Netlink netlink, String name) throws LinuxException {
    try {
      netlink.deleteLink(name);
    } catch (LinuxException e) {
      if (netlink.linkIndex(name) != 0) {
        throw e;
      }
    }
  }

  static String namespaceName(String name) {
    return "sluice-" + name;
  }

  /** The switch's end of the cable. */
  static String portName(String name) {
    return "sl-" + name;
  }

  private static long mac(int number) {
    return 0x0200_0000_7700L | number;
  }

  private static byte[] addressBytes(int number) {
    return new byte[] {10, 77, 0, (byte) number};
  }

  String name() {
    return name;
  }

  long mac() {
    return mac(number);
  }

  /** The address as a number. */
  int ip() {
    return 0x0a4d_0000 | number;
  }

  /** The address as text. */
  String address() {
    return "10.77.0." + number;
  }

  Wire wire() {
    return wire;
  }

  /** Starts {@code task} on a thread inside the host. */
  void launch(String what, Runnable task) {
    Thread thread = namespace.thread(name + " " + what, task);
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs {@code task} inside the host; whatever it throws comes out as an {@link IOException}. */
  <T> T run(String what, long timeoutMs, Callable<T> task)
      throws IOException, InterruptedException {
    FutureTask<T> future = new FutureTask<>(task);
    launch(what, future);
    try {
      return future.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(what, e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(what + " took longer than " + timeoutMs + " ms", e);
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
    namespace.close();
    remove(name);
  }
}
