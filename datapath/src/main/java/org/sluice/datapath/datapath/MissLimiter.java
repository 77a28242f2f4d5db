package org.sluice.datapath.datapath;

/**
 * How many misses one port may still cause: a bucket that fills at a steady rate and holds a tenth
 * of a second's worth. Owned by the thread that receives from the port.
 */
final class MissLimiter {
  private static final long SECOND_NS = 1_000_000_000;
  private static final int BURSTS_PER_SECOND = 10;

  private long missesPerSecond;
  private long burst;
  private long available;
  private long filledNs;

  /** A full bucket; {@code missesPerSecond} 0 = no limit. */
  MissLimiter(int missesPerSecond, long nowNs) {
    setRate(missesPerSecond, nowNs);
  }

  /** Begins again, with a full bucket, at another rate. */
  void setRate(int misses, long nowNs) {
    missesPerSecond = misses;
    burst = Math.max(1, misses / BURSTS_PER_SECOND);
    available = burst;
    filledNs = nowNs;
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

  /** What is earned in part is kept for the next time. */
  private void fill(long nowNs) {
    long elapsedNs = nowNs - filledNs;
    if (elapsedNs >= SECOND_NS) {
      available = burst;
      filledNs = nowNs;
      return;
    }
    long earned = elapsedNs * missesPerSecond / SECOND_NS;
    if (earned > 0) {
      available = Math.min(burst, earned);
      filledNs += earned * SECOND_NS / missesPerSecond;
    }
  }
}
