package org.sluice.vswitchd.bridge;

import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.datapath.conntrack.Conntrack;

/**
 * Tells the log what tracking has only counted, because packets must not wait for a log: once for
 * all that has happened since it was last asked. Owned by the reconciler's thread.
 */
final class TrackingNotices {
  private static final int PER_MINUTE = 5;
  private static final int AT_ONCE = 5;

  private final Conntrack conntrack;
  private final Vlog log;
  private final VlogRateLimit exhaustionLimit = new VlogRateLimit(PER_MINUTE, AT_ONCE);
  private final VlogRateLimit earlyDropLimit = new VlogRateLimit(PER_MINUTE, AT_ONCE);
  private final VlogRateLimit fullLimit = new VlogRateLimit(PER_MINUTE, AT_ONCE);
  private final VlogRateLimit zoneFullLimit = new VlogRateLimit(PER_MINUTE, AT_ONCE);
  private long exhaustions;
  private long earlyDrops;
  private long refusedByTotal;
  private long refusedByZone;
  private long tooBigIpv4;
  private long tooBigIpv6;

  TrackingNotices(Conntrack conntrack, Vlog log) {
    this.conntrack = conntrack;
    this.log = log;
  }

  void tell() {
    exhaustions = tellExhausted(conntrack.exhaustions());
    earlyDrops = tellDroppedEarly(conntrack.earlyDrops());
    refusedByTotal = tellFull(conntrack.limits().refusedByTotal());
    refusedByZone = tellZoneFull(conntrack.limits().refusedByZone());
    tooBigIpv4 = tellTooBig("v4", conntrack.fragments().tooBig(false), tooBigIpv4);
    tooBigIpv6 = tellTooBig("v6", conntrack.fragments().tooBig(true), tooBigIpv6);
  }

  private long tellExhausted(long now) {
    if (now != exhaustions) {
      log.log(
          exhaustionLimit,
          LogLevel.WARN,
          "Unable to NAT due to tuple space exhaustion - "
              + "if DoS attack, use firewalling and/or zone partitioning.");
      log.info(
          "conntrack_nat_exhausted: %d connections refused since, %d in all; "
              + "dpctl/ct-nat-pools shows what is used up",
          now - exhaustions, now);
    }
    return now;
  }

  private long tellDroppedEarly(long now) {
    if (now != earlyDrops) {
      log.log(
          earlyDropLimit,
          LogLevel.WARN,
          "conntrack_early_drop: %d connections without an answer made room since, %d in all; "
              + "the table is full with %d",
          now - earlyDrops,
          now,
          conntrack.limits().count());
    }
    return now;
  }

  private long tellFull(long now) {
    if (now != refusedByTotal) {
      log.log(
          fullLimit,
          LogLevel.INFO,
          "conntrack_full: %d connections not made since, %d in all; there are %d and may be %d",
          now - refusedByTotal,
          now,
          conntrack.limits().count(),
          conntrack.limits().maxConnections());
    }
    return now;
  }

  private long tellZoneFull(long now) {
    if (now != refusedByZone) {
      log.log(
          zoneFullLimit,
          LogLevel.INFO,
          "conntrack_zone_full: %d connections not made since, %d in all; "
              + "dpctl/ct-get-limits shows the zones' limits",
          now - refusedByZone,
          now);
    }
    return now;
  }

  private long tellTooBig(String family, long now, long before) {
    if (now != before) {
      log.warn("Unsupported big reassembled %s packet", family);
    }
    return now;
  }
}
