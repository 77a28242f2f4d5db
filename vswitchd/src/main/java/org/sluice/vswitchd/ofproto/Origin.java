package org.sluice.vswitchd.ofproto;

/** Who asked for a change, with which message. */
record Origin(Session session, int xid) {
  /** The switch itself. */
  static final Origin NOBODY = new Origin(null, 0);
}
