package org.sluice.vswitchd.ofproto;

import java.util.Map;

/**
 * Lets a connection's packet-ins through up to its {@link PacketInLimit}, and counts the rest. Open
 * vSwitch holds some of the rest back for later; a packet whose controller is late by that much is
 * better sent again by its sender. Any thread may ask.
 */
final class PacketInLimiter {
  private static final long SECOND_NS = 1_000_000_000;

  private final PacketInLimit limit;

  /** What is left, in packets times a second. */
  private long credit;

  private long filledNs;
  private long sent;
  private long dropped;

  /** Begins with a whole burst. */
  PacketInLimiter(PacketInLimit limit, long nowNs) {
    this.limit = limit;
    this.credit = limit.burst() * SECOND_NS;
    this.filledNs = nowNs;
  }

  /** Whether one more may go. */
  synchronized boolean admits(long nowNs) {
    if (limit.perSecond() == 0) {
      return true;
    }
    boolean admitted = take(nowNs);
    sent += admitted ? 1 : 0;
    dropped += admitted ? 0 : 1;
    return admitted;
  }

  private boolean take(long nowNs) {
    long full = limit.burst() * SECOND_NS;
    long elapsedNs = Math.min(Math.max(0, nowNs - filledNs), full / limit.perSecond() + 1);
    credit = Math.min(full, credit + elapsedNs * limit.perSecond());
    filledNs = Math.max(filledNs, nowNs);
    if (credit < SECOND_NS) {
      return false;
    }
    credit -= SECOND_NS;
    return true;
  }

  /**
   * What came of the packet-ins of one kind, under the names that a Controller's status has for it;
   * nothing where there is no limit.
   */
  synchronized Map<String, String> status(String kind) {
    if (limit.perSecond() == 0) {
      return Map.of();
    }
    String prefix = "packet-in-" + kind + "-";
    return Map.of(
        prefix + "backlog",
        "0",
        prefix + "bypassed",
        Long.toString(sent),
        prefix + "queued",
        "0",
        prefix + "dropped",
        Long.toString(dropped));
  }
}
