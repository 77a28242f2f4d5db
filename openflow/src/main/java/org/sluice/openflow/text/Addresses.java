package org.sluice.openflow.text;

import java.util.StringJoiner;

/** MAC, IPv4 and IPv6 addresses as text. IPv6 is compressed as RFC 5952 has it. */
public final class Addresses {
  private Addresses() {}

  /** Such as {@code 00:11:22:33:44:55}. */
  public static String mac(long mac) {
    StringBuilder out = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int octet = (int) (mac >>> shift) & 0xff;
      out.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 15, 16));
      if (shift > 0) {
        out.append(':');
      }
    }
    return out.toString();
  }

  /** Such as {@code 10.0.0.1}. */
  public static String ipv4(long address) {
    return (address >>> 24 & 0xff)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  /** Such as {@code fe80::1}. */
  public static String ipv6(long high, long low) {
    boolean ipv4Inside =
        high == 0 && (low >>> 32 == 0xffff || (low >>> 32 == 0 && low >>> 16 != 0));
    if (ipv4Inside) {
      return (low >>> 32 == 0xffff ? "::ffff:" : "::") + ipv4(low & 0xffff_ffffL);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    return compressed(groups);
  }

  private static String compressed(int[] groups) {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < groups.length; i++) {
      int length = zeros(groups, i);
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
    }
    if (bestStart < 0) {
      return joined(groups, 0, groups.length);
    }
    int after = bestStart + bestLength;
    return joined(groups, 0, bestStart) + "::" + joined(groups, after, groups.length);
  }

  private static int zeros(int[] groups, int from) {
    int end = from;
    while (end < groups.length && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String joined(int[] groups, int from, int to) {
    StringJoiner joiner = new StringJoiner(":");
    for (int i = from; i < to; i++) {
      joiner.add(Integer.toHexString(groups[i]));
    }
    return joiner.toString();
  }

  /** The 48 bits that {@code text} means, or -1. */
  static long parseMac(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 6) {
      return -1;
    }
    long mac = 0;
    for (String part : parts) {
      if (!part.matches("[0-9a-fA-F]{1,2}")) {
        return -1;
      }
      mac = mac << 8 | Integer.parseInt(part, 16);
    }
    return mac;
  }

  /** The 32 bits that {@code text} means, or -1. */
  static long parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return -1;
    }
    long address = 0;
    for (String part : parts) {
      if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
        return -1;
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  /** High and low 64 bits of what {@code text} means, or null. */
  static long[] parseIpv6(String text) {
    String whole = withIpv4AsGroups(text);
    if (whole == null || !whole.matches("[0-9a-fA-F:]+")) {
      return null;
    }
    int gap = whole.indexOf("::");
    String head = gap < 0 ? whole : whole.substring(0, gap);
    String tail = gap < 0 ? "" : whole.substring(gap + 2);
    String[] first = head.isEmpty() ? new String[0] : head.split(":", -1);
    String[] last = tail.isEmpty() ? new String[0] : tail.split(":", -1);
    int count = first.length + last.length;
    if (gap < 0 ? count != 8 : count > 7) {
      return null;
    }
    long[] result = new long[2];
    boolean ok = put(result, first, 0) && put(result, last, 8 - last.length);
    return ok ? result : null;
  }

  private static boolean put(long[] result, String[] groups, int from) {
    for (int i = 0; i < groups.length; i++) {
      if (groups[i].isEmpty() || groups[i].length() > 4) {
        return false;
      }
      int index = from + i;
      result[index / 4] |= Long.parseLong(groups[i], 16) << (48 - 16 * (index % 4));
    }
    return true;
  }

  private static String withIpv4AsGroups(String text) {
    if (!text.contains(".")) {
      return text;
    }
    int colon = text.lastIndexOf(':');
    long address = parseIpv4(text.substring(colon + 1));
    if (colon < 0 || address < 0) {
      return null;
    }
    String groups = Long.toHexString(address >>> 16) + ":" + Long.toHexString(address & 0xffff);
    return text.substring(0, colon + 1) + groups;
  }

  /** The length of a prefix mask of {@code bits}, or -1 where the ones are not all in front. */
  static int prefixLength(long high, long low, int bits) {
    long top = bits == 128 ? high : low << (64 - bits);
    long rest = bits == 128 ? low : 0;
    int ones = Long.numberOfLeadingZeros(~top);
    if (ones < 64) {
      return top << ones == 0 && rest == 0 ? ones : -1;
    }
    int more = Long.numberOfLeadingZeros(~rest);
    return more == 64 || rest << more == 0 ? 64 + more : -1;
  }
}
