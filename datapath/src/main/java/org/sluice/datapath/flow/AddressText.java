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
    long address = readMac(text);
    if (address < 0) {
      throw new FlowSyntaxException(text + ": invalid Ethernet address");
    }
    return address;
  }

  /** The 32 bits that {@code text} means. */
  public static int parseIpv4(String text) throws FlowSyntaxException {
    long address = readIpv4(text);
    if (address < 0) {
      throw new FlowSyntaxException(text + ": invalid IP address");
    }
    return (int) address;
  }

  /** The high and the low 64 bits that {@code text} means. */
  public static long[] parseIpv6(String text) throws FlowSyntaxException {
    long[] address = readIpv6(text);
    if (address == null) {
      throw new FlowSyntaxException(text + ": invalid IPv6 address");
    }
    return address;
  }

  /** The 48 bits that {@code text} means, or -1. */
  public static long readMac(String text) {
    String[] octets = text.split(":", -1);
    long address = octets.length == 6 ? 0 : -1;
    for (int i = 0; i < octets.length && address >= 0; i++) {
      int value = digits(octets[i], 16, 2);
      address = value < 0 ? -1 : address << 8 | value;
    }
    return address;
  }

  /** The 32 bits that {@code text} means, or -1. */
  public static long readIpv4(String text) {
    long address = 0;
    int start = 0;
    for (int octet = 0; octet < 4; octet++) {
      int dot = octet == 3 ? text.length() : text.indexOf('.', start);
      int value = dot < 0 ? -1 : digits(text, start, dot, 10, 3);
      if (value < 0 || value > 255) {
        return -1;
      }
      address = address << 8 | value;
      start = dot + 1;
    }
    return address;
  }

  /** The high and the low 64 bits that {@code text} means, or null. */
  public static long[] readIpv6(String text) {
    if (text.indexOf('.') >= 0) {
      int colon = text.lastIndexOf(':');
      long tail = readIpv4(text.substring(colon + 1));
      String groups = Long.toHexString(tail >>> 16) + ":" + Long.toHexString(tail & 0xffff);
      return tail < 0 ? null : readIpv6(text.substring(0, colon + 1) + groups);
    }
    int gap = text.indexOf("::");
    String[] head = groups(gap < 0 ? text : text.substring(0, gap));
    String[] tail = gap < 0 ? new String[0] : groups(text.substring(gap + 2));
    int count = head.length + tail.length;
    if (gap < 0 ? count != 8 : count > 7) {
      return null;
    }
    long[] address = new long[2];
    boolean ok = place(address, head, 0) && place(address, tail, 8 - tail.length);
    return ok ? address : null;
  }

  private static String[] groups(String text) {
    return text.isEmpty() ? new String[0] : text.split(":", -1);
  }

  private static boolean place(long[] address, String[] groups, int first) {
    for (int i = 0; i < groups.length; i++) {
      int index = first + i;
      int value = digits(groups[i], 16, 4);
      if (value < 0) {
        return false;
      }
      address[index / 4] |= (long) value << (48 - 16 * (index % 4));
    }
    return true;
  }

  /** The number that one to {@code most} digits mean, or -1. */
  private static int digits(String digits, int radix, int most) {
    return digits(digits, 0, digits.length(), radix, most);
  }

  /** The same, of those from {@code start} to before {@code end}. */
  private static int digits(String text, int start, int end, int radix, int most) {
    int value = end == start || end - start > most ? -1 : 0;
    for (int i = start; i < end && value >= 0; i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
      value = digit < 0 ? -1 : value * radix + digit;
    }
    return value;
  }
}
