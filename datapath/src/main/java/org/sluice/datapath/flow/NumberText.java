package org.sluice.datapath.flow;

/** Numbers as text, as C's {@code %#x} and {@code %i} have them. Stateless. */
final class NumberText {
  private NumberText() {}

  /** Such as {@code 0x1f}; {@code 0} without a prefix. */
  static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  /** A 128-bit number in hexadecimal. */
  static String hex(long high, long low) {
    if (high == 0) {
      return hex(low);
    }
    String tail = Long.toHexString(low);
    return "0x" + Long.toHexString(high) + "0".repeat(16 - tail.length()) + tail;
  }

  /** Such as {@code 0x0800}. */
  static String hex4(long value) {
    String digits = Long.toHexString(value);
    return "0x" + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  /** A decimal or, after 0x, hexadecimal number of at most {@code bits} bits, at most 64. */
  static long parse(String text, int bits) throws FlowSyntaxException {
    try {
      long value =
          isHex(text)
              ? Long.parseUnsignedLong(text.substring(2), 16)
              : Long.parseUnsignedLong(text);
      if (bits == 64 || value >>> bits == 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new FlowSyntaxException(text + ": not a number");
    }
    throw new FlowSyntaxException(text + ": more than " + bits + " bits");
  }

  /** The high and low half of a number of at most 128 bits. */
  static long[] parseWide(String text) throws FlowSyntaxException {
    if (!isHex(text) || text.length() <= 18) {
      return new long[] {0, parse(text, 64)};
    }
    int split = text.length() - 16;
    if (split > 18) {
      throw new FlowSyntaxException(text + ": more than 128 bits");
    }
    long high = parse(text.substring(0, split), 64);
    return new long[] {high, parse("0x" + text.substring(split), 64)};
  }

  private static boolean isHex(String text) {
    return text.startsWith("0x") || text.startsWith("0X");
  }
}
