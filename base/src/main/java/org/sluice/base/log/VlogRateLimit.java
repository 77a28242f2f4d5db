package org.sluice.base.log;

/**
 * A token bucket for one kind of message: so many a minute, so many at once.
 *
 * <p>Thread-safe. Time is an argument.
 */
public final class VlogRateLimit {
  private static final long TOKENS_PER_MESSAGE = 60_000;

  private final long ratePerMinute;
  private final long capacity;
  private long tokens;
  private long filledMs;
  private int dropped;
  private long firstDroppedMs;
  private long lastDroppedMs;

  /** Allows {@code ratePerMinute} messages in the long run and {@code burst} at once. */
  public VlogRateLimit(int ratePerMinute, int burst) {
    this.ratePerMinute = ratePerMinute;
    this.capacity = burst * TOKENS_PER_MESSAGE;
    this.tokens = capacity;
    this.filledMs = Long.MIN_VALUE;
  }

  /** Whether one more message may pass; if not, it is counted. */
  public synchronized boolean admit(long nowMs) {
    if (filledMs != Long.MIN_VALUE) {
      tokens = Math.min(capacity, tokens + ratePerMinute * Math.max(nowMs - filledMs, 0));
    }
    filledMs = nowMs;
    if (tokens >= TOKENS_PER_MESSAGE) {
      tokens -= TOKENS_PER_MESSAGE;
      return true;
    }
    firstDroppedMs = dropped++ == 0 ? nowMs : firstDroppedMs;
    lastDroppedMs = nowMs;
    return false;
  }

  /** What was lost since the last report, or null; forgets it. */
  synchronized String takeReport(long nowMs) {
    if (dropped == 0) {
      return null;
    }
    String report =
        String.format(
            "Dropped %d log messages in last %d seconds (most recently, %d seconds ago) "
                + "due to excessive rate",
            dropped, nowMs / 1000 - firstDroppedMs / 1000, nowMs / 1000 - lastDroppedMs / 1000);
    dropped = 0;
    return report;
  }
}
