package org.sluice.openflow.message;

/**
 * Which tracked connections to forget.
 *
 * @param zone null for every zone
 * @param protocol IP protocol; 0 for any
 */
public record CtFlush(
    Integer zone, int protocol, Tuple original, Tuple reply, Bits mark, Bits labels) {
  /** Matches bits under a mask; a mask of 0 matches anything. */
  public record Bits(long high, long low, long maskHigh, long maskLow) {
    /** Anything. */
    public static final Bits ANY = new Bits(0, 0, 0, 0);

    /** Whether anything matches. */
    public boolean isAny() {
      return (maskHigh | maskLow) == 0;
    }
  }

  /**
   * One direction of a connection; what is 0 may be anything.
   *
   * @param source an IPv4 address as mapped into IPv6, as is {@code destination}
   */
  public record Tuple(Address source, Address destination, Ports ports, Icmp icmp) {
    /** Anything. */
    public static final Tuple ANY =
        new Tuple(Address.ANY, Address.ANY, new Ports(0, 0), new Icmp(0, 0, 0));
  }

  /** 128 bits. */
  public record Address(long high, long low) {
    /** None given. */
    public static final Address ANY = new Address(0, 0);

    private static final long MAPPED = 0xffffL << 32;

    /** The IPv4 address mapped into IPv6. */
    public static Address ofIpv4(long address) {
      return new Address(0, MAPPED | address);
    }

    /** Whether none is given. */
    public boolean isAny() {
      return (high | low) == 0;
    }

    /** Whether it is an IPv4 address. */
    public boolean isIpv4() {
      return high == 0 && low >>> 32 == 0xffff;
    }
  }

  /** Of the transport protocol. */
  public record Ports(int source, int destination) {}

  /** What ICMP has in the place of ports. */
  public record Icmp(int id, int type, int code) {}

  /** Whether {@code protocol} is one of the two ICMPs. */
  public boolean isIcmp() {
    return protocol == 1 || protocol == 58;
  }

  /** Whether it is about every connection, or every one of the zone. */
  public boolean isForAll() {
    return protocol == 0
        && original.equals(Tuple.ANY)
        && reply.equals(Tuple.ANY)
        && mark.isAny()
        && labels.isAny();
  }

  /** Whether it is about IPv4, as far as addresses say it. */
  public boolean isIpv4() {
    return original.source().isIpv4()
        || original.destination().isIpv4()
        || reply.source().isIpv4()
        || reply.destination().isIpv4();
  }
}
