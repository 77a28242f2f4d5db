package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;

/**
 * Lets the rest of a list depend on how long the packet is. A megaflow serves packets of any
 * length, so the rest is run twice, once for each answer, and the datapath chooses packet by
 * packet.
 */
final class LengthStep {
  private final Walk walk;
  private final ActionWalker actions;

  LengthStep(Walk walk, ActionWalker actions) {
    this.walk = walk;
    this.actions = actions;
  }

  /**
   * Runs {@code rest} for packets that are larger and for those that are not; nothing after it sees
   * what it did.
   */
  void check(OfAction.CheckPacketLarger check, List<OfAction> rest) {
    actions.committer().commit();
    Retained retained = Retained.of(walk);
    List<DpAction> larger = branch(check.target(), 1, rest);
    boolean exit = walk.exit;
    retained.restore(walk, true);
    Retained again = Retained.of(walk);
    walk.exit = false;
    List<DpAction> others = branch(check.target(), 0, rest);
    again.restore(walk, true);
    walk.exit = exit; // as in Open vSwitch, whatever the others come to
    walk.actions.add(new DpAction.CheckLength(check.bytes(), larger, others));
  }

  private List<DpAction> branch(FieldSlice target, int answer, List<OfAction> rest) {
    int start = walk.actions.size();
    actions.fields().assign(target, answer);
    actions.run(rest, true);
    actions.finish();
    return walk.actions.takeFrom(start);
  }
}
