package org.sluice.bench.network;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;
import org.sluice.bench.contest.ServerProcess;

/**
 * Three namespaces: two hosts, each with a cable to the third, where the switch is. They go when
 * this is closed. Used by one thread.
 */
final class Site implements Closeable {
  static final String LEFT_PORT = "left";
  static final String RIGHT_PORT = "right";
  static final String LEFT_ADDRESS = "10.78.0.1";
  static final String RIGHT_ADDRESS = "10.78.0.2";

  private static final String DEVICE = "eth0";
  private static final int PREFIX_BITS = 24;
  private static final int RECEIVED_PACKETS = 1;

  private final Path folder;
  private final NetworkNamespace middle;
  private final NetworkNamespace left;
  private final NetworkNamespace right;

  /**
   * Makes the namespaces and what is in them.
   *
   * @param offloads whether hosts leave checksums and segmentation to their devices
   * @param folder for what programs say
   */
  Site(boolean offloads, Path folder) throws IOException {
    this.folder = folder;
    String name = "sluice-bench-" + ProcessHandle.current().pid() + "-";
    middle = NetworkNamespace.create(name + "switch");
    left = create(name + "left", middle);
    right = create(name + "right", middle, left);
    try {
      plug(left, LEFT_PORT, LEFT_ADDRESS);
      plug(right, RIGHT_PORT, RIGHT_ADDRESS);
      if (!offloads) {
        String ethtool = ServerProcess.installed("ethtool", "ethtool");
        run(left, ethtool + " -K " + DEVICE + " tx off");
        run(right, ethtool + " -K " + DEVICE + " tx off");
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Makes a namespace; if that fails, those that were made before it go. */
  private static NetworkNamespace create(String name, NetworkNamespace... before)
      throws IOException {
    try {
      return NetworkNamespace.create(name);
    } catch (IOException e) {
      remove(before);
      throw e;
    }
  }

  private void plug(NetworkNamespace host, String port, String address) throws IOException {
    in(
        middle,
        () -> {
          try (Netlink netlink = Netlink.open()) {
            netlink.createVeth(port, DEVICE, host);
            netlink.setUp(port, true);
          }
          return null;
        });
    in(
        host,
        () -> {
          // Two hosts that look for routers would not leave an idle switch alone.
          Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1");
          try (Netlink netlink = Netlink.open()) {
            netlink.setUp("lo", true);
            netlink.addAddress(DEVICE, InetAddress.getByName(address), PREFIX_BITS);
            netlink.setUp(DEVICE, true);
          }
          return null;
        });
  }

  private static <T> T in(NetworkNamespace namespace, Callable<T> task) throws IOException {
    return namespace.call(task);
  }

  NetworkNamespace middle() {
    return middle;
  }

  NetworkNamespace left() {
    return left;
  }

  NetworkNamespace right() {
    return right;
  }

  void inMiddle(String command) throws IOException {
    run(middle, command);
  }

  private void run(NetworkNamespace namespace, String command) throws IOException {
    Path log = folder.resolve("site.log");
    Files.deleteIfExists(log);
    ServerProcess process = start(namespace, command, "site.log");
    try {
      if (process.process().waitFor() != 0) {
        throw new IOException(command + ": " + Files.readString(log).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Starts a command in a namespace; {@code log} is the file for what it says. */
  ServerProcess start(NetworkNamespace namespace, String command, String log) throws IOException {
    String words = "ip netns exec " + namespace.name() + " " + command;
    return ServerProcess.start(List.of(words.split(" ")), folder, log, Map.of());
  }

  /**
   * Datagrams from the host on the left to the one on the right.
   *
   * @param most how many can be noted
   */
  TimedDatagrams datagrams(int most) throws IOException {
    DatagramChannel from = in(left, () -> TimedDatagrams.open(LEFT_ADDRESS));
    try {
      DatagramChannel to = in(right, () -> TimedDatagrams.open(RIGHT_ADDRESS));
      return new TimedDatagrams(from, to, threads(right), most);
    } catch (IOException e) {
      from.close();
      throw e;
    }
  }

  /** Makes threads that are in {@code host}. */
  static ThreadFactory threads(NetworkNamespace host) {
    return task -> {
      Thread thread = host.thread("traffic " + host.name(), task);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Packets that have reached the device of the host on the right. */
  long packetsAtRight() throws IOException {
    return in(
        right,
        () -> {
          for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            String[] words = line.strip().split("[: ]+", -1);
            if (words[0].equals(DEVICE)) {
              return Long.parseLong(words[1 + RECEIVED_PACKETS]);
            }
          }
          throw new IOException("the host on the right has lost its device");
        });
  }

  @Override
  public void close() throws IOException {
    remove(left, right, middle);
  }

  private static void remove(NetworkNamespace... namespaces) throws IOException {
    for (NetworkNamespace namespace : namespaces) {
      namespace.close();
      NetworkNamespace.delete(namespace.name());
    }
  }
}
