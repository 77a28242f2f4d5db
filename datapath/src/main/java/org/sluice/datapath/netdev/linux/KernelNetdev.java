package org.sluice.datapath.netdev.linux;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.InterfaceDriver;
import org.sluice.base.linux.Interfaces;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Sockets;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.netdev.NetdevStatistics;

/**
 * What all devices of the kernel have in common: questions and orders about the interface, asked
 * through a socket of the namespace that the device was opened in.
 *
 * <p>Any thread may ask. The counters belong to the packet thread.
 */
abstract sealed class KernelNetdev implements Netdev permits LinuxNetdev, TapNetdev, XdpNetdev {
  /** Counted by the packet thread. */
  final NetdevCounters counters = new NetdevCounters();

  private final String name;
  private final int control;
  private final int ifindex;
  private final Map<String, String> driver;

  /** Finds the interface; the constructor's thread must be in its namespace. */
  KernelNetdev(String name) throws LinuxException {
    this.name = name;
    checkName(name);
    int socket = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM, 0);
    this.control = (int) LinuxException.check(socket, "open a control socket");
    int index = Interfaces.index(control, name);
    if (index < 0) {
      FileDescriptors.close(control);
      throw new LinuxException("could not open network device " + name, -index);
    }
    this.ifindex = index;
    this.driver = driver(InterfaceDriver.of(control, name));
  }

  private static Map<String, String> driver(InterfaceDriver told) {
    Map<String, String> words = new TreeMap<>();
    if (told != null) {
      words.put("driver_name", told.name());
      words.put("driver_version", told.version());
      words.put("firmware_version", told.firmware());
      if (told.peerIndex() != 0) {
        words.put("peer_ifindex", Long.toString(told.peerIndex()));
      }
    }
    return Map.copyOf(words);
  }

  /** The kernel would be asked for another device, whose name is the beginning of this one. */
  static void checkName(String name) throws LinuxException {
    if (name.getBytes(StandardCharsets.UTF_8).length > Interfaces.MAX_NAME_BYTES) {
      throw new LinuxException("could not open network device " + name, Errno.ENAMETOOLONG);
    }
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int ifindex() {
    return ifindex;
  }

  @Override
  public final long macAddress() {
    return Math.max(Interfaces.mac(control, name), 0);
  }

  @Override
  public final String setMacAddress(long mac) {
    return failure(Interfaces.setMac(control, name, mac));
  }

  @Override
  public final int mtu() {
    return Math.max(Interfaces.mtu(control, name), 0);
  }

  @Override
  public final String setMtu(int mtuBytes) {
    return failure(Interfaces.setMtu(control, name, mtuBytes));
  }

  @Override
  public final boolean adminUp() {
    return hasFlag(Interfaces.IFF_UP);
  }

  @Override
  public final String setAdminUp(boolean up) {
    return failure(Interfaces.setUp(control, name, up));
  }

  @Override
  public final boolean linkUp() {
    return hasFlag(Interfaces.IFF_RUNNING);
  }

  final boolean hasFlag(int flag) {
    int flags = Interfaces.flags(control, name);
    return flags >= 0 && (flags & flag) != 0;
  }

  private static String failure(int result) {
    return result < 0 ? Errno.text(-result) : null;
  }

  @Override
  public NetdevStatistics statistics() {
    return counters.snapshot();
  }

  @Override
  public Map<String, String> status() {
    return driver;
  }

  /** Asks whether this very interface is still there: one of the same name may be another. */
  @Override
  public final String error() {
    int result = Interfaces.probe(control, ifindex);
    return result < 0
        ? "could not open network device " + name + " (" + Errno.text(-result) + ")"
        : null;
  }

  @Override
  public void close() {
    FileDescriptors.close(control);
  }
}
