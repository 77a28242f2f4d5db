package org.sluice.datapath.datapath;

import java.util.Arrays;

/**
 * The trajectories of one packet thread, by slot, so that a microflow off heap can refer to them.
 * Slots are used again; each trajectory has a number of its own that tells whether a reference is
 * stale. Owned by that thread.
 */
final class TrajectoryTable {
  private static final int MAX_TRAJECTORIES = 1 << 20;

  private Trajectory[] slots = new Trajectory[64];
  private int[] freeSlots = new int[64];
  private int freeCount;
  private int used;
  private int lastId;

  /** The trajectory that a reference means; null where it is no more. */
  Trajectory get(int slot, int id) {
    Trajectory found = slots[slot];
    return found != null && found.id == id ? found : null;
  }

  /** The trajectory that was recorded, made if need be; null where none can be. */
  Trajectory intern(TrajectoryRecorder recorder) {
    for (Trajectory known : recorder.last().trajectories) {
      if (recorder.isOf(known)) {
        return known;
      }
    }
    Trajectory made = recorder.finish();
    if (made == null || (freeCount == 0 && used == MAX_TRAJECTORIES)) {
      return null;
    }
    add(made);
    return made;
  }

  private void add(Trajectory made) {
    int slot = freeCount > 0 ? freeSlots[--freeCount] : used++;
    if (slot == slots.length) {
      slots = Arrays.copyOf(slots, slot * 2);
    }
    slots[slot] = made;
    made.slot = slot;
    made.id = ++lastId;
    for (Megaflow megaflow : made.chain) {
      megaflow.trajectories.add(made);
    }
  }

  /** Ends all trajectories through a megaflow that goes or changes. */
  void removeAll(Megaflow megaflow) {
    while (!megaflow.trajectories.isEmpty()) {
      remove(megaflow.trajectories.getLast());
    }
  }

  private void remove(Trajectory gone) {
    slots[gone.slot] = null;
    if (freeCount == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
    }
    freeSlots[freeCount++] = gone.slot;
    for (Megaflow megaflow : gone.chain) {
      megaflow.trajectories.remove(gone);
    }
  }
}
