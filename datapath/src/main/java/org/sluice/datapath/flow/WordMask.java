package org.sluice.datapath.flow;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A mask as the few words that it has any bit in: what a rule looks at are two or three words of
 * ninety. Immutable.
 *
 * <p>Rules by the hundred thousand have a handful of masks between them, so {@link #of} hands out
 * the same object again where it can.
 */
public final class WordMask {
  private static final int KNOWN = 1024;
  private static final AtomicReferenceArray<WordMask> LATEST = new AtomicReferenceArray<>(KNOWN);

  private final int[] positions;
  private final long[] bits;
  private final int hash;

  private WordMask(int[] positions, long[] bits) {
    this.positions = positions;
    this.bits = bits;
    this.hash = 31 * Arrays.hashCode(positions) + Arrays.hashCode(bits);
  }

  /** The same mask. */
  public static WordMask of(FlowMask mask) {
    WordMask made = make(mask);
    int slot = (made.hash ^ made.hash >>> 16) & KNOWN - 1;
    WordMask known = LATEST.get(slot);
    if (made.equals(known)) {
      return known;
    }
    LATEST.set(slot, made);
    return made;
  }

  private static WordMask make(FlowMask mask) {
    long[] words = mask.words;
    int used = 0;
    for (long word : words) {
      used += word != 0 ? 1 : 0;
    }
    int[] positions = new int[used];
    long[] bits = new long[used];
    for (int i = 0, next = 0; next < used; i++) {
      if (words[i] != 0) {
        positions[next] = i;
        bits[next++] = words[i];
      }
    }
    return new WordMask(positions, bits);
  }

  /** Which of its words is the one at {@code position} of a whole mask; negative for none. */
  int index(int position) {
    return Arrays.binarySearch(positions, position);
  }

  /** How many words it has. */
  public int size() {
    return bits.length;
  }

  /** The {@code index}th masked word of {@code words}, those of a whole key. */
  public long masked(long[] words, int index) {
    return words[positions[index]] & bits[index];
  }

  /** All of {@link #masked}, in order. */
  public long[] masked(FlowKey key) {
    long[] values = new long[bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = masked(key.words, i);
    }
    return values;
  }

  /** Whether {@code key} has {@code values} under this mask. */
  public boolean agrees(FlowKey key, long[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != masked(key.words, i)) {
        return false;
      }
    }
    return true;
  }

  /** Has {@code wider} cover what this does. */
  public void addTo(FlowMask wider) {
    for (int i = 0; i < bits.length; i++) {
      wider.words[positions[i]] |= bits[i];
    }
  }

  /** The same mask, whole. */
  public FlowMask toFlowMask() {
    FlowMask whole = new FlowMask();
    addTo(whole);
    return whole;
  }

  /** Puts {@code values}, one for each word, where they belong in a key. */
  FlowKey toFlowKey(long[] values) {
    FlowKey whole = new FlowKey();
    for (int i = 0; i < values.length; i++) {
      whole.words[positions[i]] = values[i];
    }
    return whole;
  }

  /** Whether every bit that {@code other} covers is covered here too. */
  public boolean includes(WordMask other) {
    int at = 0;
    for (int i = 0; i < other.bits.length; i++) {
      at = seek(other.positions[i], at);
      if (at == bits.length || positions[at] != other.positions[i]) {
        return false;
      }
      if ((other.bits[i] & ~bits[at]) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether {@code values} under this mask and {@code others} under {@code other} are the same in
   * every bit that both cover.
   */
  boolean agree(long[] values, WordMask other, long[] others) {
    int at = 0;
    for (int i = 0; i < others.length; i++) {
      at = seek(other.positions[i], at);
      if (at == bits.length) {
        return true;
      }
      boolean isShared = positions[at] == other.positions[i];
      if (isShared && ((values[at] ^ others[i]) & bits[at] & other.bits[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The first index from {@code from} on whose position is not before {@code position}. */
  private int seek(int position, int from) {
    int at = from;
    while (at < positions.length && positions[at] < position) {
      at++;
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof WordMask mask
            && hash == mask.hash
            && Arrays.equals(positions, mask.positions)
            && Arrays.equals(bits, mask.bits));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
