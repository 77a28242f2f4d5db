package org.sluice.vswitchd.translate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfAction;

/**
 * What of a walk a clone or another bridge must not change: taken before, put back after. In
 * between, stack and action set are empty.
 */
record Retained(
    FlowKey key,
    FlowKey base,
    Deque<FrozenState.StackValue> stack,
    List<OfAction> actionSet,
    boolean conntracked) {
  static Retained of(Walk walk) {
    Retained retained =
        new Retained(
            walk.key.copy(), walk.base.copy(), walk.stack, walk.actionSet, walk.conntracked);
    walk.stack = new ArrayDeque<>();
    walk.actionSet = new ArrayList<>();
    return retained;
  }

  /** Puts everything back; the packet itself only where the datapath worked on a copy. */
  void restore(Walk walk, boolean packetToo) {
    walk.key.copyFrom(key);
    if (packetToo) {
      walk.base.copyFrom(base);
    }
    walk.stack = stack;
    walk.actionSet = actionSet;
    walk.conntracked = conntracked;
  }
}
