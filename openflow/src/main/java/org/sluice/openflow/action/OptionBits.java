package org.sluice.openflow.action;

import java.math.BigInteger;
import org.sluice.datapath.flow.OptionLayout;

/**
 * Bits of a tunnel option, which can be longer than the 128 that any other field has at most.
 *
 * @param mask as long as the value; null for all bits, those that the option has in front of these
 *     among them
 */
public record OptionBits(Bytes value, Bytes mask) {
  /** Checks the lengths. */
  public OptionBits {
    assert value.size() <= OptionLayout.MAX_OPTION_BYTES;
    assert mask == null || mask.size() == value.size();
  }

  /** {@code mask} null for all bits. */
  public static OptionBits of(byte[] value, byte[] mask) {
    return new OptionBits(Bytes.of(value), mask == null ? null : Bytes.of(mask));
  }

  /** A number in as few bytes as it has, 0 in none. */
  public static OptionBits exact(BigInteger value) {
    return new OptionBits(bytes(value, length(value)), null);
  }

  /** The same under a mask, which may need more bytes than the number. */
  public static OptionBits masked(BigInteger value, BigInteger mask) {
    int length = Math.max(length(value), length(mask));
    return new OptionBits(bytes(value, length), bytes(mask, length));
  }

  /** What {@code load} puts into some of an option's bits. */
  public static OptionBits of(FieldSlice slice, long high, long low) {
    return of(slice, unsigned(high).shiftLeft(Long.SIZE).or(unsigned(low)));
  }

  /** The same of a number of any length, whose front is lost where the slice is shorter. */
  public static OptionBits of(FieldSlice slice, BigInteger value) {
    if (slice.isWhole()) {
      return exact(value);
    }
    BigInteger ones = BigInteger.ONE.shiftLeft(slice.bits()).subtract(BigInteger.ONE);
    return masked(value.and(ones).shiftLeft(slice.start()), ones.shiftLeft(slice.start()));
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static int length(BigInteger value) {
    return (value.bitLength() + Byte.SIZE - 1) / Byte.SIZE;
  }

  private static Bytes bytes(BigInteger value, int length) {
    byte[] signed = value.toByteArray();
    byte[] bytes = new byte[length];
    int count = Math.min(length, signed.length);
    System.arraycopy(signed, signed.length - count, bytes, length - count, count);
    return Bytes.of(bytes);
  }

  /** The value without the bits that the mask does not cover. */
  public byte[] masked() {
    byte[] masked = value.toArray();
    for (int i = 0; mask != null && i < masked.length; i++) {
      masked[i] &= (byte) mask.get(i);
    }
    return masked;
  }

  /** Whether no bit matters, but only that the option is there. */
  public boolean isWild() {
    return mask != null && isZero(mask.toArray());
  }

  /** Whether every bit is 0. */
  public static boolean isZero(byte[] bits) {
    return new BigInteger(1, bits).signum() == 0;
  }

  /** Whether every bit is 1. */
  public static boolean isAllOnes(byte[] bits) {
    return new BigInteger(1, bits).bitCount() == Byte.SIZE * bits.length;
  }

  /** As {@code set_field} and matches show it: {@code 0x1234/0xffff}. */
  @Override
  public String toString() {
    if (isWild()) {
      return "ANY";
    }
    String shown = hex(value);
    return mask == null ? shown : shown + "/" + hex(mask);
  }

  private static String hex(Bytes bits) {
    BigInteger number = new BigInteger(1, bits.toArray());
    return number.signum() == 0 ? "0" : "0x" + number.toString(16);
  }
}
