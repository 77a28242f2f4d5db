package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;

/**
 * A rule and what it saw.
 *
 * @param ages how long ago the rule was added, hit and changed
 * @param counts -1 where not known
 */
public record FlowStats(
    int table,
    int priority,
    Match match,
    long cookie,
    FlowMod.Timeouts timeouts,
    Ages ages,
    FlowRemoved.Counts counts,
    int flags,
    int importance,
    List<OfAction> actions) {
  public FlowStats {
    actions = List.copyOf(actions);
  }

  /** The same, without the ages that only Open vSwitch's messages have. */
  public FlowStats withoutAges() {
    Ages duration = new Ages(ages.durationNs, -1, -1);
    return new FlowStats(
        table, priority, match, cookie, timeouts, duration, counts, flags, importance, actions);
  }

  /** Time since events; {@code idleS} and {@code hardS} in seconds, -1 where not known. */
  public record Ages(long durationNs, int idleS, int hardS) {}
}
