package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;

/**
 * What a connection inherits from the one that announced it. Scratch of one packet thread, filled
 * by {@link Expectations#find}.
 */
public final class Announcement {
  /** The announcing connection's tuple, in its original direction. */
  public final ConnectionKey parent = new ConnectionKey();

  /** What the announced connection is translated to, in its original direction. */
  public final ConnectionKey wanted = new ConnectionKey();

  /** Its mark when it announced. */
  public int mark;

  /** Its labels when it announced, high half. */
  public long labelHi;

  /** Its labels when it announced, low half. */
  public long labelLo;

  /** Whose payload is to be read on it. */
  public Gateway gateway = Gateway.NONE;
}
