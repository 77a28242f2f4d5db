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
 * <p>Walking down with an address tells which prefix lengths could match it, and how many of its
 * bits had to be looked at to know: every address with the same first bits gets the same answer.
 *
 * <p>The one writer changes the tree by writing one reference or one count at a time, each of which
 * leaves it a tree, so readers need no lock.
 */
final class PrefixTrie {
  private volatile Node root;

  /** A part of the tree. */
  sealed interface Node permits Fork, PrefixBucket {}

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

    Fork(Bits prefix) {
      high = prefix.high;
      low = prefix.low;
      length = prefix.length;
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

  /**
   * What a walk found.
   *
   * @param upTo64 bit <i>n</i> - 1: a prefix of length <i>n</i> matches
   * @param longer bit <i>n</i> - 65: a prefix of length <i>n</i> does
   * @param checkedBits how many leading bits the answer rests on
   */
  record Found(long upTo64, long longer, int checkedBits) {
    /** Whether a prefix of {@code length} bits, at least one, matches. */
    boolean has(int length) {
      long word = length <= 64 ? upTo64 : longer;
      return (word >>> (length - 1 & 63) & 1) != 0;
    }

    Found with(int length) {
      return length <= 64
          ? new Found(upTo64 | 1L << (length - 1), longer, checkedBits)
          : new Found(upTo64, longer | 1L << (length - 65), checkedBits);
    }

    Found resting(int bits) {
      return new Found(upTo64, longer, bits);
    }
  }

  private static final Found NOTHING = new Found(0, 0, 0);

  /** Counts one more rule that asks for {@code prefix}, at least one bit long. Writer only. */
  void add(Bits prefix) {
    Fork above = null;
    Node node = root;
    while (node instanceof Fork fork && fork.prefix().common(prefix) == fork.length) {
      if (fork.length == prefix.length) {
        fork.count(1);
        return;
      }
      above = fork;
      node = fork.child(prefix.bit(fork.length));
    }
    setBelow(above, prefix, added(node, prefix));
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
    place(fork, prefix);
    return fork;
  }

  /** Counts a rule more that asks for {@code prefix}, below {@code fork}, which nobody sees yet. */
  private static void place(Fork fork, Bits prefix) {
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
    Fork above = null;
    Fork parent = null;
    Node node = root;
    while (node instanceof Fork fork && fork.length < prefix.length) {
      above = parent;
      parent = fork;
      node = fork.child(prefix.bit(fork.length));
    }
    assert node != null : "no such prefix";
    setBelow(parent, prefix, removed(node, prefix));
    if (parent != null) {
      setBelow(above, prefix, tidied(parent));
    }
  }

  private static Node removed(Node node, Bits prefix) {
    if (node instanceof Fork fork) {
      assert fork.prefix().equals(prefix) : "no such prefix";
      fork.count(-1);
      return tidied(fork);
    }
    return ((PrefixBucket) node).with(prefix, -1);
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
    Found found = NOTHING;
    Node node = root;
    while (node instanceof Fork fork) {
      int common = value.common(fork.high, fork.low, fork.length);
      if (common < fork.length) {
        return found.resting(common + 1);
      }
      if (fork.rules > 0) {
        found = found.with(fork.length);
      }
      found = found.resting(fork.length + 1);
      node = fork.child(value.bit(fork.length));
    }
    return node == null ? found : ((PrefixBucket) node).lookup(value, found);
  }
}
