package org.sluice.vswitchd.bridge;

import org.sluice.base.log.Vlog;
import org.sluice.datapath.conntrack.Conntrack;

/**
 * Tells the log what tracking has only counted, because packets must not wait for a log: once for
 * all that has happened since it was last asked. Owned by the reconciler's thread.
 */
final class TrackingNotices {
  private final Conntrack conntrack;
  private final Vlog log;
  private long exhaustions;
  private long tooBigIpv4;
  private long tooBigIpv6;

  TrackingNotices(Conntrack conntrack, Vlog log) {
    this.conntrack = conntrack;
    this.log = log;
  }

  void tell() {
    long now = conntrack.exhaustions();
    if (now != exhaustions) {
      log.warn(
          "Unable to NAT due to tuple space exhaustion - "
              + "if DoS attack, use firewalling and/or zone partitioning.");
    }
    exhaustions = now;
    tooBigIpv4 = tellTooBig("v4", conntrack.fragments().tooBig(false), tooBigIpv4);
    tooBigIpv6 = tellTooBig("v6", conntrack.fragments().tooBig(true), tooBigIpv6);
  }

  private long tellTooBig(String family, long now, long before) {
    if (now != before) {
      log.warn("Unsupported big reassembled %s packet", family);
    }
    return now;
  }
}
