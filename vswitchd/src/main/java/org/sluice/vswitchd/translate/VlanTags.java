package org.sluice.vswitchd.translate;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/** The two VLAN tags of a key, taken apart from where {@link Word} keeps them. */
final class VlanTags {
  /** Tags that a key can hold. */
  static final int MAX_TAGS = 2;

  private static final int OUTER_TPID_SHIFT = 48;
  private static final int INNER_TPID_SHIFT = 32;
  private static final int INNER_TCI_SHIFT = 16;
  private static final long HALF_WORD = 0xffff;
  private static final long INNER_BITS =
      (HALF_WORD << INNER_TPID_SHIFT) | (HALF_WORD << INNER_TCI_SHIFT);

  private VlanTags() {}

  /** How many tags the key has. */
  static int count(FlowKey key) {
    if ((tci(key, 0) & Protocols.TCI_PRESENT) == 0) {
      return 0;
    }
    return (tci(key, 1) & Protocols.TCI_PRESENT) == 0 ? 1 : MAX_TAGS;
  }

  /** The TCI of the outer (0) or inner (1) tag; 0 for none. */
  static int tci(FlowKey key, int index) {
    return index == 0
        ? (int) key.get(Field.VLAN_TCI)
        : (int) ((key.word(Word.VLAN) >>> INNER_TCI_SHIFT) & HALF_WORD);
  }

  /** The TPID of the outer (0) or inner (1) tag; 0 for none. */
  static int tpid(FlowKey key, int index) {
    int shift = index == 0 ? OUTER_TPID_SHIFT : INNER_TPID_SHIFT;
    return (int) ((key.word(Word.VLAN) >>> shift) & HALF_WORD);
  }

  /** Makes {@code tpid} and {@code tci} the outer or inner tag; a {@code tci} of 0 removes it. */
  static void set(FlowKey key, int index, int tpid, int tci) {
    long kept = tci == 0 ? 0 : tpid;
    if (index == 0) {
      key.set(Field.VLAN_TCI, tci);
      replace(key, OUTER_TPID_SHIFT, kept);
    } else {
      replace(key, INNER_TCI_SHIFT, tci);
      replace(key, INNER_TPID_SHIFT, kept);
    }
  }

  /** Changes the outer tag's TCI; a tag that was not there gets the usual TPID. */
  static void setTci(FlowKey key, int tci) {
    int tpid = tpid(key, 0);
    set(key, 0, tpid == 0 ? Protocols.ETH_TYPE_VLAN : tpid, tci);
  }

  /** Puts an empty tag outermost; the inner one of two is lost. */
  static void push(FlowKey key, int tpid) {
    set(key, 1, tpid(key, 0), tci(key, 0));
    set(key, 0, tpid, Protocols.TCI_PRESENT);
  }

  /** Takes the outermost tag off. */
  static void pop(FlowKey key) {
    set(key, 0, tpid(key, 1), tci(key, 1));
    set(key, 1, 0, 0);
  }

  /** Covers all of the outer or inner tag. */
  static void cover(FlowMask mask, int index) {
    long[] words = mask.words();
    if (index == 0) {
      mask.cover(Field.VLAN_TCI);
      words[Word.VLAN] |= HALF_WORD << OUTER_TPID_SHIFT;
    } else {
      words[Word.VLAN] |= INNER_BITS;
    }
  }

  /** Uncovers all of the outer or inner tag. */
  static void uncover(FlowMask mask, int index) {
    long[] words = mask.words();
    if (index == 0) {
      mask.set(Field.VLAN_TCI, 0);
      words[Word.VLAN] &= ~(HALF_WORD << OUTER_TPID_SHIFT);
    } else {
      words[Word.VLAN] &= ~INNER_BITS;
    }
  }

  /** Puts the tags of {@code from} in the place of those of {@code to}. */
  static void copy(FlowKey from, FlowKey to) {
    for (int i = 0; i < MAX_TAGS; i++) {
      set(to, i, tpid(from, i), tci(from, i));
    }
  }

  /** Whether both keys have the same tag there. */
  static boolean same(FlowKey a, int indexA, FlowKey b, int indexB) {
    return tci(a, indexA) == tci(b, indexB) && tpid(a, indexA) == tpid(b, indexB);
  }

  private static void replace(FlowKey key, int shift, long value) {
    long[] words = key.words();
    words[Word.VLAN] = (words[Word.VLAN] & ~(HALF_WORD << shift)) | (value << shift);
  }
}
