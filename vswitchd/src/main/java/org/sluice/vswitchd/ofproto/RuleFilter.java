package org.sluice.vswitchd.ofproto;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Multipart.FlowQuery;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Which rules a request means.
 *
 * @param table {@link FlowMod#ANY_TABLE} for all that are not hidden
 * @param match for rules that match no more than this does
 */
record RuleFilter(int table, Match match, long cookie, long cookieMask, FlowMod.Filter out) {
  /** Every rule that is not hidden. */
  static final RuleFilter ALL =
      new RuleFilter(FlowMod.ANY_TABLE, Match.any(), 0, 0, FlowMod.Filter.NONE);

  /** Every rule of {@code table} that is not hidden. */
  static RuleFilter inTable(int table) {
    return new RuleFilter(table, Match.any(), 0, 0, FlowMod.Filter.NONE);
  }

  static RuleFilter of(FlowQuery query) {
    return new RuleFilter(
        query.table(), query.match(), query.cookie(), query.cookieMask(), query.filter());
  }

  /** For a strict one of those that this means only the rule of its match and priority is meant. */
  static RuleFilter of(FlowMod mod) {
    FlowMod.Filter out = mod.command().isDelete() ? mod.filter() : FlowMod.Filter.NONE;
    return new RuleFilter(mod.table(), mod.match(), mod.cookie().match(), mod.cookie().mask(), out);
  }

  /** The groups that {@code actions} send packets through. */
  static Set<Integer> groups(List<OfAction> actions) {
    Set<Integer> groups = new HashSet<>();
    for (OfAction action : actions) {
      switch (action) {
        case OfAction.Group run -> groups.add(run.groupId());
        case OfAction.WriteActions write -> groups.addAll(groups(write.actions()));
        case OfAction.Clone clone -> groups.addAll(groups(clone.actions()));
        default -> {}
      }
    }
    return groups;
  }

  /** Whether {@code rule}, whose match has been looked at already, is meant. */
  boolean accepts(Rule rule) {
    return ((rule.cookie() ^ cookie) & cookieMask) == 0
        && !rule.isHidden()
        && sends(rule.actions(), out);
  }

  /** Whether {@code actions} output to the port and the group that {@code out} names. */
  static boolean sends(List<OfAction> actions, FlowMod.Filter out) {
    return (out.outPort() == OfPort.ANY || outputsTo(actions, out.outPort()))
        && (out.outGroup() == FlowMod.Filter.ANY_GROUP || runs(actions, out.outGroup()));
  }

  private static boolean outputsTo(List<OfAction> actions, int port) {
    for (OfAction action : actions) {
      boolean found =
          switch (action) {
            case OfAction.Output output -> output.port() == port;
            case OfAction.OutputTruncated output -> output.port() == port;
            case OfAction.Enqueue enqueue -> enqueue.port() == port;
            case OfAction.Controller controller -> port == OfPort.CONTROLLER;
            case OfAction.WriteActions write -> outputsTo(write.actions(), port);
            case OfAction.Clone clone -> outputsTo(clone.actions(), port);
            default -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static boolean runs(List<OfAction> actions, int group) {
    for (OfAction action : actions) {
      boolean found =
          switch (action) {
            case OfAction.Group run -> run.groupId() == group;
            case OfAction.WriteActions write -> runs(write.actions(), group);
            case OfAction.Clone clone -> runs(clone.actions(), group);
            default -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }
}
