package org.sluice.datapath.conntrack;

/**
 * The connection table and its settings. Settings may be changed by any thread; packets go through
 * the {@link Tracker} of their thread.
 */
public final class Conntrack {
  /** Connections at most, unless set otherwise. */
  public static final int DEFAULT_MAX_CONNECTIONS = 3_000_000;

  /**
   * Makes an empty table.
   *
   * @param salt makes the hash unpredictable; random in production, fixed in tests
   */
  public Conntrack(long salt) {
    assert salt != 0 : "salt";
  }

  /** A new packet thread's tracker. */
  public Tracker newTracker() {
    return new Tracker();
  }

  /**
   * Removes expired connections.
   *
   * @param maxWork connections to look at, at most
   * @return how many were looked at
   */
  public int sweep(long nowMs, int maxWork) {
    return 0;
  }
}
