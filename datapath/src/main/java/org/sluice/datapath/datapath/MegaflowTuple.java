package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * The megaflows that share one mask: one probe of a {@link MegaflowTable}. Owned by one packet
 * thread; mask and word lists never change.
 *
 * <p>The mask is held as the list of words that it covers anything of, and a megaflow's values as
 * the same words, so that comparing costs what is looked at and not what could be. Which input
 * ports and recirculations occur at all is kept as 64 bits (and how often, for when the last one
 * leaves): a lookup whose bit is missing passes by without hashing.
 */
final class MegaflowTuple {
  private final FlowMask mask;
  private final int[] indices;
  private final long[] masks;
  private final MegaflowHash hash;
  private final MegaflowHash.Rest rest;
  private final long number;
  private final long ipv4Mask;
  private final long l4Mask;
  private final boolean byOrigin;
  private int count;
  private long origins;
  private final int[] originCounts = new int[Long.SIZE];

  /** Lookups that ended here since the table was sorted last. */
  long hits;

  MegaflowTuple(FlowMask mask, MegaflowHash hash, MegaflowHash.Rest rest) {
    this.mask = mask.copy();
    this.hash = hash;
    this.rest = rest;
    this.number = hash.next();
    long[] words = mask.words();
    this.ipv4Mask = words[Word.IPV4];
    this.l4Mask = words[Word.L4];
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

  /** What names of its megaflows begin with. */
  long seed() {
    return hash.seed();
  }

  /** What its mask covers of all but addresses and ports, to be shared. */
  MegaflowHash.Rest rest() {
    return rest;
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

  /**
   * The hash of a key's words; {@code lookup} is the number of the lookup, the same for all tuples.
   */
  int hash(long[] words, long lookup) {
    return MegaflowHash.finish(
        number
            + rest.sum(words, lookup)
            + (words[Word.IPV4] & ipv4Mask) * hash.multiplier(Word.IPV4)
            + (words[Word.L4] & l4Mask) * hash.multiplier(Word.L4));
  }

  /** The hash of every key that has the values. */
  int hashOfValues(long[] values) {
    long sum = number;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * hash.multiplier(indices[i]);
    }
    return MegaflowHash.finish(sum);
  }

  private static int originOf(long metaPort) {
    return (int) ((metaPort * 0x9e37_79b9_7f4a_7c15L) >>> 58);
  }

  /** What {@link #mayHold} takes for a key of this input port and recirculation. */
  static long originBit(long metaPort) {
    return 1L << originOf(metaPort);
  }

  /** Whether a key of this {@link #originBit} could be here. */
  boolean mayHold(long originBit) {
    return (origins & originBit) != 0 || !byOrigin;
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

  /** Notes that one megaflow more is here. */
  void add(Megaflow megaflow) {
    assert megaflow.tuple == this;
    count++;
    countOrigin(megaflow, 1);
  }

  /** Notes that one megaflow less is here. */
  void remove(Megaflow megaflow) {
    count--;
    countOrigin(megaflow, -1);
  }
}
