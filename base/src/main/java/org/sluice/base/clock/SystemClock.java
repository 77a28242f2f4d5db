package org.sluice.base.clock;

/** The machine's clocks: {@code CLOCK_MONOTONIC} and the time of day. Stateless. */
enum SystemClock implements Clock {
  INSTANCE;

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public long wallMs() {
    return System.currentTimeMillis();
  }
}
