package org.sluice.datapath.packet;

/** IP protocol numbers that the switch looks into. */
public final class IpProtocol {
  public static final int HOP_BY_HOP = 0;
  public static final int ICMP = 1;
  public static final int IGMP = 2;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int DCCP = 33;
  public static final int ROUTING = 43;
  public static final int FRAGMENT = 44;
  public static final int GRE = 47;
  public static final int AUTHENTICATION = 51;
  public static final int ICMPV6 = 58;
  public static final int DESTINATION = 60;
  public static final int SCTP = 132;
  public static final int UDP_LITE = 136;

  private IpProtocol() {}

  /** Whether this is an IPv6 extension header with another one behind it. */
  public static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION -> true;
      default -> false;
    };
  }

  /** Whether the header begins with a source and a destination port. */
  public static boolean hasPorts(int protocol) {
    return protocol == TCP || protocol == UDP || protocol == SCTP;
  }

  /** Whether connections are told apart by ports; more than flow keys have ports for. */
  public static boolean isTrackedByPorts(int protocol) {
    return hasPorts(protocol) || protocol == UDP_LITE || protocol == DCCP;
  }

  /** Length of the fixed part of the protocol's header; 0 for one that is not looked into. */
  static int minHeaderBytes(int protocol) {
    return switch (protocol) {
      case TCP -> 20;
      case SCTP, DCCP -> 12;
      case UDP, UDP_LITE, ICMP, ICMPV6, IGMP -> 8;
      default -> 0;
    };
  }
}
