package org.sluice.vswitchd.classifier;

import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.WordMask;

/** One lookup: what it has looked at so far. Owned by the thread that looks up. */
final class Search {
  private final FlowKey key;
  private final FlowMask wildcards;
  private final PrefixField[] fields;
  private final PrefixTrie.Found[] found;
  private final long version;

  /** {@code wildcards} grows; null if nobody wants to know. */
  Search(FlowKey key, FlowMask wildcards, PrefixField[] fields, long version) {
    this.key = key;
    this.wildcards = wildcards;
    this.fields = fields;
    this.found = new PrefixTrie.Found[fields.length];
    this.version = version;
  }

  /** A lookup of another key that adds to the same wildcards. */
  Search of(FlowKey other) {
    return new Search(other, wildcards, fields, version);
  }

  /** The first rule from {@code start} on that is in the version that is looked in, or null. */
  Rule first(Rule start) {
    Rule rule = start;
    while (rule != null && !rule.isIn(version)) {
      rule = rule.next();
    }
    return rule;
  }

  /** Notes that the lookup rests on what {@code mask} covers. */
  void looked(WordMask mask) {
    if (wildcards != null) {
      mask.addTo(wildcards);
    }
  }

  /** Notes that the lookup rests on {@code bits} of one word. */
  void looked(int word, long bits) {
    if (wildcards != null) {
      wildcards.words()[word] |= bits;
    }
  }

  /**
   * Whether the packet has no prefix of the length that a subtable asks for, in some field; then
   * nothing in the subtable can match. Not used where it would rest on more bits than the subtable
   * itself does.
   */
  boolean excludes(int[] prefixLengths) {
    for (int i = 0; i < fields.length; i++) {
      if (prefixLengths[i] != 0 && excludes(i, prefixLengths[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean excludes(int index, int length) {
    if (found[index] == null) {
      found[index] = fields[index].lookup(key);
    }
    PrefixTrie.Found walk = found[index];
    if (walk.has(length)) {
      return false;
    }
    if (wildcards == null) {
      return true;
    }
    if (walk.checkedBits() <= length) {
      fields[index].cover(wildcards, walk.checkedBits());
      return true;
    }
    return fields[index].covers(wildcards, walk.checkedBits());
  }
}
