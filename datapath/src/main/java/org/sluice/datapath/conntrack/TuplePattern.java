package org.sluice.datapath.conntrack;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Picks connections by parts of a tuple, written as in {@code
 * ct_nw_src=10.0.0.1,ct_nw_proto=17,ct_tp_dst=53}. Immutable.
 */
public final class TuplePattern {
  private final List<Predicate<ConnectionTuple>> parts = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final long[] addresses = new long[4];
  private int protocol;
  private Family family = Family.ANY;
  private int sourcePort;
  private int destinationPort;
  private int icmpType;
  private int icmpCode;

  private enum Family {
    ANY,
    IPV4,
    IPV6
  }

  private TuplePattern() {}

  /** Reads a pattern; an empty text picks all. */
  public static TuplePattern parse(String text) throws FlowSyntaxException {
    return new TuplePattern().read(text);
  }

  /** Reads the pattern of the other direction, which has this one's protocols. */
  public TuplePattern parseReply(String text) throws FlowSyntaxException {
    TuplePattern pattern = new TuplePattern();
    pattern.protocol = protocol;
    pattern.family = family;
    return pattern.read(text);
  }

  private TuplePattern read(String text) throws FlowSyntaxException {
    for (String part : text.split("[, ]+", -1)) {
      if (!part.isEmpty()) {
        add(part);
      }
    }
    if (protocol == 0 && (keys.contains("ct_tp_src") || keys.contains("ct_tp_dst"))) {
      throw new FlowSyntaxException("port is set without protocol");
    }
    return this;
  }

  /** Whether the tuple has everything that the pattern names. */
  public boolean matches(ConnectionTuple tuple) {
    return parts.stream().allMatch(part -> part.test(tuple));
  }

  /** Whether it picks everything. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** The only tuple that it picks, if it names every part of one. */
  public Optional<ConnectionTuple> whole() {
    boolean hasAddresses =
        keys.containsAll(Set.of("ct_nw_src", "ct_nw_dst"))
            || keys.containsAll(Set.of("ct_ipv6_src", "ct_ipv6_dst"));
    boolean isIcmp = protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    boolean hasPorts =
        isIcmp
            ? keys.containsAll(Set.of("icmp_id", "icmp_type", "icmp_code"))
            : keys.containsAll(Set.of("ct_tp_src", "ct_tp_dst"));
    if (!hasAddresses || !keys.contains("ct_nw_proto") || !hasPorts) {
      return Optional.empty();
    }
    int destination = isIcmp ? icmpType << 8 | icmpCode : destinationPort;
    return Optional.of(
        new ConnectionTuple(
            family == Family.IPV6,
            protocol,
            addresses[0],
            addresses[1],
            addresses[2],
            addresses[3],
            sourcePort,
            destination));
  }

  private void add(String part) throws FlowSyntaxException {
    int equals = part.indexOf('=');
    String key = equals < 0 ? part : part.substring(0, equals);
    String value = equals < 0 ? "" : part.substring(equals + 1);
    if (value.isEmpty()) {
      throw new FlowSyntaxException("field " + key + " missing value");
    }
    if (!keys.add(key)) {
      throw new FlowSyntaxException(key + " is set multiple times");
    }
    parts.add(part(key, value));
  }

  private void want(Family wanted, String value) throws FlowSyntaxException {
    if (family != Family.ANY && family != wanted) {
      throw new FlowSyntaxException("the L3 protocol does not match " + value);
    }
    family = wanted;
  }

  private Predicate<ConnectionTuple> part(String key, String value) throws FlowSyntaxException {
    return switch (key) {
      case "ct_nw_src", "ct_nw_dst" -> ipv4(key, value);
      case "ct_ipv6_src", "ct_ipv6_dst" -> ipv6(key, value);
      case "ct_nw_proto" -> {
        protocol = number(key, value, 255);
        int wanted = protocol;
        yield tuple -> tuple.protocol() == wanted;
      }
      case "ct_tp_src" -> {
        int port = number(key, value, 65_535);
        sourcePort = port;
        yield tuple -> tuple.sourcePort() == port;
      }
      case "ct_tp_dst" -> {
        int port = number(key, value, 65_535);
        destinationPort = port;
        yield tuple -> tuple.destinationPort() == port;
      }
      case "icmp_id", "icmp_type", "icmp_code" -> icmp(key, value);
      default -> throw new FlowSyntaxException("invalid conntrack tuple field: " + key);
    };
  }

  private Predicate<ConnectionTuple> ipv4(String key, String value) throws FlowSyntaxException {
    want(Family.IPV4, value);
    long address;
    try {
      address = AddressText.parseIpv4(value) & 0xffff_ffffL;
    } catch (FlowSyntaxException e) {
      throw unreadable(key);
    }
    boolean isSource = key.endsWith("src");
    addresses[isSource ? 1 : 3] = address;
    return tuple ->
        !tuple.ipv6() && (isSource ? tuple.sourceLow() : tuple.destinationLow()) == address;
  }

  private Predicate<ConnectionTuple> ipv6(String key, String value) throws FlowSyntaxException {
    want(Family.IPV6, value);
    long[] address;
    try {
      address = AddressText.parseIpv6(value);
    } catch (FlowSyntaxException e) {
      throw unreadable(key);
    }
    long high = address[0];
    long low = address[1];
    System.arraycopy(address, 0, addresses, key.endsWith("src") ? 0 : 2, 2);
    if (key.endsWith("src")) {
      return tuple -> tuple.ipv6() && tuple.sourceHigh() == high && tuple.sourceLow() == low;
    }
    return tuple ->
        tuple.ipv6() && tuple.destinationHigh() == high && tuple.destinationLow() == low;
  }

  private Predicate<ConnectionTuple> icmp(String key, String value) throws FlowSyntaxException {
    if (protocol != IpProtocol.ICMP && protocol != IpProtocol.ICMPV6) {
      throw new FlowSyntaxException("invalid L4 fields");
    }
    int wanted = number(key, value, key.equals("icmp_id") ? 65_535 : 255);
    switch (key) {
      case "icmp_id" -> sourcePort = wanted;
      case "icmp_type" -> icmpType = wanted;
      default -> icmpCode = wanted;
    }
    return switch (key) {
      case "icmp_id" -> tuple -> tuple.sourcePort() == wanted;
      case "icmp_type" -> tuple -> tuple.destinationPort() >>> 8 == wanted;
      default -> tuple -> (tuple.destinationPort() & 0xff) == wanted;
    };
  }

  private static int number(String key, String value, int max) throws FlowSyntaxException {
    try {
      int number = Integer.decode(value);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw unreadable(key);
    }
    throw unreadable(key);
  }

  private static FlowSyntaxException unreadable(String key) {
    return new FlowSyntaxException("failed to parse field " + key);
  }
}
