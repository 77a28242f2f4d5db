package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * The hash of a key's words under a tuple's mask: the sum of the masked words, each times a random
 * number that belongs to the word, and of a number that belongs to the tuple.
 *
 * <pre>
 *   tuple's number + (IPV4 &amp; mask) * m[IPV4] + (L4 &amp; mask) * m[L4] + rest
 *   rest = sum of (word &amp; mask) * m[word] over all other words
 * </pre>
 *
 * <p>What tells masks apart are addresses and ports, mostly; the rest is the same bits for all. A
 * sum can be taken in parts, so the rest is computed once for a lookup and all the tuples that
 * share it, and each tuple adds two products. Owned by one packet thread.
 */
final class MegaflowHash {
  private final long[] multipliers = new long[Word.DATAPATH_COUNT];
  private final long seed;
  private long state;

  MegaflowHash(long seed) {
    this.seed = seed;
    state = seed;
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = next() | 1;
    }
  }

  /** A number as good as random. Steele, Lea, Flood: Fast splittable pseudorandom generators. */
  long next() {
    state += 0x9e37_79b9_7f4a_7c15L;
    long mixed = (state ^ (state >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** What it began with. */
  long seed() {
    return seed;
  }

  long multiplier(int word) {
    return multipliers[word];
  }

  /** The hash for a sum; never 0. Its lowest bit is always set. */
  static int finish(long sum) {
    return (int) (((sum ^ (sum >>> 32)) * 0xd6e8_feb8_6659_fd93L) >>> 32) | 1;
  }

  /** The part of a mask's sum that many tuples share; keeps the last lookup's. */
  final class Rest {
    private final FlowMask mask;
    private final int[] positions;
    private long lookup;
    private long sum;

    Rest(FlowMask whole) {
      mask = without(whole);
      int[] at = new int[Word.DATAPATH_COUNT];
      int used = 0;
      for (int i = 0; i < Word.DATAPATH_COUNT; i++) {
        if (mask.word(i) != 0) {
          at[used++] = i;
        }
      }
      positions = Arrays.copyOf(at, used);
    }

    private static FlowMask without(FlowMask whole) {
      FlowMask rest = whole.copy();
      rest.words()[Word.IPV4] = 0;
      rest.words()[Word.L4] = 0;
      return rest;
    }

    /** Whether it is the rest of this mask. */
    boolean isOf(FlowMask whole) {
      return mask.equals(without(whole));
    }

    /** The sum over a key's words in the lookup of this number, which is not 0. */
    long sum(long[] words, long number) {
      if (lookup != number) {
        lookup = number;
        sum = sum(words);
      }
      return sum;
    }

    private long sum(long[] words) {
      long total = 0;
      for (int position : positions) {
        total += (words[position] & mask.word(position)) * multipliers[position];
      }
      return total;
    }
  }
}
