package org.sluice.bench;

import org.sluice.datapath.netdev.Netdev;

/** What devices without hardware have in common. Stateless. */
abstract class MemoryNetdev implements Netdev {
  private final String name;

  MemoryNetdev(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String type() {
    return "dummy";
  }

  @Override
  public final int pollFd() {
    return -1;
  }

  @Override
  public final long macAddress() {
    return 0x0200_0000_00ffL;
  }

  @Override
  public final String setMacAddress(long mac) {
    return name + " keeps its address";
  }

  @Override
  public final int mtu() {
    return 1500;
  }

  @Override
  public final String setMtu(int mtuBytes) {
    return name + " keeps its MTU";
  }

  @Override
  public final int ifindex() {
    return 0;
  }

  @Override
  public final boolean adminUp() {
    return true;
  }

  @Override
  public final String setAdminUp(boolean up) {
    return name + " is always up";
  }

  @Override
  public final boolean linkUp() {
    return true;
  }

  @Override
  public final String error() {
    return null;
  }

  @Override
  public final void close() {}
}
