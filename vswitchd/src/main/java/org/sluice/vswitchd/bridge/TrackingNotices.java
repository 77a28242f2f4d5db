package org.sluice.vswitchd.bridge;

import java.util.stream.Stream;
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
  private final Notice exhausted = new Notice();
  private final Notice earlyDrop = new Notice();
  private final Notice full = new Notice();
  private final Notice zoneFull = new Notice();
  private long tooBigIpv4;
  private long tooBigIpv6;

  TrackingNotices(Conntrack conntrack, Vlog log) {
    this.conntrack = conntrack;
    this.log = log;
  }

  /** Something that is counted, how much of it has been told, and how often that may be. */
  private static final class Notice {
    private final VlogRateLimit limit = new VlogRateLimit(PER_MINUTE, AT_ONCE);
    private long told;

    /** How much has come since the last question. */
    long since(long now) {
      long news = now - told;
      told = now;
      return news;
    }
  }

  void tell() {
    tellExhausted(conntrack.exhaustions());
    tellDroppedEarly(conntrack.earlyDrops());
    tellFull(conntrack.limits().refusedByTotal());
    tellZoneFull(conntrack.limits().refusedByZone());
    tooBigIpv4 = tellTooBig("v4", conntrack.fragments().tooBig(false), tooBigIpv4);
    tooBigIpv6 = tellTooBig("v6", conntrack.fragments().tooBig(true), tooBigIpv6);
  }

  private void tellExhausted(long now) {
    long since = exhausted.since(now);
    if (since != 0) {
      log.log(
          exhausted.limit,
          LogLevel.WARN,
          "Unable to NAT due to tuple space exhaustion - "
              + "if DoS attack, use firewalling and/or zone partitioning.");
      log.info(
          "conntrack_nat_exhausted: %d connections refused since, %d in all; "
              + "dpctl/ct-nat-pools shows what is used up",
          since, now);
    }
  }

  private void tellDroppedEarly(long now) {
    tell(
        earlyDrop,
        now,
        LogLevel.WARN,
        "conntrack_early_drop: %d connections without an answer made room since, %d in all; "
            + "the table is full with %d",
        conntrack.limits().count());
  }

  private void tellFull(long now) {
    tell(
        full,
        now,
        LogLevel.INFO,
        "conntrack_full: %d connections not made since, %d in all; there are %d and may be %d",
        conntrack.limits().count(),
        conntrack.limits().maxConnections());
  }

  private void tellZoneFull(long now) {
    tell(
        zoneFull,
        now,
        LogLevel.INFO,
        "conntrack_zone_full: %d connections not made since, %d in all; "
            + "dpctl/ct-get-limits shows the zones' limits");
  }

  /** Tells the news in {@code text}, which has places for it, for all that there was, and more. */
  private void tell(Notice notice, long now, LogLevel level, String text, Object... more) {
    long since = notice.since(now);
    if (since != 0) {
      Stream<Object> counts = Stream.of(since, now);
      log.log(notice.limit, level, text, Stream.concat(counts, Stream.of(more)).toArray());
    }
  }

  private long tellTooBig(String family, long now, long before) {
    if (now != before) {
      log.warn("Unsupported big reassembled %s packet", family);
    }
    return now;
  }
}
