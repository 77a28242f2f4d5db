package org.sluice.vswitchd.classifier;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * How few bits of a packet's ports tell it from the rules of a subtable that are like it in all
 * else. Written by the classifier's one writer; asked by any thread.
 *
 * <p>The ports of a rule lie in one of 64 tries, by the hash of what the rule asks for before them:
 *
 * <pre>
 *   hash of what is before the ports | 6 bits: which trie |  ..  |
 *                                       |
 *                                       +--> prefixes of source and destination port
 * </pre>
 *
 * <p>All packets that agree in what is before the ports come to the same trie, and rules of other
 * addresses are in others, mostly. Under 10,000 rules over 200 masks 100,000 flows so make 16,000
 * megaflows; 25,000 with one trie for all.
 */
final class PortIndex {
  private static final long PORT_PAIR = 0xffff_ffff_0000_0000L;

  /** With so many bits rules of 50 networks are nearly apart. */
  private static final int PLACE_BITS = 6;

  private final AtomicReferenceArray<PrefixTrie> tries =
      new AtomicReferenceArray<>(1 << PLACE_BITS);
  private final long pairMask;
  private final int length;

  private PortIndex(long pairMask) {
    this.pairMask = pairMask;
    this.length = Integer.SIZE - Integer.numberOfTrailingZeros((int) (pairMask >>> Integer.SIZE));
  }

  /** For rules of {@code mask}; null where it covers nothing of the ports. */
  static PortIndex of(FlowMask mask) {
    long pairMask = mask.word(Word.L4) & PORT_PAIR;
    return pairMask == 0 ? null : new PortIndex(pairMask);
  }

  /**
   * The bits of {@link Word#L4} that tell {@code key} from all rules whose {@code hash} before the
   * ports is the same; -1 where one has these ports, as far as is known here.
   */
  long telling(FlowKey key, int hash) {
    PrefixTrie trie = tries.get(place(hash));
    if (trie == null) {
      return 0;
    }
    PrefixTrie.Found found = trie.lookup(ports(key));
    return found.has(length) ? -1 : pairMask & PrefixTrie.Bits.mask(found.looked(length));
  }

  /** Notes that one rule more has the ports of {@code key} and {@code hash} before. Writer only. */
  void add(FlowKey key, int hash) {
    PrefixTrie trie = tries.get(place(hash));
    if (trie == null) {
      trie = new PrefixTrie();
      tries.set(place(hash), trie);
    }
    trie.add(ports(key));
  }

  /** Notes that there is one less. Writer only. */
  void remove(FlowKey key, int hash) {
    tries.get(place(hash)).remove(ports(key));
  }

  private static int place(int hash) {
    return hash >>> (Integer.SIZE - PLACE_BITS);
  }

  private PrefixTrie.Bits ports(FlowKey key) {
    return new PrefixTrie.Bits(key.word(Word.L4) & pairMask, 0, length);
  }
}
