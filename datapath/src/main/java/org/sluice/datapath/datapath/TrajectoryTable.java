package org.sluice.datapath.datapath;

import java.util.Arrays;

/**
 * The trajectories of one packet thread, by slot, so that a microflow off heap can refer to them.
 * Slots are used again; each trajectory has a number of its own that tells whether a reference is
 * stale.
 *
 * <p>A megaflow that many ways lead through, such as the first one of a policy that tracks
 * connections, may have a hundred thousand of them. So finding the one that was recorded is a probe
 * of a hash table (open, linear, at most half full, without tombstones), and ending one costs as
 * much as its chain is long. Ending all through a megaflow is done in portions. Owned by that
 * thread.
 */
final class TrajectoryTable {
  private static final int INITIAL_SLOTS = 64;

  private final int limit;
  private Trajectory[] slots = new Trajectory[INITIAL_SLOTS];
  private int[] freeSlots = new int[INITIAL_SLOTS];
  private int freeCount;
  private int used;
  private int lastId;
  private Trajectory[] index = new Trajectory[2 * INITIAL_SLOTS];

  /** A table of {@code limit} trajectories: as many as there are microflows to refer to them. */
  TrajectoryTable(int limit) {
    this.limit = limit;
  }

  /** The trajectory that a reference means; null where it is no more. */
  Trajectory get(int slot, int id) {
    Trajectory found = slots[slot];
    return found != null && found.id == id ? found : null;
  }

  /** Trajectories alive. */
  int count() {
    return used - freeCount;
  }

  /** The trajectory that was recorded, made if need be; null where none can be. */
  Trajectory intern(TrajectoryRecorder recorder) {
    Trajectory known = find(recorder);
    if (known != null) {
      return known;
    }
    if (recorder.meetsClosing() || count() >= limit) {
      return null;
    }
    Trajectory made = recorder.finish();
    if (made != null) {
      add(made);
    }
    return made;
  }

  private Trajectory find(TrajectoryRecorder recorder) {
    int hash = recorder.hash();
    int last = index.length - 1;
    for (int at = hash & last; index[at] != null; at = (at + 1) & last) {
      if (index[at].hash == hash && recorder.isOf(index[at])) {
        return index[at];
      }
    }
    return null;
  }

  private void add(Trajectory made) {
    int slot = freeCount > 0 ? freeSlots[--freeCount] : used++;
    if (slot == slots.length) {
      slots = Arrays.copyOf(slots, slot * 2);
    }
    slots[slot] = made;
    made.slot = slot;
    made.id = ++lastId;
    for (int i = 0; i < made.chain.length; i++) {
      made.chain[i].trajectories.add(made, i);
    }
    if (2 * count() > index.length) {
      growIndex();
    } else {
      place(made);
    }
  }

  private void growIndex() {
    index = new Trajectory[index.length * 2];
    for (Trajectory each : slots) {
      if (each != null) {
        place(each);
      }
    }
  }

  private void place(Trajectory placed) {
    int last = index.length - 1;
    int at = placed.hash & last;
    while (index[at] != null) {
      at = (at + 1) & last;
    }
    index[at] = placed;
  }

  /** Ends up to {@code most} trajectories through a megaflow; says how many it ended. */
  int end(Megaflow megaflow, int most) {
    int ended = 0;
    while (ended < most && !megaflow.trajectories.isEmpty()) {
      remove(megaflow.trajectories.last());
      ended++;
    }
    return ended;
  }

  private void remove(Trajectory gone) {
    slots[gone.slot] = null;
    if (freeCount == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
    }
    freeSlots[freeCount++] = gone.slot;
    for (int i = 0; i < gone.chain.length; i++) {
      gone.chain[i].trajectories.remove(gone, i);
    }
    unindex(gone);
  }

  /** Takes one out of the hash table and moves up those that had made way for it. */
  private void unindex(Trajectory gone) {
    int last = index.length - 1;
    int gap = gone.hash & last;
    while (index[gap] != gone) {
      gap = (gap + 1) & last;
    }
    index[gap] = null;
    for (int at = (gap + 1) & last; index[at] != null; at = (at + 1) & last) {
      int home = index[at].hash & last;
      if (((at - home) & last) >= ((at - gap) & last)) {
        index[gap] = index[at];
        index[at] = null;
        gap = at;
      }
    }
  }

  /** Whether all that this class promises of its structure holds; slow. */
  boolean isSound() {
    int alive = 0;
    for (int slot = 0; slot < slots.length; slot++) {
      Trajectory each = slots[slot];
      if (each != null) {
        alive++;
        if (each.slot != slot || !isIndexed(each) || !isListed(each)) {
          return false;
        }
      }
    }
    int indexed = 0;
    for (Trajectory each : index) {
      indexed += each == null ? 0 : 1;
    }
    return alive == count() && indexed == alive;
  }

  private boolean isIndexed(Trajectory wanted) {
    int last = index.length - 1;
    int at = wanted.hash & last;
    while (index[at] != null && index[at] != wanted) {
      at = (at + 1) & last;
    }
    return index[at] == wanted;
  }

  private static boolean isListed(Trajectory wanted) {
    for (int i = 0; i < wanted.chain.length; i++) {
      TrajectoryList list = wanted.chain[i].trajectories;
      int place = wanted.places[i];
      if (place >= list.size() || list.get(place) != wanted) {
        return false;
      }
    }
    return true;
  }
}
