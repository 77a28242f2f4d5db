package org.sluice.vswitchd.classifier;

/**
 * Which prefixes of a 128-bit value (narrower ones lie in its highest bits) any rule asks for, each
 * with a count.
 *
 * <p>A binary tree whose forks each stand for all the bits that the prefixes below share, and whose
 * leaves are {@link PrefixBucket}s of a few prefixes each: a tree down to the single prefix would
 * have two objects for each address that rules tell apart.
 *
 * <pre>
 *   10.0.0.0/8, and twenty of 10.1.0.0/16       10/8 (1)
 *                                                   \ 1/16 (0)
 *                                                  /          \
 *                              [10.1.3.7/32 (1), ..]   [10.1.129.0/24 (2), ..]
 * </pre>
 *
 * <p>Walking down with an address tells which prefix lengths could match it. And for each of the
 * other lengths, how many of the address's bits had to be looked at to know that: every address
 * with the same first bits has no prefix of that length either. That is where the last of the
 * prefixes of that length was left behind, so forks know which lengths there are below. A rule for
 * one host next to the address so does not make it look at more bits where what matters are
 * networks; the wider a megaflow, the fewer packets miss.
 *
 * <p>The one writer changes the tree by writing one reference, one count or the lengths of one fork
 * at a time, each of which leaves it a tree, so readers need no lock. The lengths that a fork tells
 * are at all times at least those of prefixes that have been below for as long as the reader walks.
 */
final class PrefixTrie {
  private volatile Node root;

  /** A part of the tree. */
  sealed interface Node permits Fork, PrefixBucket {
    /** Whether a prefix here or below is {@code bits} bits long. */
    boolean has(int bits);
  }

  /** What stands for a length of {@code bits}, in the word that it belongs to. */
  private static long bit(int bits) {
    return 1L << (bits - 1);
  }

  /**
   * The prefix of {@code length} bits that all below it have, and that {@code rules} rules ask for;
   * with 0 of them it has two children.
   */
  private static final class Fork implements Node {
    private final long high;
    private final long low;
    private final int length;
    private volatile int rules;
    private volatile Node zero;
    private volatile Node one;

    /** Which lengths the prefixes here and below have; see {@link Found}. */
    private volatile long upTo64;

    private volatile long longer;

    Fork(Bits prefix) {
      high = prefix.high;
      low = prefix.low;
      length = prefix.length;
    }

    /** Notes that there is a prefix of {@code bits} bits here or below. */
    void include(int bits) {
      if (has(bits)) {
        return;
      }
      if (bits <= Long.SIZE) {
        upTo64 = upTo64 | bit(bits);
      } else {
        longer = longer | bit(bits);
      }
    }

    /** Notes that there is none any more. */
    void exclude(int bits) {
      if (bits <= Long.SIZE) {
        upTo64 = upTo64 & ~bit(bits);
      } else {
        longer = longer & ~bit(bits);
      }
    }

    @Override
    public boolean has(int bits) {
      return ((bits <= Long.SIZE ? upTo64 : longer) & bit(bits)) != 0;
    }

    Bits prefix() {
      return new Bits(high, low, length);
    }

    /** Writer only, as all that changes it. */
    void count(int change) {
      int before = rules;
      rules = before + change;
    }

    Node child(int bit) {
      return bit == 0 ? zero : one;
    }

    void setChild(int bit, Node child) {
      if (bit == 0) {
        zero = child;
      } else {
        one = child;
      }
    }
  }

  /** The first {@code length} bits of a value; the rest is 0. */
  record Bits(long high, long low, int length) {
    Bits {
      high &= mask(length);
      low &= mask(length - 64);
    }

    Bits first(int bits) {
      return new Bits(high, low, bits);
    }

    int bit(int index) {
      long word = index < 64 ? high : low;
      return (int) (word >>> (63 - (index & 63)) & 1);
    }

    /** How many leading bits this and {@code other} share, at most the shorter one's length. */
    int common(Bits other) {
      return common(other.high, other.low, other.length);
    }

    int common(long otherHigh, long otherLow, int otherLength) {
      long difference = high ^ otherHigh;
      int equal =
          difference != 0
              ? Long.numberOfLeadingZeros(difference)
              : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
      return Math.min(equal, Math.min(length, otherLength));
    }

    static long mask(int bits) {
      return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }
  }

  /** What a walk found. Owned by who looked up. */
  static final class Found {
    /** Bit <i>n</i> - 1: a prefix of length <i>n</i> matches. */
    private long upTo64;

    /** Bit <i>n</i> - 65: a prefix of length <i>n</i> does. */
    private long longer;

    /** For each length how many leading bits it rests on that no prefix of it matches. */
    private final byte[] looked;

    /** Nothing, of prefixes that are {@code bits} bits long at most. */
    Found(int bits) {
      looked = new byte[bits + 1];
    }

    /** Whether a prefix of {@code length} bits, at least one, matches. */
    boolean has(int length) {
      return ((length <= Long.SIZE ? upTo64 : longer) & bit(length)) != 0;
    }

    /**
     * How many leading bits, no more than {@code length}, it rests on that no prefix of {@code
     * length} matches, where none does.
     */
    int looked(int length) {
      return Byte.toUnsignedInt(looked[length]);
    }

    /** A prefix of {@code length} bits matches. */
    void match(int length) {
      if (length <= Long.SIZE) {
        upTo64 |= bit(length);
      } else {
        longer |= bit(length);
      }
    }

    /** Those of {@code length} bits were told from the value by its first {@code bits}. */
    void leave(int length, int bits) {
      looked[length] = (byte) Math.max(looked(length), bits);
    }

