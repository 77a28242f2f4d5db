package org.sluice.vswitchd.ofproto;

import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * Where OpenFlow connections write what is to be said of them.
 *
 * @param connmgr what peers do, in sum
 * @param rconn of connections as such
 * @param vconn every message, at debug level
 * @param complaints how often it may be said what is wrong with peers, who might never tire of it
 */
public record OpenFlowLogs(Vlog connmgr, Vlog rconn, Vlog vconn, VlogRateLimit complaints) {
  private static final int COMPLAINTS_PER_MINUTE = 60;
  private static final int COMPLAINTS_AT_ONCE = 20;

  /** With the usual limit. */
  public OpenFlowLogs(Vlog connmgr, Vlog rconn, Vlog vconn) {
    this(connmgr, rconn, vconn, new VlogRateLimit(COMPLAINTS_PER_MINUTE, COMPLAINTS_AT_ONCE));
  }

  /** Says what is wrong with a peer. */
  void complain(String text, Object... arguments) {
    rconn.log(complaints, LogLevel.WARN, text, arguments);
  }
}
