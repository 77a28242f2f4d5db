package org.sluice.vswitchd.classifier;

/**
 * Which prefixes of a 128-bit value (narrower ones lie in its highest bits) any rule asks for, each
 * with a count.
 *
 * <p>A binary tree whose nodes each stand for all the bits that their prefixes share. Nodes never
 * change: the writer builds the path from the root anew and publishes the root, so readers need no
 * lock.
 *
 * <pre>
 *   10.0.0.0/8, 10.1.0.0/16, 10.1.128.0/17          10/8 (1)
 *                                                      \  1.0.0/16 (1)
 *                                                           \  128.0/17 (1)
 * </pre>
 *
 * <p>Walking down with an address tells which prefix lengths could match it, and how many of its
 * bits had to be looked at to know: every address with the same first bits gets the same answer.
 */
final class PrefixTrie {
  private volatile Node root;

  /**
   * A prefix of {@code length} bits that {@code rules} rules ask for; 0 for a mere fork. Holds its
   * bits itself: there are two nodes for each address that rules tell apart.
   */
  private record Node(long high, long low, int length, int rules, Node zero, Node one) {
    static Node of(Bits prefix, int rules, Node zero, Node one) {
      return new Node(prefix.high, prefix.low, prefix.length, rules, zero, one);
    }

    Bits prefix() {
      return new Bits(high, low, length);
    }

    boolean isLeaf() {
      return zero == null && one == null;
    }

    Node child(int bit) {
      return bit == 0 ? zero : one;
    }

    Node withChild(int bit, Node child) {
      return bit == 0
          ? new Node(high, low, length, rules, child, one)
          : new Node(high, low, length, rules, zero, child);
    }

    Node withRules(int changed) {
      return new Node(high, low, length, changed, zero, one);
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
      long difference = high ^ other.high;
      int equal =
          difference != 0
              ? Long.numberOfLeadingZeros(difference)
              : 64 + Long.numberOfLeadingZeros(low ^ other.low);
      return Math.min(equal, Math.min(length, other.length));
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
  }

  /** Counts one more rule that asks for {@code prefix}, at least one bit long. Writer only. */
  void add(Bits prefix) {
    root = add(root, prefix);
  }

  /** Counts one rule less. Writer only. */
  void remove(Bits prefix) {
    root = remove(root, prefix);
  }

  private static Node add(Node node, Bits prefix) {
    if (node == null) {
      return Node.of(prefix, 1, null, null);
    }
    int common = node.prefix().common(prefix);
    if (common == node.length() && common == prefix.length()) {
      return node.withRules(node.rules + 1);
    }
    if (common == node.length()) {
      int bit = prefix.bit(common);
      return node.withChild(bit, add(node.child(bit), prefix));
    }
    boolean ends = common == prefix.length();
    Node fork = Node.of(prefix.first(common), ends ? 1 : 0, null, null);
    fork = fork.withChild(node.prefix().bit(common), node);
    return ends ? fork : fork.withChild(prefix.bit(common), Node.of(prefix, 1, null, null));
  }

  private static Node remove(Node node, Bits prefix) {
    assert node != null : "no such prefix";
    if (node.length() == prefix.length()) {
      return tidied(node.withRules(node.rules - 1));
    }
    int bit = prefix.bit(node.length());
    return tidied(node.withChild(bit, remove(node.child(bit), prefix)));
  }

  /** A node that no rule asks for is there only to fork. */
  private static Node tidied(Node node) {
    if (node.rules > 0 || (node.zero != null && node.one != null)) {
      return node;
    }
    return node.zero != null ? node.zero : node.one;
  }

  /** Walks down with {@code value}, all of whose bits count. */
  Found lookup(Bits value) {
    long upTo64 = 0;
    long longer = 0;
    int checked = 0;
    Node node = root;
    while (node != null) {
      int length = node.length();
      int common = node.prefix().common(value);
      if (common < length) {
        return new Found(upTo64, longer, common + 1);
      }
      if (node.rules > 0 && length <= 64) {
        upTo64 |= 1L << (length - 1);
      } else if (node.rules > 0) {
        longer |= 1L << (length - 65);
      }
      checked = node.isLeaf() ? length : length + 1;
      node = node.isLeaf() ? null : node.child(value.bit(length));
    }
    return new Found(upTo64, longer, checked);
  }
}
