package org.sluice.vswitchd.ofproto;

import java.util.function.Supplier;
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
    long version = tables.versions().current();
    if (isLate || !mayLearn(table, learned, version, () -> tables.cookies(learned.table()))) {
      return false;
    }
    return tables.apply(flowMod(learned), Origin.NOBODY, taughtNs) == null;
  }

  /** Whether the rule is within its limit. Any thread that may ask {@code cookies}. */
  static boolean mayLearn(
      Classifier table, LearnRule learned, long version, Supplier<CookieCounts> cookies) {
    return learned.limit() == 0
        || table.find(learned.match(), learned.priority(), version) != null
        || cookies.get().get(learned.cookie()) < learned.limit();
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
