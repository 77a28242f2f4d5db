package org.sluice.vswitchd.classifier;

import java.util.Arrays;
import org.sluice.vswitchd.classifier.PrefixTrie.Bits;
import org.sluice.vswitchd.classifier.PrefixTrie.Found;

/**
 * A few prefixes at a leaf of a {@link PrefixTrie}, each with the number of rules that ask for it,
 * in no order. Which prefixes they are never changes; the numbers are the writer's, who changes
 * them in place, as a lookup passes them over.
 *
 * <p>One array holds them all, as there is one of these for every few addresses that rules have: of
 * each the bits, which are one word where no prefix here is longer than 64, then length and number.
 */
final class PrefixBucket implements PrefixTrie.Node {
  private static final int CAPACITY = 8;
  private static final int NARROW = 2;
  private static final int WIDE = 3;
  private static final PrefixBucket EMPTY = new PrefixBucket(new long[0], NARROW);

  private final long[] words;
  private final int stride;

  /** Takes one prefix. */
  interface Visitor {
    void visit(Bits prefix, int rules);
  }

  private PrefixBucket(long[] words, int stride) {
    this.words = words;
    this.stride = stride;
  }

  /** One prefix. */
  static PrefixBucket of(Bits prefix, int rules) {
    return EMPTY.with(prefix, rules);
  }

  /**
   * What two buckets have, either of which may be null, and {@code prefix}, if any rules ask for
   * it; null where that is more than half of what a bucket holds, so that it does not soon split.
   */
  static PrefixBucket ofFew(Bits prefix, int rules, PrefixBucket a, PrefixBucket b) {
    if (size(a) + size(b) + (rules > 0 ? 1 : 0) > CAPACITY / 2) {
      return null;
    }
    Gathered all = new Gathered();
    if (rules > 0) {
      all.visit(prefix, rules);
    }
    if (a != null) {
      a.forEach(all);
    }
    if (b != null) {
      b.forEach(all);
    }
    return all.bucket;
  }

  private static final class Gathered implements Visitor {
    private PrefixBucket bucket = EMPTY;

    @Override
    public void visit(Bits prefix, int rules) {
      bucket = bucket.with(prefix, rules);
    }
  }

  private static int size(PrefixBucket bucket) {
    return bucket == null ? 0 : bucket.size();
  }

  private int size() {
    return words.length / stride;
  }

  private long high(int index) {
    return words[index * stride];
  }

  private long low(int index) {
    return stride == WIDE ? words[index * stride + 1] : 0;
  }

  private int length(int index) {
    return (int) (words[index * stride + stride - 1] >>> 32);
  }

  private int rules(int index) {
    return (int) words[index * stride + stride - 1];
  }

  private Bits prefix(int index) {
    return new Bits(high(index), low(index), length(index));
  }

  private int find(Bits prefix) {
    int index = size() - 1;
    while (index >= 0 && !isAt(index, prefix)) {
      index--;
    }
    return index;
  }

  private boolean isAt(int index, Bits prefix) {
    return high(index) == prefix.high()
        && low(index) == prefix.low()
        && length(index) == prefix.length();
  }

  /**
   * Whether {@link #with} a rule more that asks for {@code prefix} it is no bigger than it may be.
   */
  boolean hasRoomFor(Bits prefix) {
    return size() < CAPACITY || find(prefix) >= 0;
  }

  /**
   * What has so many more rules that ask for {@code prefix}: this one if it had the prefix and
   * still has it; null where nothing is left. Writer only.
   */
  PrefixBucket with(Bits prefix, int more) {
    int index = find(prefix);
    if (index < 0) {
      assert more > 0 : "no such prefix";
      PrefixBucket wide = prefix.length() > Long.SIZE ? widened() : this;
      long[] added = Arrays.copyOf(wide.words, wide.words.length + wide.stride);
      set(added, wide.stride, wide.size(), prefix, more);
      return new PrefixBucket(added, wide.stride);
    }
    int rules = rules(index) + more;
    if (rules > 0) {
      set(words, stride, index, prefix, rules);
      return this;
    }
    return size() == 1 ? null : without(index);
  }

  private static void set(long[] words, int stride, int index, Bits prefix, int rules) {
    words[index * stride] = prefix.high();
    if (stride == WIDE) {
      words[index * stride + 1] = prefix.low();
    }
    words[index * stride + stride - 1] = (long) prefix.length() << 32 | rules;
  }

  private PrefixBucket widened() {
    if (stride == WIDE) {
      return this;
    }
    long[] wide = new long[size() * WIDE];
    for (int i = 0; i < size(); i++) {
      set(wide, WIDE, i, prefix(i), rules(i));
    }
    return new PrefixBucket(wide, WIDE);
  }

  private PrefixBucket without(int index) {
    long[] rest = Arrays.copyOf(words, words.length - stride);
    if ((index + 1) * stride < words.length) {
      System.arraycopy(words, rest.length, rest, index * stride, stride);
    }
    return new PrefixBucket(rest, stride);
  }

  /** How many rules ask for {@code prefix}. */
  int rulesOf(Bits prefix) {
    int index = find(prefix);
    return index < 0 ? 0 : rules(index);
  }

  /**
   * Those of the prefixes of more than {@code length} bits that go on with {@code bit}; null: none.
   */
  PrefixBucket part(int length, int bit) {
    int count = 0;
    long[] chosen = new long[words.length];
    for (int i = 0; i < size(); i++) {
      if (length(i) > length && prefix(i).bit(length) == bit) {
        System.arraycopy(words, i * stride, chosen, count * stride, stride);
        count++;
      }
    }
    return count == 0 ? null : new PrefixBucket(Arrays.copyOf(chosen, count * stride), stride);
  }

  /** How many leading bits all prefixes here and {@code other} share. */
  int common(Bits other) {
    int common = other.length();
    for (int i = 0; i < size(); i++) {
      common = Math.min(common, other.common(high(i), low(i), length(i)));
    }
    return common;
  }

  /** Shows every prefix to {@code visitor}. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < size(); i++) {
      visitor.visit(prefix(i), rules(i));
    }
  }

  @Override
  public boolean has(int bits) {
    int index = size() - 1;
    while (index >= 0 && length(index) != bits) {
      index--;
    }
    return index >= 0;
  }

  /** Adds what is found here to what was {@code found} on the way. */
  void lookup(Bits value, Found found) {
    for (int i = 0; i < size(); i++) {
      int length = length(i);
      int common = value.common(high(i), low(i), length);
      if (common == length) {
        found.match(length);
      } else {
        found.leave(length, common + 1);
      }
    }
  }
}
