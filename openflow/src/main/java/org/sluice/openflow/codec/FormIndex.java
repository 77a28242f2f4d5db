package org.sluice.openflow.codec;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.ToLongBiFunction;
import org.sluice.openflow.message.OfVersion;

/**
 * Forms by the number that a header says, which every message and every action is looked up by:
 * open addressing over plain arrays, at most half full. Immutable; any thread.
 */
final class FormIndex<F> {
  /** 2^64 divided by the golden ratio: spreads numbers that differ in few bits. */
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final long[] keys;
  private final Object[] forms;
  private final int shift;

  /**
   * The index of {@code all} in every version that has them.
   *
   * @param key the number of a form there, unlike every other
   */
  static <F> FormIndex<F> of(
      Collection<F> all, BiPredicate<F, OfVersion> isIn, ToLongBiFunction<F, OfVersion> key) {
    Map<Long, F> forms = new HashMap<>();
    for (F form : all) {
      for (OfVersion version : OfVersion.values()) {
        if (isIn.test(form, version)) {
          forms.put(key.applyAsLong(form, version), form);
        }
      }
    }
    return new FormIndex<>(forms);
  }

  private FormIndex(Map<Long, F> all) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(2L * all.size());
    keys = new long[1 << bits];
    forms = new Object[1 << bits];
    shift = Long.SIZE - bits;
    all.forEach(this::put);
  }

  private void put(long key, F form) {
    int slot = slot(key);
    keys[slot] = key;
    forms[slot] = form;
  }

  /** The form with that number, or null. */
  @SuppressWarnings("unchecked")
  F get(long key) {
    return (F) forms[slot(key)];
  }

  /** Where {@code key} is, or an empty place. */
  private int slot(long key) {
    int slot = (int) ((key * SPREAD) >>> shift);
    while (forms[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
