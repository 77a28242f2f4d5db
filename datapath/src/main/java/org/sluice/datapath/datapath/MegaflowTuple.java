package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * The megaflows that share one mask, in a hash table of their own: one probe of a {@link
 * MegaflowTable}. Owned by one packet thread; mask and word lists never change.
 *
 * <p>The mask is held as the list of words that it covers anything of, and a megaflow's values as
 * the same words, so that a probe costs what is looked at and not what could be. The table is open
 * with linear probing, at most half full; removal closes the gap, so there are no tombstones. Which
 * input ports and recirculations occur at all is kept as 64 bits (and how often, for when the last
 * one leaves): a lookup whose bit is missing passes by without hashing.
 */
final class MegaflowTuple {
  private static final int INITIAL_SLOTS = 8;

  private final FlowMask mask;
  private final int[] indices;
  private final long[] masks;
  private final long seed;
  private final boolean byOrigin;
  private Megaflow[] slots = new Megaflow[INITIAL_SLOTS];
  private int[] hashes = new int[INITIAL_SLOTS];
  private int count;
  private long origins;
  private final int[] originCounts = new int[Long.SIZE];

  /** Lookups that ended here since the table was sorted last. */
  long hits;

  MegaflowTuple(FlowMask mask, long seed) {
    this.mask = mask.copy();
    this.seed = seed;
    long[] words = mask.words();
    int[] covered = new int[Word.DATAPATH_COUNT];
    int used = 0;
    for (int i = 0; i < Word.DATAPATH_COUNT; i++) {
      if (words[i] != 0) {
        covered[used++] = i;
      }
    }
    this.indices = Arrays.copyOf(covered, used);
    this.masks = new long[used];
    for (int i = 0; i < used; i++) {
      masks[i] = words[indices[i]];
    }
    this.byOrigin = words[Word.META_PORT] == -1L;
  }

  FlowMask mask() {
    return mask;
  }

  int count() {
    return count;
  }

  /** Whether it is the tuple of {@code wanted}, as far as the datapath sees. */
  boolean isOf(FlowMask wanted) {
    return Arrays.equals(
        mask.words(), 0, Word.DATAPATH_COUNT, wanted.words(), 0, Word.DATAPATH_COUNT);
  }

  /** The words of a key that this mask covers, masked. */
  long[] gather(long[] words) {
    long[] values = new long[indices.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = words[indices[i]] & masks[i];
    }
    return values;
  }

  /** The opposite of {@link #gather}. */
  void scatter(long[] values, long[] words) {
    for (int i = 0; i < values.length; i++) {
      words[indices[i]] = values[i];
    }
  }

  /** The masked value of one word. */
  long valueOf(long[] values, int word) {
    int at = Arrays.binarySearch(indices, word);
    return at < 0 ? 0 : values[at];
  }

  /** Whether a key has the values. */
  boolean agrees(long[] values, long[] words) {
    for (int i = 0; i < indices.length; i++) {
      if ((words[indices[i]] & masks[i]) != values[i]) {
        return false;
      }
    }
    return true;
  }

  int hashOfValues(long[] values) {
    long hash = seed;
    for (long value : values) {
      hash = mix(hash, value);
    }
    return finish(hash);
  }

  private int hashOf(long[] words) {
    long hash = seed;
    for (int i = 0; i < indices.length; i++) {
      hash = mix(hash, words[indices[i]] & masks[i]);
    }
    return finish(hash);
  }

  private static long mix(long hash, long value) {
    return (Long.rotateLeft(hash, 23) ^ value) * 0x9e37_79b9_7f4a_7c15L;
  }

  private static int finish(long hash) {
    return (int) (((hash ^ (hash >>> 32)) * 0xd6e8_feb8_6659_fd93L) >>> 32);
  }

  private static int originOf(long metaPort) {
    return (int) ((metaPort * 0x9e37_79b9_7f4a_7c15L) >>> 58);
  }

  /** Whether a key of this input port and recirculation could be here. */
  boolean mayHold(long metaPort) {
    return (origins >>> originOf(metaPort) & 1) != 0 || !byOrigin;
  }

  private void countOrigin(Megaflow megaflow, int change) {
    int origin = originOf(byOrigin ? megaflow.values[0] : 0);
    originCounts[origin] += change;
    if (originCounts[origin] == 0) {
      origins &= ~(1L << origin);
    } else {
      origins |= 1L << origin;
    }
  }

  /** The megaflow that agrees with a key; null where there is none. */
  Megaflow find(long[] words) {
    int hash = hashOf(words);
    Megaflow[] table = slots;
    int last = table.length - 1;
    for (int at = hash & last; ; at = (at + 1) & last) {
      Megaflow megaflow = table[at];
      if (megaflow == null) {
        return null;
      }
      if (hashes[at] == hash && agrees(megaflow.values, words)) {
        return megaflow;
      }
    }
  }

  void insert(Megaflow megaflow) {
    assert megaflow.tuple == this;
    if ((count + 1) * 2 > slots.length) {
      grow();
    }
    place(megaflow);
    count++;
    countOrigin(megaflow, 1);
  }

  private void place(Megaflow megaflow) {
    int last = slots.length - 1;
    int at = megaflow.hash & last;
    while (slots[at] != null) {
      at = (at + 1) & last;
    }
    slots[at] = megaflow;
    hashes[at] = megaflow.hash;
  }

  private void grow() {
    Megaflow[] old = slots;
    slots = new Megaflow[old.length * 2];
    hashes = new int[slots.length];
    for (Megaflow megaflow : old) {
      if (megaflow != null) {
        place(megaflow);
      }
    }
  }

  /** Takes a megaflow out, if it is here, and moves up those that had made way for it. */
  boolean remove(Megaflow megaflow) {
    int last = slots.length - 1;
    int at = megaflow.hash & last;
    while (slots[at] != megaflow) {
      if (slots[at] == null) {
        return false;
      }
      at = (at + 1) & last;
    }
    slots[at] = null;
    count--;
    countOrigin(megaflow, -1);
    for (int next = (at + 1) & last; slots[next] != null; next = (next + 1) & last) {
      Megaflow moved = slots[next];
      slots[next] = null;
      place(moved);
    }
    return true;
  }
}
