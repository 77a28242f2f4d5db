package org.sluice.base.clock;

/**
 * Where the edges of the program get the time that they then hand to the logic as an argument.
 *
 * <p>Only agents' outermost loops, the tools and the log read a clock. Everything below takes
 * {@code nowNs} or {@code nowMs}, so that a test can run an hour in a millisecond. Implementations
 * may be read from any thread.
 */
public interface Clock {
  /** Monotonic time in nanoseconds; its origin is arbitrary, it never goes back. */
  long nowNs();

  /** Time of day in milliseconds since 1970-01-01T00:00:00Z; may jump. */
  long wallMs();

  /** The machine's own clocks. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
