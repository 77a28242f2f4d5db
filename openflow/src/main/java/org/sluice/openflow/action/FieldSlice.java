package org.sluice.openflow.action;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowWords;

/**
 * Some consecutive bits of a field, such as {@code NXM_NX_REG0[0..15]}.
 *
 * @param start the lowest bit, 0 is the least significant of the field
 * @param bits how many, at least 1
 */
public record FieldSlice(Field field, int start, int bits) {
  /** Checks that the bits are the field's. */
  public FieldSlice {
    assert start >= 0 && bits >= 1 && start + bits <= field.bits() : field + " " + start;
  }

  /** All bits of {@code field}. */
  public static FieldSlice all(Field field) {
    return new FieldSlice(field, 0, field.bits());
  }

  /** Whether these are all bits of the field. */
  public boolean isWhole() {
    return bits == field.bits();
  }

  /** The highest bit. */
  public int end() {
    return start + bits - 1;
  }

  /** The slice's low 64 bits in {@code words}, moved down to bit 0. */
  public long read(FlowWords words) {
    long low = words.get(field);
    long high = words.getHigh(field);
    return shiftRight(high, low, start) & lowMask(bits);
  }

  /** Bits 64 and up of the slice in {@code words}; 0 where it has no more than 64. */
  public long readHigh(FlowWords words) {
    if (bits <= Long.SIZE) {
      return 0;
    }
    long high = words.getHigh(field);
    return (start == 0 ? high : high >>> start) & lowMask(bits - Long.SIZE);
  }

  /** Writes the slice in {@code words}, whose other bits stay. */
  public void write(FlowWords words, long high, long low) {
    long keepLow = ~maskLow();
    long keepHigh = ~maskHigh();
    long newHigh = (words.getHigh(field) & keepHigh) | (shiftedHigh(high, low) & ~keepHigh);
    long newLow = (words.get(field) & keepLow) | (shiftedLow(low) & ~keepLow);
    words.set(field, newHigh, newLow);
  }

  /** The slice's bits among the field's low 64. */
  public long maskLow() {
    return shiftedLow(lowMask(bits));
  }

  /** The slice's bits among the field's bits 64 and up. */
  public long maskHigh() {
    return shiftedHigh(bits > Long.SIZE ? lowMask(bits - Long.SIZE) : 0, lowMask(bits));
  }

  /** A value of the slice moved to where it lies in the field: the field's low 64 bits. */
  public long shiftedLow(long low) {
    return start >= Long.SIZE ? 0 : low << start;
  }

  /** A value of the slice moved to where it lies in the field: the field's bits 64 and up. */
  public long shiftedHigh(long high, long low) {
    if (start == 0) {
      return high;
    }
    return start >= Long.SIZE
        ? low << (start - Long.SIZE)
        : high << start | low >>> (Long.SIZE - start);
  }

  private static long shiftRight(long high, long low, int count) {
    if (count == 0) {
      return low;
    }
    return count >= Long.SIZE
        ? high >>> (count - Long.SIZE)
        : low >>> count | high << (Long.SIZE - count);
  }

  private static long lowMask(int count) {
    return count >= Long.SIZE ? -1L : (1L << count) - 1;
  }
}
