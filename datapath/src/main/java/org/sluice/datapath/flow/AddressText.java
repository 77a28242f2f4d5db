package org.sluice.datapath.flow;

/** Ethernet, IPv4 and IPv6 addresses as text, written as the C library writes them. Stateless. */
public final class AddressText {
  private AddressText() {}

  /** Such as {@code 00:11:22:33:44:55}. */
  public static String mac(long address) {
    StringBuilder out = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int octet = (int) (address >>> shift) & 0xff;
      out.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 15, 16));
      if (shift > 0) {
        out.append(':');
      }
    }
    return out.toString();
  }

  /** Such as {@code 10.0.0.1}. */
  public static String ipv4(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  /** Such as {@code fe80::1}; the longest run of zeros is left out, the first of equal ones. */
  public static String ipv6(long high, long low) {
    boolean mapped = high == 0 && low >>> 32 == 0xffff;
    boolean compatible = high == 0 && low >>> 32 == 0 && low >>> 16 != 0;
    if (mapped || compatible) {
      return (mapped ? "::ffff:" : "::") + ipv4((int) low);
    }
    int runStart = 8;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = zeros(high, low, i);
      if (length > runLength) {
        runStart = i;
        runLength = length;
      }
    }
    StringBuilder out = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        out.append("::");
        i += runLength - 1;
      } else {
        out.append(needsColon(out) ? ":" : "").append(Integer.toHexString(group(high, low, i)));
      }
    }
    return out.toString();
  }

  private static boolean needsColon(StringBuilder out) {
    return !out.isEmpty() && out.charAt(out.length() - 1) != ':';
  }

  private static int zeros(long high, long low, int from) {
    int end = from;
    while (end < 8 && group(high, low, end) == 0) {
      end++;
    }
    return end - from;
  }

  private static int group(long high, long low, int index) {
    return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index & 3))) & 0xffff;
  }

  /** The 48 bits that {@code text} means. */
  public static long parseMac(String text) throws FlowSyntaxException {
    String[] octets = text.split(":", -1);
    long address = 0;
    for (String octet : octets) {
      address = address << 8 | digits(octet, 16, 2, text);
    }
    if (octets.length != 6) {
      throw new FlowSyntaxException(text + ": invalid Ethernet address");
    }
    return address;
  }

  /** The 32 bits that {@code text} means. */
  public static int parseIpv4(String text) throws FlowSyntaxException {
    String[] octets = text.split("\\.", -1);
    int address = 0;
    for (String octet : octets) {
      int value = digits(octet, 10, 3, text);
      if (value > 255) {
        throw new FlowSyntaxException(text + ": invalid IP address");
      }
      address = address << 8 | value;
    }
    if (octets.length != 4) {
      throw new FlowSyntaxException(text + ": invalid IP address");
    }
    return address;
  }

  /** The high and the low 64 bits that {@code text} means. */
  public static long[] parseIpv6(String text) throws FlowSyntaxException {
    int dot = text.indexOf('.');
    if (dot >= 0) {
      int colon = text.lastIndexOf(':');
      int tail = parseIpv4(text.substring(colon + 1));
      String groups = Integer.toHexString(tail >>> 16) + ":" + Integer.toHexString(tail & 0xffff);
      return parseIpv6(text.substring(0, colon + 1) + groups);
    }
    int gap = text.indexOf("::");
    String[] head = groups(gap < 0 ? text : text.substring(0, gap));
    String[] tail = gap < 0 ? new String[0] : groups(text.substring(gap + 2));
    int count = head.length + tail.length;
    if (gap < 0 ? count != 8 : count > 7) {
      throw new FlowSyntaxException(text + ": invalid IPv6 address");
    }
    long[] address = new long[2];
    place(address, head, 0, text);
    place(address, tail, 8 - tail.length, text);
    return address;
  }

  private static String[] groups(String text) {
    return text.isEmpty() ? new String[0] : text.split(":", -1);
  }

  private static void place(long[] address, String[] groups, int first, String text)
      throws FlowSyntaxException {
    for (int i = 0; i < groups.length; i++) {
      int index = first + i;
      address[index / 4] |= (long) digits(groups[i], 16, 4, text) << (48 - 16 * (index % 4));
    }
  }

  private static int digits(String digits, int radix, int most, String text)
      throws FlowSyntaxException {
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        throw new FlowSyntaxException(text + ": invalid address");
      }
      value = value * radix + digit;
    }
    if (digits.isEmpty() || digits.length() > most) {
      throw new FlowSyntaxException(text + ": invalid address");
    }
    return value;
  }
}
