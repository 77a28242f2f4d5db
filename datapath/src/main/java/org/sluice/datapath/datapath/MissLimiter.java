package org.sluice.datapath.datapath;

/**
 * How many misses one port may still cause: a bucket that fills at a steady rate and holds a tenth
 * of a second's worth. Owned by the thread that receives from the port.
 */
final class MissLimiter {
  private static final long SECOND_NS = 1_000_000_000;

  private final long missesPerSecond;
  private final long burst;
  private long available;
  private long filledNs;

  /** {@code missesPerSecond} 0 = no limit. */
  MissLimiter(long missesPerSecond, long nowNs) {
    this.missesPerSecond = missesPerSecond;
    this.burst = Math.max(1, missesPerSecond / 10);
    this.available = burst;
    this.filledNs = nowNs;
  }

  /** Whether one more miss is in order at {@code nowNs}; if so, takes it off. */
  boolean admit(long nowNs) {
    if (missesPerSecond == 0) {
      return true;
    }
    if (available == 0) {
      fill(nowNs);
    }
    if (available == 0) {
      return false;
    }
    available--;
    return true;
  }

  private void fill(long nowNs) {
    long elapsedNs = Math.min(nowNs - filledNs, SECOND_NS);
    long earned = elapsedNs * missesPerSecond / SECOND_NS;
    if (earned > 0) {
      available = Math.min(burst, earned);
      filledNs = nowNs;
    }
  }
}
