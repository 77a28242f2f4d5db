package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.GroupMod;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.l2.MacTable;

/**
 * Something that a packet's way causes beside its forwarding: returned by the translation,
 * performed by its caller, again for every later packet that a megaflow carries.
 */
public sealed interface Effect {
  /** A packet crossed a rule. */
  record Crossed(Rule rule) implements Effect {}

  /** A packet went through a group: through {@code bucket}, or all where that is null. */
  record CrossedGroup(Group group, GroupMod.Bucket bucket) implements Effect {}

  /** A packet was looked up in a table. */
  record LookedUp(BridgeView bridge, int table, boolean matched) implements Effect {}

  /** A station was heard. */
  record LearnStation(BridgeView bridge, MacTable.Sighting sighting) implements Effect {}

  /**
   * A learn action ran: the rule exists from now on, or its timeouts start again.
   *
   * @param flags bits of {@link org.sluice.openflow.action.Learn}
   * @param limit how many rules with this table and cookie there may be; 0 = any number
   */
  record LearnRule(
      BridgeView bridge,
      int table,
      Match match,
      int priority,
      long cookie,
      Timeouts timeouts,
      int flags,
      int limit,
      List<OfAction> actions)
      implements Effect {
    public LearnRule {
      actions = List.copyOf(actions);
    }
  }

  /** A TCP connection that a rule carried has ended, if the packet had FIN or RST. */
  record ShortenTimeouts(BridgeView bridge, Rule rule, Timeouts timeouts) implements Effect {}
}
