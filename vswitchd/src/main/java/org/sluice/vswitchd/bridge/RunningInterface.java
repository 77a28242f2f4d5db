package org.sluice.vswitchd.bridge;

import org.sluice.datapath.netdev.Netdev;
import org.sluice.vswitchd.translate.PortView;

/** An interface as it runs, or fails to. Owned by the thread that reconciles. */
final class RunningInterface {
  /** The OpenFlow number of an interface that does not run. */
  static final int NO_OFPORT = -1;

  private final long addedNs;
  private DesiredInterface desired;
  private Netdev netdev;
  private int datapathPort = PortView.NOWHERE;
  private int ofPort = NO_OFPORT;
  private int formerOfPort;
  private String error;

  /** {@code formerOfPort} is its OpenFlow number before the switch was started, or 0. */
  RunningInterface(DesiredInterface desired, int formerOfPort, long addedNs) {
    this.desired = desired;
    this.formerOfPort = formerOfPort;
    this.addedNs = addedNs;
  }

  DesiredInterface desired() {
    return desired;
  }

  /** Takes over settings that need no other device. */
  void setDesired(DesiredInterface changed) {
    desired = changed;
  }

  /** The device works and is attached to the datapath; a patch port has neither. */
  void attached(Netdev device, int number) {
    netdev = device;
    datapathPort = number;
    error = null;
  }

  /** There is no device; {@code why} goes to {@code Interface.error}. */
  void failed(String why) {
    netdev = null;
    datapathPort = PortView.NOWHERE;
    ofPort = NO_OFPORT;
    error = why;
  }

  void setOfPort(int number) {
    ofPort = number;
    if (number != NO_OFPORT) {
      formerOfPort = number;
    }
  }

  /** The device; null for a patch port and for one that failed. */
  Netdev netdev() {
    return netdev;
  }

  int datapathPort() {
    return datapathPort;
  }

  int ofPort() {
    return ofPort;
  }

  /** The number it has, or had last: rules and controllers may still mean this one by it. */
  int formerOfPort() {
    return formerOfPort;
  }

  /** Why it does not run; null if it does. */
  String error() {
    return error;
  }

  long addedNs() {
    return addedNs;
  }

  /** Whether it is part of the switch: a device that works, or a patch port. */
  boolean runs() {
    return error == null && (netdev != null || desired.isPatch());
  }
}
