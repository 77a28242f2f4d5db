package org.sluice.datapath.datapath;

import java.util.Arrays;

/**
 * The trajectories through one megaflow, in no order. Each remembers its place here for every
 * megaflow of its chain, so taking one out costs the same however many there are: the last moves
 * into the gap. Owned by one packet thread.
 */
final class TrajectoryList {
  private static final Trajectory[] NONE = {};

  private final Megaflow owner;
  private Trajectory[] members = NONE;
  private int size;

  TrajectoryList(Megaflow owner) {
    this.owner = owner;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  Trajectory get(int place) {
    return members[place];
  }

  Trajectory last() {
    return members[size - 1];
  }

  /** Takes in a trajectory whose chain has the owner at {@code index}. */
  void add(Trajectory added, int index) {
    if (size == members.length) {
      members = Arrays.copyOf(members, Math.max(1, size * 2));
    }
    added.places[index] = size;
    members[size++] = added;
  }

  /** Takes out a trajectory whose chain has the owner at {@code index}. */
  void remove(Trajectory gone, int index) {
    int place = gone.places[index];
    assert members[place] == gone;
    Trajectory moved = members[--size];
    members[size] = null;
    if (place != size) {
      members[place] = moved;
      moved.places[moved.indexOf(owner, size)] = place;
    }
  }
}
