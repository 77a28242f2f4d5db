package org.sluice.datapath.datapath;

import java.util.Arrays;

/**
 * The megaflows of all tuples of one packet thread in one hash table.
 *
 * <p>A lookup asks for as many places as there are tuples, and most are empty. So the table is at
 * most a quarter full, hashes lie apart from what they stand for, and a probe that finds nothing
 * reads four bytes. Open, with linear probing; removal closes the gap, so there are no tombstones.
 */
final class MegaflowIndex {
  private static final int INITIAL_SLOTS = 64;
  private static final int SPARSENESS = 4;

  /** 0 where a slot is empty. */
  private int[] hashes = new int[INITIAL_SLOTS];

  private Megaflow[] slots = new Megaflow[INITIAL_SLOTS];
  private int count;

  /** The tuple's megaflow that agrees with a key of this hash; null where there is none. */
  Megaflow find(MegaflowTuple tuple, int hash, long[] words) {
    int[] all = hashes;
    int last = all.length - 1;
    for (int at = hash >>> 1 & last; all[at] != 0; at = (at + 1) & last) {
      if (all[at] == hash && slots[at].tuple == tuple && tuple.agrees(slots[at].values, words)) {
        return slots[at];
      }
    }
    return null;
  }

  void insert(Megaflow megaflow) {
    if (++count * SPARSENESS > slots.length) {
      grow();
    }
    place(megaflow);
  }

  private void place(Megaflow megaflow) {
    int last = slots.length - 1;
    int at = megaflow.hash >>> 1 & last;
    while (hashes[at] != 0) {
      at = (at + 1) & last;
    }
    slots[at] = megaflow;
    hashes[at] = megaflow.hash;
  }

  private void grow() {
    Megaflow[] old = slots;
    slots = new Megaflow[old.length * 2];
    hashes = new int[slots.length];
    Arrays.stream(old).filter(each -> each != null).forEach(this::place);
  }

  /** Takes a megaflow out, if it is here, and moves up those that had made way for it. */
  boolean remove(Megaflow megaflow) {
    int last = slots.length - 1;
    int at = megaflow.hash >>> 1 & last;
    while (slots[at] != megaflow) {
      if (slots[at] == null) {
        return false;
      }
      at = (at + 1) & last;
    }
    clear(at);
    count--;
    for (int next = (at + 1) & last; slots[next] != null; next = (next + 1) & last) {
      Megaflow moved = slots[next];
      clear(next);
      place(moved);
    }
    return true;
  }

  private void clear(int slot) {
    slots[slot] = null;
    hashes[slot] = 0;
  }
}
