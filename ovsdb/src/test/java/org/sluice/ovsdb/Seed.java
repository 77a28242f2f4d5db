package org.sluice.ovsdb;

import java.util.Random;

/**
 * Where random tests get their seed: from {@code -Dseed=}, else a new one; printed when the test
 * fails.
 */
public final class Seed {
  private Seed() {}

  /** A seed for one test. */
  public static long pick() {
    return Long.getLong("seed", System.nanoTime());
  }

  /** A generator from {@code seed}. */
  public static Random random(long seed) {
    return new Random(seed);
  }

  /** What a failing random test says so that it can be repeated. */
  public static String hint(long seed) {
    return "repeat with -Dseed=" + seed;
  }
}
