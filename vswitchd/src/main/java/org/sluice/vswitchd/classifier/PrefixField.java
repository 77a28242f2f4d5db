package org.sluice.vswitchd.classifier;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;

/** An address field and the prefixes of it that a table's rules ask for. */
final class PrefixField {
  private final Field field;
  private final PrefixTrie trie = new PrefixTrie();

  PrefixField(Field field) {
    this.field = field;
  }

  /** Length of the prefix that {@code mask} covers; 0 if it covers none or something else. */
  int prefixLength(FlowMask mask) {
    long high = high(mask.getHigh(field), mask.get(field));
    long low = low(mask.get(field));
    int length = Long.bitCount(high) + Long.bitCount(low);
    PrefixTrie.Bits ones = new PrefixTrie.Bits(-1L, -1L, length);
    return ones.high() == high && ones.low() == low ? length : 0;
  }

  /** Notes that one rule more or less asks for {@code length} bits of {@code key}. */
  void count(FlowKey key, int length, int change) {
    if (length == 0) {
      return;
    }
    if (change > 0) {
      trie.add(bits(key, length));
    } else {
      trie.remove(bits(key, length));
    }
  }

  /** Which prefixes {@code key} has. */
  PrefixTrie.Found lookup(FlowKey key) {
    return trie.lookup(bits(key, field.bits()));
  }

  /** Covers the field's first {@code bits} bits. */
  void cover(FlowMask mask, int bits) {
    PrefixTrie.Bits ones = new PrefixTrie.Bits(-1L, -1L, bits);
    if (field.isWide()) {
      mask.set(field, mask.getHigh(field) | ones.high(), mask.get(field) | ones.low());
    } else {
      mask.set(field, mask.get(field) | ones.high() >>> (64 - field.bits()));
    }
  }

  private PrefixTrie.Bits bits(FlowKey key, int length) {
    return new PrefixTrie.Bits(
        high(key.getHigh(field), key.get(field)), low(key.get(field)), length);
  }

  private long high(long high, long low) {
    return field.isWide() ? high : low << (64 - field.bits());
  }

  private long low(long low) {
    return field.isWide() ? low : 0;
  }
}
