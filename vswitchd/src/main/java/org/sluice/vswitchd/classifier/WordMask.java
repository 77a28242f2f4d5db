package org.sluice.vswitchd.classifier;

import java.util.Arrays;
import org.sluice.datapath.flow.FlowMask;

/**
 * A mask as the few words that it has any bit in: what a rule looks at are two or three words of
 * ninety. Immutable.
 */
final class WordMask {
  private final int[] positions;
  private final long[] bits;

  WordMask(FlowMask mask) {
    long[] words = mask.words();
    int[] at = new int[words.length];
    int used = 0;
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        at[used++] = i;
      }
    }
    positions = Arrays.copyOf(at, used);
    bits = new long[used];
    for (int i = 0; i < used; i++) {
      bits[i] = words[positions[i]];
    }
  }

  /** How many words it has. */
  int size() {
    return bits.length;
  }

  /** The {@code index}th masked word of {@code words}, those of a whole key. */
  long masked(long[] words, int index) {
    return words[positions[index]] & bits[index];
  }

  /** Has {@code wider} cover what this does. */
  void addTo(FlowMask wider) {
    long[] words = wider.words();
    for (int i = 0; i < bits.length; i++) {
      words[positions[i]] |= bits[i];
    }
  }
}
