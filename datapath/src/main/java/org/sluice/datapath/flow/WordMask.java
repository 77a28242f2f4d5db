package org.sluice.datapath.flow;

import java.security.SecureRandom;
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

  /** Where tunnel options lie, if there are any among the words. */
  private final OptionLayout options;

  /** Which positions have a word: bit <i>n</i> for position <i>n</i>, and for <i>n</i> + 64. */
  private final long upTo63;

  private final long from64;

  private WordMask(int[] positions, long[] bits, int hash, OptionLayout options) {
    assert Word.COUNT <= 128 : "more words than there are bits for them";
    this.positions = positions;
    this.bits = bits;
    this.hash = hash;
    this.options = options;
    long first = 0;
    long second = 0;
    for (int position : positions) {
      first |= position < 64 ? 1L << position : 0;
      second |= position < 64 ? 0 : 1L << position;
    }
    upTo63 = first;
    from64 = second;
  }

  /** The same mask. */
  public static WordMask of(FlowMask mask) {
    long[] words = mask.words;
    int used = 0;
    long mixed = 0;
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        used++;
        mixed = mixed(mixed + i, words[i]);
      }
    }
    int hash = narrowed(mixed);
    int slot = hash & KNOWN - 1;
    WordMask known = LATEST.get(slot);
    OptionLayout options = words[Word.TUN_OPTIONS] == 0 ? OptionLayout.NONE : mask.options;
    if (known == null
        || known.hash != hash
        || !known.options.equals(options)
        || !known.is(words, used)) {
      known = make(words, used, hash, options);
      LATEST.set(slot, known);
    }
    return known;
  }

  /** Whether these are the words of this mask, {@code used} of which are not 0. */
  private boolean is(long[] words, int used) {
    if (used != bits.length) {
      return false;
    }
    for (int i = 0; i < used; i++) {
      if (words[positions[i]] != bits[i]) {
        return false;
      }
    }
    return true;
  }

  private static WordMask make(long[] words, int used, int hash, OptionLayout options) {
    int[] positions = new int[used];
    long[] bits = new long[used];
    for (int i = 0, next = 0; next < used; i++) {
      if (words[i] != 0) {
        positions[next] = i;
        bits[next++] = words[i];
      }
    }
    return new WordMask(positions, bits, hash, options);
  }

  /** Which of its words is the one at {@code position} of a whole mask; negative for none. */
  int index(int position) {
    long present = position < 64 ? upTo63 : from64;
    long bit = 1L << position;
    if ((present & bit) == 0) {
      return -1;
    }
    int before = Long.bitCount(present & bit - 1);
    return position < 64 ? before : before + Long.bitCount(upTo63);
  }

  /** Whether there is a word at {@code first} or behind it, and before {@code end}. */
  boolean hasAny(int first, int end) {
    int at = seek(first, 0);
    return at < positions.length && positions[at] < end;
  }

  /** The word at {@code position} of a whole mask. */
  long word(int position) {
    int index = index(position);
    return index < 0 ? 0 : bits[index];
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

  /**
   * What hashes rest on, which nobody outside the process knows: hosts choose addresses that become
   * rules, and would else choose those that all fall into one chain. Made when a hash is first
   * asked for, which tools never do.
   */
  private static final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long START = RANDOM.nextLong();
    private static final long MULTIPLIER = RANDOM.nextLong() | 1;

    private Secret() {}
  }

  /** A hash of what {@code key} has under this mask: that of {@link #masked}. */
  public int hash(FlowKey key) {
    long hash = Secret.START;
    for (int i = 0; i < bits.length; i++) {
      hash = folded(hash ^ masked(key.words, i));
    }
    return narrowed(hash);
  }

  /** The hash of values that {@link #masked} gave; another one in each process. */
  public static int hash(long[] values) {
    long hash = Secret.START;
    for (long word : values) {
      hash = folded(hash ^ word);
    }
    return narrowed(hash);
  }

  private static int narrowed(long hash) {
    return (int) (hash ^ hash >>> 32);
  }

  /** Of what nobody gains by choosing: masks are found again by it, and none is lost. */
  private static long mixed(long hash, long word) {
    long mixed = (hash ^ word) * 0x9e37_79b9_7f4a_7c15L;
    return mixed ^ mixed >>> 29;
  }

  /** Both halves of the product, so that every bit of the word is in every bit of the result. */
  private static long folded(long word) {
    return word * Secret.MULTIPLIER ^ Math.unsignedMultiplyHigh(word, Secret.MULTIPLIER);
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

  /** Where the tunnel options lie that it has. */
  public OptionLayout options() {
    return options;
  }

  /** Has {@code wider}, whose tunnel options lie in the same places, cover what this does. */
  public void addTo(FlowMask wider) {
    for (int i = 0; i < bits.length; i++) {
      wider.words[positions[i]] |= bits[i];
    }
  }

  /** The same mask, whole. */
  public FlowMask toFlowMask() {
    FlowMask whole = new FlowMask();
    whole.options = options;
    addTo(whole);
    return whole;
  }

  /**
   * Puts {@code values}, one for each word, where they belong in {@code whole}, whose tunnel
   * options lie in the same places.
   */
  public void spread(long[] values, FlowKey whole) {
    for (int i = 0; i < values.length; i++) {
      whole.words[positions[i]] = values[i];
    }
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
