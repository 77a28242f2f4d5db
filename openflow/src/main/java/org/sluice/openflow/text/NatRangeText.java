package org.sluice.openflow.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.action.Nat;

/** Addresses and ports of a translation: {@code 10.0.0.1-10.0.0.9:1024-2048}. */
record NatRangeText(Nat.Addresses addresses, int minPort, int maxPort) {
  static final NatRangeText NONE = new NatRangeText(null, 0, 0);

  private static final String IPV4 = "\\d{1,3}(?:\\.\\d{1,3}){3}";
  private static final String IPV6 = "[0-9a-fA-F:]*:[0-9a-fA-F:.]*?";
  private static final String PORTS = "(?::(\\d{1,5})(?:-(\\d{1,5}))?)?";
  private static final Pattern V4 = Pattern.compile("(" + IPV4 + ")(?:-(" + IPV4 + "))?" + PORTS);
  private static final Pattern V6_BARE = Pattern.compile("(" + IPV6 + ")(?:-(" + IPV6 + "))?");
  private static final Pattern V6_BRACKETS =
      Pattern.compile("\\[(" + IPV6 + ")\\](?:-\\[(" + IPV6 + ")\\])?" + PORTS);

  static NatRangeText parse(String text) throws OfSyntaxException {
    if (text.isEmpty()) {
      return NONE;
    }
    Matcher v4 = V4.matcher(text);
    if (v4.matches()) {
      return withPorts(text, v4, v4Addresses(text, v4));
    }
    Matcher bare = V6_BARE.matcher(text);
    if (bare.matches()) {
      return new NatRangeText(v6Addresses(text, bare), 0, 0);
    }
    Matcher brackets = V6_BRACKETS.matcher(text);
    if (brackets.matches()) {
      return withPorts(text, brackets, v6Addresses(text, brackets));
    }
    int end = Math.max(goodUpTo(v4), Math.max(goodUpTo(bare), goodUpTo(brackets)));
    throw new OfSyntaxException(
        "garbage (%s) after nat range \"%s\" (pos: %d)".formatted(text.substring(end), text, end));
  }

  private static int goodUpTo(Matcher matcher) {
    return matcher.lookingAt() ? matcher.end() : 0;
  }

  private static OfSyntaxException invalid(String text) {
    return new OfSyntaxException("invalid nat range \"" + text + "\"");
  }

  private static Nat.Addresses v4Addresses(String text, Matcher matcher) throws OfSyntaxException {
    long min = AddressText.readIpv4(matcher.group(1));
    boolean range = matcher.group(2) != null;
    long max = range ? AddressText.readIpv4(matcher.group(2)) : 0;
    if (min < 0 || max < 0 || (range && max < min)) {
      throw invalid(text);
    }
    return new Nat.Addresses(false, 0, min, 0, max);
  }

  private static Nat.Addresses v6Addresses(String text, Matcher matcher) throws OfSyntaxException {
    long[] min = AddressText.readIpv6(matcher.group(1));
    boolean range = matcher.group(2) != null;
    long[] max = range ? AddressText.readIpv6(matcher.group(2)) : new long[2];
    if (min == null || max == null || (range && compare(max, min) < 0)) {
      throw invalid(text);
    }
    return new Nat.Addresses(true, min[0], min[1], max[0], max[1]);
  }

  private static int compare(long[] a, long[] b) {
    int high = Long.compareUnsigned(a[0], b[0]);
    return high != 0 ? high : Long.compareUnsigned(a[1], b[1]);
  }

  private static NatRangeText withPorts(String text, Matcher matcher, Nat.Addresses addresses)
      throws OfSyntaxException {
    int min = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    int max = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    if (min > 0xffff || max > 0xffff || (matcher.group(4) != null && max < min)) {
      throw invalid(text);
    }
    return new NatRangeText(addresses, min, max);
  }

  static String format(Nat nat) {
    Nat.Addresses addresses = nat.addresses();
    StringBuilder out = new StringBuilder();
    boolean ports = nat.minPort() != 0;
    out.append(address(addresses.ipv6(), addresses.minHigh(), addresses.minLow(), ports));
    boolean same =
        addresses.maxHigh() == addresses.minHigh() && addresses.maxLow() == addresses.minLow();
    if (addresses.hasMax() && !same) {
      out.append('-')
          .append(address(addresses.ipv6(), addresses.maxHigh(), addresses.maxLow(), ports));
    }
    if (ports) {
      out.append(':').append(nat.minPort());
      if (nat.maxPort() != 0 && nat.maxPort() != nat.minPort()) {
        out.append('-').append(nat.maxPort());
      }
    }
    return out.toString();
  }

  private static String address(boolean ipv6, long high, long low, boolean brackets) {
    if (!ipv6) {
      return AddressText.ipv4((int) low);
    }
    String text = AddressText.ipv6(high, low);
    return brackets ? "[" + text + "]" : text;
  }
}
