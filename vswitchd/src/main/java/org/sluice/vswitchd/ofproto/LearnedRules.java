package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.message.FlowMod;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.translate.Effect.LearnRule;

/** What the learn action does to the tables. Under the writer lock. */
final class LearnedRules {
  private LearnedRules() {}

  /** Adds the rule, or keeps the one that is there; says whether any table has changed. */
  static boolean learn(FlowTables tables, LearnRule learned, long nowNs) {
    Rule old = tables.table(learned.table()).find(learned.match(), learned.priority());
    if (old != null && isSame(old, learned)) {
      old.refresh(nowNs);
      return false;
    }
    if (old == null
        && learned.limit() != 0
        && count(tables, learned.table(), learned.cookie()) >= learned.limit()) {
      return false;
    }
    return tables.apply(flowMod(learned), Origin.NOBODY, nowNs) == null;
  }

  /** Rules of {@code table} with {@code cookie}. */
  static int count(FlowTables tables, int table, long cookie) {
    List<Rule> found = new ArrayList<>();
    tables
        .table(table)
        .forEach(
            tables.versions().current(),
            rule -> {
              if (rule.cookie() == cookie && !rule.isHidden()) {
                found.add(rule);
              }
            });
    return found.size();
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
        .actions(learned.actions())
        .build();
  }
}