    /** The same for all the lengths of a set. */
    private void leave(long setUpTo64, long setLonger, int bits) {
      for (long rest = setUpTo64; rest != 0; rest &= rest - 1) {
        leave(1 + Long.numberOfTrailingZeros(rest), bits);
      }
      for (long rest = setLonger; rest != 0; rest &= rest - 1) {
        leave(Long.SIZE + 1 + Long.numberOfTrailingZeros(rest), bits);
      }
    }
  }

  /** Counts one more rule that asks for {@code prefix}, at least one bit long. Writer only. */
  void add(Bits prefix) {
    Fork above = null;
    Node node = root;
    while (node instanceof Fork fork && fork.prefix().common(prefix) == fork.length) {
      fork.include(prefix.length);
      if (fork.length == prefix.length) {
        fork.count(1);
        return;
      }
      above = fork;
      node = fork.child(prefix.bit(fork.length));
    }
    Node after = added(node, prefix);
    if (after != node) {
      setBelow(above, prefix, after);
    }
  }

  private void setBelow(Fork above, Bits prefix, Node node) {
    if (above == null) {
      root = node;
    } else {
      above.setChild(prefix.bit(above.length), node);
    }
  }

  private static Node added(Node node, Bits prefix) {
    return switch (node) {
      case null -> PrefixBucket.of(prefix, 1);
      case PrefixBucket bucket when bucket.hasRoomFor(prefix) -> bucket.with(prefix, 1);
      case PrefixBucket bucket -> split(bucket, prefix);
      case Fork fork -> {
        Fork wider = new Fork(prefix.first(fork.prefix().common(prefix)));
        wider.setChild(fork.prefix().bit(wider.length), fork);
        wider.upTo64 = fork.upTo64;
        wider.longer = fork.longer;
        place(wider, prefix);
        yield wider;
      }
    };
  }

  /** What {@code bucket} and {@code prefix} have in common, and below it what they have not. */
  private static Fork split(PrefixBucket bucket, Bits prefix) {
    Fork fork = new Fork(prefix.first(bucket.common(prefix)));
    fork.rules = bucket.rulesOf(fork.prefix());
    fork.zero = bucket.part(fork.length, 0);
    fork.one = bucket.part(fork.length, 1);
    bucket.forEach((each, _) -> fork.include(each.length));
    place(fork, prefix);
    return fork;
  }

  /** Counts a rule more that asks for {@code prefix}, below {@code fork}, which nobody sees yet. */
  private static void place(Fork fork, Bits prefix) {
    fork.include(prefix.length);
    if (prefix.length == fork.length) {
      fork.count(1);
      return;
    }
    int bit = prefix.bit(fork.length);
    fork.setChild(
        bit,
        fork.child(bit) instanceof PrefixBucket bucket
            ? bucket.with(prefix, 1)
            : PrefixBucket.of(prefix, 1));
  }

  /** Counts one rule less. Writer only. */
  void remove(Bits prefix) {
    Node before = root;
    Node after = without(before, prefix);
    if (after != before) {
      root = after;
    }
  }

  /** What {@code node}, which has the prefix, becomes with one rule less that asks for it. */
  private static Node without(Node node, Bits prefix) {
    assert node != null : "no such prefix";
    if (!(node instanceof Fork fork)) {
      return ((PrefixBucket) node).with(prefix, -1);
    }
    if (fork.length >= prefix.length) {
      assert fork.prefix().equals(prefix) : "no such prefix";
      fork.count(-1);
      if (fork.rules == 0) {
        fork.exclude(prefix.length);
      }
      return tidied(fork);
    }
    int bit = prefix.bit(fork.length);
    Node before = fork.child(bit);
    Node after = without(before, prefix);
    if (after != before) {
      fork.setChild(bit, after);
    }
    if (!has(after, prefix.length) && !has(fork.child(1 - bit), prefix.length)) {
      fork.exclude(prefix.length);
    }
    return after instanceof Fork ? fork : tidied(fork);
  }

  private static boolean has(Node node, int length) {
    return node != null && node.has(length);
  }

  /** What can stand in the place of {@code fork}, which may be needed itself. */
  private static Node tidied(Fork fork) {
    if (fork.rules == 0 && (fork.zero == null || fork.one == null)) {
      return fork.zero != null ? fork.zero : fork.one;
    }
    if (fork.zero instanceof Fork || fork.one instanceof Fork) {
      return fork;
    }
    PrefixBucket few =
        PrefixBucket.ofFew(
            fork.prefix(), fork.rules, (PrefixBucket) fork.zero, (PrefixBucket) fork.one);
    return few == null ? fork : few;
  }

  /** Walks down with {@code value}, all of whose bits count. */
  Found lookup(Bits value) {
    Found found = new Found(value.length);
    // Lengths that may be below, and how many bits it took to come here.
    long upTo64 = 0;
    long longer = 0;
    int looked = 0;
    Node node = root;
    while (node instanceof Fork fork) {
      found.leave(upTo64 & ~fork.upTo64, longer & ~fork.longer, looked);
      upTo64 = fork.upTo64;
      longer = fork.longer;
      int common = value.common(fork.high, fork.low, fork.length);
      if (common < fork.length) {
        found.leave(upTo64, longer, common + 1);
        return found;
      }
      if (fork.rules > 0) {
        found.match(fork.length);
      }
      looked = fork.length + 1;
      node = fork.child(value.bit(fork.length));
    }
    found.leave(upTo64, longer, looked);
    if (node != null) {
      ((PrefixBucket) node).lookup(value, found);
    }
    return found;
  }
}
