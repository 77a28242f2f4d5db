package org.sluice.datapath.conntrack;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** How strict tracking is, zone by zone. Set by any thread, read by packet threads. */
public final class ZonePolicies {
  private static final int ZONES = 1 << 16;
  private static final int LIBERAL = 1;
  private static final int OPENED_ONLY = 2;

  private final AtomicIntegerArray zones = new AtomicIntegerArray(ZONES);

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

  private void set(int zone, int bit, boolean isSet) {
    zones.getAndUpdate(zone, bits -> isSet ? bits | bit : bits & ~bit);
  }
}
