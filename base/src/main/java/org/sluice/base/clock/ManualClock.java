package org.sluice.base.clock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until told to move: for tests, and for replaying captures in virtual
 * time.
 *
 * <p>Any thread may read it; moving it is atomic.
 */
public final class ManualClock implements Clock {
  private final AtomicLong nowNs;
  private final long wallOriginMs;

  /**
   * Starts at {@code startNs} monotonic nanoseconds, with that same instant as {@code wallMs} time
   * of day.
   */
  public ManualClock(long startNs, long wallMs) {
    this.nowNs = new AtomicLong(startNs);
    this.wallOriginMs = wallMs - startNs / 1_000_000;
  }

  @Override
  public long nowNs() {
    return nowNs.get();
  }

  @Override
  public long wallMs() {
    return wallOriginMs + nowNs.get() / 1_000_000;
  }

  /** Moves forward by {@code ns} nanoseconds; a negative step is refused. */
  public void advanceNs(long ns) {
    if (ns < 0) {
      throw new IllegalArgumentException("a clock does not go back: " + ns);
    }
    nowNs.addAndGet(ns);
  }
}
