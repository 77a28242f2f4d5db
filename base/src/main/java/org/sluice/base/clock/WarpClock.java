package org.sluice.base.clock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that follows another until it is stopped, and that can be moved forward at any time: how
 * a test of a running switch lets minutes pass in a moment.
 *
 * <p>Any thread may read, stop and move it.
 */
public final class WarpClock implements Clock {
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;
  private static final long RUNNING = Long.MIN_VALUE;

  private final Clock followed;
  private final AtomicLong warpedNs = new AtomicLong();
  private volatile long stoppedNs = RUNNING;

  /** Goes as {@code followed} does. */
  public WarpClock(Clock followed) {
    this.followed = followed;
  }

  @Override
  public long nowNs() {
    long stopped = stoppedNs;
    return (stopped == RUNNING ? followed.nowNs() : stopped) + warpedNs.get();
  }

  @Override
  public long wallMs() {
    return followed.wallMs() + warpedNs.get() / NANOS_PER_MILLISECOND;
  }

  /** From now on only {@link #advanceNs} moves it. */
  public synchronized void stop() {
    if (stoppedNs == RUNNING) {
      stoppedNs = followed.nowNs();
    }
  }

  /** Moves forward by {@code ns} nanoseconds; a negative step is refused. */
  public void advanceNs(long ns) {
    if (ns < 0) {
      throw new IllegalArgumentException("a clock does not go back: " + ns);
    }
    warpedNs.addAndGet(ns);
  }
}
