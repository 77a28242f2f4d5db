package org.sluice.datapath.datapath;

import java.util.Arrays;

/**
 * The megaflows of all tuples of one packet thread in one hash table.
 *
 * <p>A lookup asks for as many places as there are tuples, and most are empty. So the table is at
 * most a quarter full, hashes lie apart from what they stand for, and before they are read a bit
 * for each hash tells whether any megaflow has one like it: a sixteenth of the bits at most is set,
 * and those of 10,000 megaflows are 32 kB, so that a probe that finds nothing is mostly one access
 * to the nearest cache. Open, with linear probing; removal closes the gap, so there are no
 * tombstones.
 *
 * <pre>
 *   hash      | filter's place, {@value #FILTER_BITS} bits longer than a slot's | 1 |
 *                                    | home slot                                | 1 |
 * </pre>
 *
 * <p>Hashes that share a bit of the filter so share a home slot, and removing one finds the others
 * in the slots behind it.
 */
final class MegaflowIndex {
  private static final int INITIAL_SLOTS = 64;
  private static final int SPARSENESS = 4;
  private static final int FILTER_BITS = 2;

  /** 0 where a slot is empty. */
  private int[] hashes = new int[INITIAL_SLOTS];

  private Megaflow[] slots = new Megaflow[INITIAL_SLOTS];

  /** Which hashes there are, as far as this many bits can tell. */
  private long[] filter = newFilter(INITIAL_SLOTS);

  private int count;

  /** The tuple's megaflow that agrees with a key of this hash; null where there is none. */
  Megaflow find(MegaflowTuple tuple, int hash, long[] words) {
    if (!mayHave(hash)) {
      return null;
    }
    int[] all = hashes;
    int last = all.length - 1;
    for (int at = hash >>> 1 & last; all[at] != 0; at = (at + 1) & last) {
      if (all[at] == hash && slots[at].tuple == tuple && tuple.agrees(slots[at].values, words)) {
        return slots[at];
      }
    }
    return null;
  }

  private static long[] newFilter(int slots) {
    return new long[(slots << FILTER_BITS) / Long.SIZE];
  }

  private boolean mayHave(int hash) {
    long[] bits = filter;
    int place = filterPlace(hash);
    return (bits[place / Long.SIZE & bits.length - 1] >>> place & 1) != 0;
  }

  /** Its lowest bits, as many as the filter has a use for, are the place. */
  private static int filterPlace(int hash) {
    return hash >>> 1;
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
    int place = filterPlace(megaflow.hash);
    filter[place / Long.SIZE & filter.length - 1] |= 1L << place;
  }

  private void grow() {
    Megaflow[] old = slots;
    slots = new Megaflow[old.length * 2];
    hashes = new int[slots.length];
    filter = newFilter(slots.length);
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
    forget(megaflow.hash);
    return true;
  }

  /** Clears the bit of a hash that has gone, unless another has the same. */
  private void forget(int hash) {
    int last = hashes.length - 1;
    int mask = (hashes.length << FILTER_BITS) - 1;
    for (int at = hash >>> 1 & last; hashes[at] != 0; at = (at + 1) & last) {
      if (((hashes[at] ^ hash) >>> 1 & mask) == 0) {
        return;
      }
    }
    int place = filterPlace(hash);
    filter[place / Long.SIZE & filter.length - 1] &= ~(1L << place);
  }

  private void clear(int slot) {
    slots[slot] = null;
    hashes[slot] = 0;
  }
}
