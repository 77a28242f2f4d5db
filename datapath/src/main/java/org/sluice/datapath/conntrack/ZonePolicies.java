package org.sluice.datapath.conntrack;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.GatewayPorts;

/**
 * How strict tracking is, and what is read, zone by zone. Set by any thread, read by packet
 * threads.
 */
public final class ZonePolicies {
  private static final int ZONES = 1 << 16;
  private static final int LIBERAL = 1;
  private static final int OPENED_ONLY = 2;

  private final AtomicIntegerArray zones = new AtomicIntegerArray(ZONES);
  private volatile AtomicReferenceArray<GatewayPorts> gateways;
  private volatile GatewayPorts otherGateways = GatewayPorts.NONE;

  /** Whether TCP segments may be outside the window. */
  public boolean isLiberal(int zone) {
    return (zones.get(zone) & LIBERAL) != 0;
  }

  /** Sets whether TCP segments may be outside the window. */
  public void setLiberal(int zone, boolean isLiberal) {
    set(zone, LIBERAL, isLiberal);
  }

  /** Whether a TCP or SCTP connection whose opening was not seen is followed from where it is. */
  public boolean picksUp(int zone) {
    return (zones.get(zone) & OPENED_ONLY) == 0;
  }

  /** Sets whether connections whose opening was not seen are followed. */
  public void setPicksUp(int zone, boolean picksUp) {
    set(zone, OPENED_ONLY, !picksUp);
  }

  /**
   * Which gateway reads a new connection that asks for none.
   *
   * @param port where it is opened to
   */
  public Gateway gateway(int zone, int protocol, int port) {
    AtomicReferenceArray<GatewayPorts> all = gateways;
    GatewayPorts own = all == null ? null : all.get(zone);
    return (own == null ? otherGateways : own).at(protocol, port);
  }

  /** Sets what is read in a zone; null for what is read in zones that say nothing. */
  public void setGateways(int zone, GatewayPorts ports) {
    if (gateways == null && ports == null) {
      return;
    }
    synchronized (this) {
      if (gateways == null) {
        gateways = new AtomicReferenceArray<>(ZONES);
      }
    }
    gateways.set(zone, ports);
  }

  /** Sets what is read in zones that say nothing. */
  public void setOtherGateways(GatewayPorts ports) {
    otherGateways = ports;
  }

  private void set(int zone, int bit, boolean isSet) {
    zones.getAndUpdate(zone, bits -> isSet ? bits | bit : bits & ~bit);
  }
}
