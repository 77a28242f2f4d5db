package org.sluice.datapath.flow;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The words behind {@link FlowKey} and {@link FlowMask}, read and written field by field. Not
 * thread safe.
 */
public abstract sealed class FlowWords permits FlowKey, FlowMask {
  final long[] words;

  /** Where tunnel options lie. */
  OptionLayout options = OptionLayout.NONE;

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

  /** Where tunnel options lie among these words. */
  public final OptionLayout options() {
    return options;
  }

  /** From now on tunnel options lie there, which nothing is known of so far. */
  public final void layOut(OptionLayout layout) {
    options = layout;
  }

  /** The field's value; of a wide field the low 64 bits, and of a tunnel option. */
  public final long get(Field field) {
    if (field.isOption()) {
      return lowBits(options.get(this, field), 0);
    }
    if (field.isWide()) {
      return words[field.word() + 1];
    }
    return (words[field.word()] & field.wordMask()) >>> field.shift();
  }

  /** Bits 64 to 127 of the value of a wide field or of a tunnel option; 0 for any other. */
  public final long getHigh(Field field) {
    if (field.isOption()) {
      return lowBits(options.get(this, field), Long.BYTES);
    }
    return field.isWide() ? words[field.word()] : 0;
  }

  /** Eight bytes as a number, of which the last has {@code skipped} bytes behind it. */
  private static long lowBits(byte[] bytes, int skipped) {
    long bits = 0;
    for (int i = Math.max(0, bytes.length - skipped - Long.BYTES);
        i < bytes.length - skipped;
        i++) {
      bits = (bits << Byte.SIZE) | (bytes[i] & 0xff);
    }
    return bits;
  }

  /** Sets a field of at most 64 bits; bits of {@code value} beyond its width are ignored. */
  public final void set(Field field, long value) {
    set(field, 0, value);
  }

  /** Sets a field; {@code high} matters only to a wide one and to a tunnel option, then there. */
  public final void set(Field field, long high, long low) {
    if (field.isOption()) {
      byte[] value = options.get(this, field);
      ByteBuffer wide = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low);
      int count = Math.min(value.length, wide.capacity());
      System.arraycopy(wide.array(), wide.capacity() - count, value, value.length - count, count);
      options.set(this, field, value);
      return;
    }
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
