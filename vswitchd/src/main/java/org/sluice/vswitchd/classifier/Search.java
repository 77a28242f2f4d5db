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

  /** How many leading bits of each field are known to be covered. */
  private final int[] covered;

  private final long version;

  /** What was hashed last in each stage: most subtables look at the same of the early ones. */
  private final WordMask[] hashed = new WordMask[Stage.COUNT];

  private final int[] hashes = new int[Stage.COUNT];

  /** {@code wildcards} grows; null if nobody wants to know. */
  Search(FlowKey key, FlowMask wildcards, PrefixField[] fields, long version) {
    this.key = key;
    this.wildcards = wildcards;
    this.fields = fields;
    this.found = new PrefixTrie.Found[fields.length];
    this.covered = new int[fields.length];
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

  /** The hash of what the packet has under {@code mask}, which goes as far as {@code stage}. */
  int hash(Stage stage, WordMask mask) {
    int at = stage.ordinal();
    if (!mask.equals(hashed[at])) {
      hashed[at] = mask;
      hashes[at] = mask.hash(key);
    }
    return hashes[at];
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

  /** Whether what has been looked at so far tells what {@link #excludes} would. */
  boolean hasExcluded(int[] prefixLengths) {
    for (int i = 0; i < fields.length; i++) {
      int length = prefixLengths[i];
      if (length != 0 && covered[i] != 0) {
        PrefixTrie.Found walk = found[i];
        if (!walk.has(length) && walk.looked(length) <= covered[i]) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether the packet has no prefix of the length that a subtable asks for, in some field; then
   * nothing in the subtable can match. Where several fields tell, it rests on one that has been
   * looked at as far already, if there is such a one.
   */
  boolean excludes(int[] prefixLengths) {
    int telling = -1;
    for (int i = 0; i < fields.length; i++) {
      int length = prefixLengths[i];
      if (length != 0 && !found(i).has(length)) {
        if (found[i].looked(length) <= covered[i]) {
          return true;
        }
        telling = telling < 0 ? i : telling;
      }
    }
    if (telling >= 0) {
      cover(telling, found[telling].looked(prefixLengths[telling]));
    }
    return telling >= 0;
  }

  private PrefixTrie.Found found(int index) {
    PrefixTrie.Found known = found[index];
    if (known == null) {
      known = fields[index].lookup(key);
      found[index] = known;
    }
    return known;
  }

  private void cover(int index, int bits) {
    covered[index] = bits;
    if (wildcards != null) {
      fields[index].cover(wildcards, bits);
    }
  }
}
