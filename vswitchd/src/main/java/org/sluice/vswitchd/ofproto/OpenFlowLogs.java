package org.sluice.vswitchd.ofproto;

import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;

/**
 * Where OpenFlow connections write what is to be said of them.
 *
 * @param connmgr what peers do, in sum
 * @param rconn of connections as such
 * @param vconn every message, at debug level
 * @param flows of flows that cannot be told
 * @param complaints how often it may be said what is wrong with peers, who might never tire of it
 */
public record OpenFlowLogs(
    Vlog connmgr, Vlog rconn, Vlog vconn, Vlog flows, VlogRateLimit complaints) {
  private static final int COMPLAINTS_PER_MINUTE = 60;
  private static final int COMPLAINTS_AT_ONCE = 20;

  /** With the usual limit. */
  public OpenFlowLogs(Vlog connmgr, Vlog rconn, Vlog vconn, Vlog flows) {
    this(
        connmgr, rconn, vconn, flows, new VlogRateLimit(COMPLAINTS_PER_MINUTE, COMPLAINTS_AT_ONCE));
  }

  /** Says that {@code count} items of a reply, or a whole message, are too large for one. */
  void noteLeftOut(OfMessage message, int count) {
    if (message instanceof Multipart.FlowStatsReply) {
      flows.log(
          complaints,
          LogLevel.WARN,
          "Flow exceeded the maximum flow statistics reply size and was excluded from the response"
              + " set");
    } else if (message instanceof Multipart.Reply) {
      rconn.log(complaints, LogLevel.WARN, "%d items of a reply are too large for one", count);
    } else {
      String kind = message.getClass().getSimpleName();
      rconn.log(complaints, LogLevel.WARN, "a %s is too large for a message: not sent", kind);
    }
  }

  /** Says what is wrong with a peer. */
  void complain(String text, Object... arguments) {
    rconn.log(complaints, LogLevel.WARN, text, arguments);
  }
}
