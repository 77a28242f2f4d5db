package org.sluice.datapath.conntrack.protocol;

import static java.util.Arrays.stream;

/** How long each {@link Timer} runs. Read by packet threads, replaced by any thread. */
public final class Timeouts {
  private volatile int[] milliseconds =
      stream(Timer.values()).mapToInt(t -> t.defaultSeconds() * 1000).toArray();

  /** Milliseconds for the timer of that ordinal. */
  public int ms(int timer) {
    return milliseconds[timer];
  }

  /** Sets a timeout for packets from now on. */
  public synchronized void set(Timer timer, int seconds) {
    int[] changed = milliseconds.clone();
    changed[timer.index()] = seconds * 1000;
    milliseconds = changed;
  }
}
