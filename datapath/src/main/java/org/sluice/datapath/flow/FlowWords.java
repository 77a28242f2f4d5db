package org.sluice.datapath.flow;

import java.util.Arrays;

/**
 * The words behind {@link FlowKey} and {@link FlowMask}, read and written field by field. Not
 * thread safe.
 */
public abstract sealed class FlowWords permits FlowKey, FlowMask {
  final long[] words;

  FlowWords(long[] words) {
    assert words.length == Word.COUNT;
    this.words = words;
  }

  /** The words themselves, laid out as {@link Word} draws them; writes go through. */
  public final long[] words() {
    return words;
  }

  /** The word at {@code index}. */
  public final long word(int index) {
    return words[index];
  }

  /** The field's value; of a wide field the low 64 bits. */
  public final long get(Field field) {
    assert !field.isDynamic() : field;
    if (field.isWide()) {
      return words[field.word() + 1];
    }
    return (words[field.word()] & field.wordMask()) >>> field.shift();
  }

  /** The high 64 bits of a wide field's value; 0 for any other. */
  public final long getHigh(Field field) {
    return field.isWide() ? words[field.word()] : 0;
  }

  /** Sets a field of at most 64 bits; bits of {@code value} beyond its width are ignored. */
  public final void set(Field field, long value) {
    set(field, 0, value);
  }

  /** Sets a field; {@code high} matters only to a wide one. */
  public final void set(Field field, long high, long low) {
    assert !field.isDynamic() : field;
    int word = field.word();
    if (field.isWide()) {
      words[word] = high;
      words[word + 1] = low;
    } else {
      long mask = field.wordMask();
      words[word] = (words[word] & ~mask) | (low << field.shift() & mask);
    }
  }

  /** Whether every bit is 0. */
  public final boolean isZero() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  /** Sets every bit to 0. */
  public final void clear() {
    Arrays.fill(words, 0);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && Arrays.equals(words, ((FlowWords) other).words);
  }

  @Override
  public final int hashCode() {
    return Arrays.hashCode(words);
  }
}
