package org.sluice.vswitchd.ofproto;

import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.SharedActions;
import org.sluice.openflow.message.FlowMod;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.translate.Effect.LearnRule;

/** What the learn action does to the tables. Under the writer lock. */
final class LearnedRules {
  private LearnedRules() {}

  /**
   * Adds the rule that a packet taught at {@code taughtNs}, or keeps the one that is there, where
   * that is the same or of a later packet; says whether any table has changed.
   */
  static boolean learn(FlowTables tables, LearnRule learned, long taughtNs) {
    Classifier table = tables.table(learned.table());
    Rule old = table.find(learned.match(), learned.priority());
    if (old != null && isSame(old, learned)) {
      old.refresh(taughtNs);
      return false;
    }
    boolean isLate = old != null && old.modifiedNs() > taughtNs;
    if (isLate || !mayLearn(table, learned, tables.versions().current())) {
      return false;
    }
    return tables.apply(flowMod(learned), Origin.NOBODY, taughtNs) == null;
  }

  /** Whether the rule is within its limit. Any thread. */
  static boolean mayLearn(Classifier table, LearnRule learned, long version) {
    return learned.limit() == 0
        || table.find(learned.match(), learned.priority(), version) != null
        || count(table, learned.cookie(), version) < learned.limit();
  }

  private static int count(Classifier table, long cookie, long version) {
    int[] count = {0};
    table.forEach(version, rule -> count[0] += rule.cookie() == cookie && !rule.isHidden() ? 1 : 0);
    return count[0];
  }

  private static boolean isSame(Rule old, LearnRule learned) {
    return old.cookie() == learned.cookie()
        && old.timeouts().equals(learned.timeouts())
        && old.actions().equals(learned.actions());
  }

  private static FlowMod flowMod(LearnRule learned) {
    boolean tells = (learned.flags() & Learn.SEND_FLOW_REMOVED) != 0;
    return FlowMod.builder()
        .table(learned.table())
        .command(FlowMod.Command.MODIFY_STRICT)
        .match(learned.match())
        .priority(learned.priority())
        .cookie(new FlowMod.Cookie(0, 0, learned.cookie(), true))
        .timeouts(learned.timeouts())
        .flags(tells ? FlowMod.SEND_FLOW_REMOVED : 0)
        .actions(SharedActions.of(learned.actions()))
        .build();
  }
}
