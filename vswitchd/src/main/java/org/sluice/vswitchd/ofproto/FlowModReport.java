package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowMod;

/**
 * How many flow mods a session has sent, for a line in the log: the first ten seconds after a quiet
 * time together, from then on a minute at a time. Any thread.
 */
final class FlowModReport {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long GATHER_NS = 10 * SECOND_NS;
  private static final long PAUSE_NS = 60 * SECOND_NS;
  private static final long NEVER = Long.MAX_VALUE;

  private int adds;
  private int deletes;
  private int modifications;
  private long firstNs;
  private long lastNs;
  private long dueNs = NEVER;
  private long notBeforeNs = Long.MIN_VALUE;

  /** Counts some that were carried out. */
  synchronized void count(FlowMod.Command command, int count, long nowNs) {
    if (dueNs == NEVER) {
      firstNs = nowNs;
      dueNs = Math.max(nowNs + GATHER_NS, notBeforeNs);
      notBeforeNs = dueNs + PAUSE_NS;
    }
    lastNs = nowNs;
    switch (command) {
      case ADD -> adds += count;
      case MODIFY, MODIFY_STRICT -> modifications += count;
      case DELETE, DELETE_STRICT -> deletes += count;
    }
  }

  synchronized boolean isDue(long nowNs) {
    return nowNs >= dueNs;
  }

  /** What came since the last report, which begins anew; null for nothing. */
  synchronized String take(long nowNs) {
    int count = adds + deletes + modifications;
    String text = count == 0 ? null : count + " flow_mods " + when(nowNs) + " (" + kinds() + ")";
    adds = 0;
    deletes = 0;
    modifications = 0;
    dueNs = NEVER;
    return text;
  }

  private String when(long nowNs) {
    long agoS = (nowNs - firstNs) / SECOND_NS;
    long intervalS = (lastNs - firstNs) / SECOND_NS;
    if (intervalS == agoS) {
      return "in the last " + agoS + " s";
    }
    return intervalS == 0
        ? agoS + " s ago"
        : "in the " + intervalS + " s starting " + agoS + " s ago";
  }

  private String kinds() {
    List<String> kinds = new ArrayList<>();
    addKind(kinds, adds, "adds");
    addKind(kinds, deletes, "deletes");
    addKind(kinds, modifications, "modifications");
    return String.join(", ", kinds);
  }

  private static void addKind(List<String> kinds, int count, String name) {
    if (count > 0) {
      kinds.add(count + " " + name);
    }
  }
}
