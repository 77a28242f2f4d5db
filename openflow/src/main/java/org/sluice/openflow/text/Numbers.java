package org.sluice.openflow.text;

import java.math.BigInteger;

/** Numbers as C reads them: decimal, 0x hexadecimal or 0 octal. */
final class Numbers {
  private static final BigInteger LOW_64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** As many digits of any radix up to 16 as surely are less than 2^63. */
  private static final int LONG_DIGITS = 15;

  private Numbers() {}

  /** A number at the start of a text, and where it ends; {@code length} 0 for none. */
  record Prefix(BigInteger value, int length) {
    long low() {
      return value.and(LOW_64).longValue();
    }

    long high() {
      return value.shiftRight(64).longValue();
    }

    /** The number; a negative one as 64 bits have it. */
    BigInteger unsigned() {
      return value.signum() < 0 ? value.and(LOW_64) : value;
    }
  }

  /** A number and the mask behind it; {@code mask} null for none. */
  record Masked(Prefix value, Prefix mask) {}

  /** Reads as much of {@code text} as is a number. */
  static Prefix prefix(String text) {
    int sign = text.startsWith("-") ? 1 : 0;
    boolean hex = text.regionMatches(true, sign, "0x", 0, 2) && text.length() > sign + 2;
    int start = hex ? sign + 2 : sign;
    int radix = hex ? 16 : text.startsWith("0", sign) ? 8 : 10;
    int end = start;
    while (end < text.length() && Character.digit(text.charAt(end), radix) >= 0) {
      end++;
    }
    if (end == start) {
      return new Prefix(BigInteger.ZERO, 0);
    }
    BigInteger value = value(text, start, end, radix);
    return new Prefix(sign == 1 ? value.negate() : value, end);
  }

  private static BigInteger value(String text, int start, int end, int radix) {
    return end - start <= LONG_DIGITS
        ? BigInteger.valueOf(Long.parseLong(text, start, end, radix))
        : new BigInteger(text.substring(start, end), radix);
  }

  /** All of {@code text} as decimal digits, or -1. */
  static long decimal(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    long value = Long.parseLong(text);
    return value <= 0xffff_ffffL ? value : -1;
  }

  static int u8(String text, String name) throws OfSyntaxException {
    return bounded(text, name, 0xff);
  }

  static int u16(String text, String name) throws OfSyntaxException {
    return bounded(text, name, 0xffff);
  }

  private static int bounded(String text, String name, int max) throws OfSyntaxException {
    Prefix number = prefix(text);
    boolean whole = number.length() > 0 && number.length() == text.length();
    if (!whole || number.value().signum() < 0 || number.value().bitLength() > 31) {
      throw new OfSyntaxException("invalid " + name + " \"" + text + '"');
    }
    if (number.value().intValue() > max) {
      throw new OfSyntaxException("invalid " + name + " \"" + text + '"');
    }
    return number.value().intValue();
  }

  static int u32(String text) throws OfSyntaxException {
    return (int) integer(text, 32);
  }

  static long u64(String text) throws OfSyntaxException {
    return integer(text, 64);
  }

  private static long integer(String text, int bits) throws OfSyntaxException {
    if (text.isEmpty()) {
      throw new OfSyntaxException("missing required numeric argument");
    }
    Prefix number = prefix(text);
    if (number.length() != text.length() || number.value().bitLength() > bits) {
      throw new OfSyntaxException("invalid numeric format " + text);
    }
    return number.low();
  }

  /** {@code 0x} and the digits of an unsigned 128-bit number, without leading zeros. */
  static String hex(long high, long low) {
    return high == 0 ? "0x" + Long.toHexString(low) : String.format("0x%x%016x", high, low);
  }

  /** The same, but for 0, which has no prefix. */
  static String sharpHex(long high, long low) {
    return (high | low) == 0 ? "0" : hex(high, low);
  }

  /** As C's {@code %#x}: 0 has no prefix. */
  static String sharpHex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}
