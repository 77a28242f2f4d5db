package org.sluice.vswitchd.ofproto;

import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.vswitchd.classifier.Rule;

/**
 * What became of a rule.
 *
 * @param before null where it is new
 * @param after null where it went
 * @param reason why it went; null where it did not
 * @param command what asked for it; null where nothing did
 */
record RuleChange(Rule before, Rule after, FlowRemoved.Reason reason, FlowMod.Command command) {
  static RuleChange removed(Rule rule, FlowRemoved.Reason reason) {
    return new RuleChange(rule, null, reason, null);
  }

  /** The rule that it is about: as it is now, or as it was last. */
  Rule rule() {
    return after == null ? before : after;
  }
}
