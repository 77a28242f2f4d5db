package org.sluice.datapath.conntrack;

/** Seeds for random tests: {@code -Dseed=N} repeats one. */
public final class Seeds {
  private Seeds() {}

  /** The seed to repeat, or a new one. */
  public static long next() {
    return Long.getLong("seed", System.nanoTime());
  }
}
