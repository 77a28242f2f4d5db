package org.sluice.datapath.flow;

/**
 * A key as those of its words that are not 0: of an ordinary packet's {@value Word#COUNT} about a
 * dozen. For whoever keeps many keys and seldom reads them. Immutable.
 */
public final class CompactKey {
  private final OptionLayout options;
  private final long[] values;

  /** A bit for each word that is kept: of the first 64, and of the rest. */
  private final long low;

  private final long high;

  /** Copies {@code key}. */
  public CompactKey(FlowKey key) {
    long first = 0;
    long rest = 0;
    for (int i = 0; i < Word.COUNT; i++) {
      long bit = key.words[i] == 0 ? 0 : 1L << i;
      first |= i < Long.SIZE ? bit : 0;
      rest |= i < Long.SIZE ? 0 : bit;
    }
    options = key.options;
    low = first;
    high = rest;
    values = new long[Long.bitCount(first) + Long.bitCount(rest)];
    int next = 0;
    for (int i = 0; i < Word.COUNT; i++) {
      if (key.words[i] != 0) {
        values[next++] = key.words[i];
      }
    }
  }

  /** The key, in one of the caller's own. */
  public FlowKey toFlowKey() {
    FlowKey key = new FlowKey();
    key.options = options;
    int next = 0;
    for (int i = 0; i < Word.COUNT; i++) {
      long bits = i < Long.SIZE ? low : high;
      if ((bits & 1L << i) != 0) {
        key.words[i] = values[next++];
      }
    }
    return key;
  }
}
