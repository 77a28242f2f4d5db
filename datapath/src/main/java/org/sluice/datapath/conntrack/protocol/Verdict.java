package org.sluice.datapath.conntrack.protocol;

/** What a packet did to its connection. Ints, because they pass between small hot methods. */
public final class Verdict {
  /** Belongs to an answered connection. */
  public static final int ESTABLISHED = 0;

  /** Belongs to a connection that has not been answered. */
  public static final int NEW = 1;

  /** Starts a new connection in place of this one. */
  public static final int RESTART = 2;

  /** Does not fit. */
  public static final int INVALID = 3;

  private Verdict() {}
}
