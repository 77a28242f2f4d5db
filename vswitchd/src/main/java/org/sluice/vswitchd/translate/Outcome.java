package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;

/**
 * What a translation came to.
 *
 * @param actions for the datapath; empty to drop
 * @param mask every bit of the packet that the walk looked at
 * @param drop why {@code actions} is empty; null where it is not
 * @param failed whether the walk broke off in an error, whose reason {@code drop} is
 * @param install whether later packets may be treated alike
 * @param effects what else is to happen, for this packet and all alike
 * @param finalKey the packet as the walk left it
 * @param forks where copies will come back for more
 */
public record Outcome(
    List<DpAction> actions,
    FlowMask mask,
    DropReason drop,
    boolean failed,
    boolean install,
    List<Effect> effects,
    FlowKey finalKey,
    List<Fork> forks) {
  public Outcome {
    actions = List.copyOf(actions);
    effects = List.copyOf(effects);
    forks = List.copyOf(forks);
  }

  /** The same for this packet only. */
  Outcome once() {
    return new Outcome(actions, mask, drop, failed, false, effects, finalKey, forks);
  }

  /**
   * A copy of the packet that comes back under {@code recircId}.
   *
   * @param key the packet as it was then, without what tracking finds
   * @param nat the translation that tracking was asked for; null for none
   */
  public record Fork(int recircId, FlowKey key, int zone, DpAction.Nat nat) {}
}
