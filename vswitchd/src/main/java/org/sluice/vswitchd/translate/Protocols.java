package org.sluice.vswitchd.translate;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;

/** Which headers a packet has, told from its key; and what a question about that looks at. */
final class Protocols {
  static final int ETH_TYPE_IPV4 = 0x0800;
  static final int ETH_TYPE_ARP = 0x0806;
  static final int ETH_TYPE_RARP = 0x8035;
  static final int ETH_TYPE_VLAN = 0x8100;
  static final int ETH_TYPE_IPV6 = 0x86dd;
  static final int ETH_TYPE_MPLS = 0x8847;
  static final int ETH_TYPE_MPLS_MULTICAST = 0x8848;
  static final int ETH_TYPE_NSH = 0x894f;
  static final int TCI_PRESENT = 0x1000;
  static final int FRAGMENT_LATER = 2;

  static final int TCP = 6;
  static final int UDP = 17;
  static final int SCTP = 132;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int ND_SOLICIT = 135;
  private static final int ND_ADVERT = 136;

  private Protocols() {}

  static boolean isIp(FlowKey key) {
    int type = etherType(key);
    return type == ETH_TYPE_IPV4 || type == ETH_TYPE_IPV6;
  }

  static boolean isIpv4(FlowKey key) {
    return etherType(key) == ETH_TYPE_IPV4;
  }

  static boolean isArp(FlowKey key) {
    int type = etherType(key);
    return type == ETH_TYPE_ARP || type == ETH_TYPE_RARP;
  }

  static boolean isIcmp(FlowKey key) {
    return isIpWith(key, ETH_TYPE_IPV4, ICMP) || isIcmpv6(key);
  }

  static boolean isIcmpv6(FlowKey key) {
    return isIpWith(key, ETH_TYPE_IPV6, ICMPV6);
  }

  /** Whether the transport protocol has ports where TCP has them. */
  static boolean hasPorts(FlowKey key) {
    int protocol = (int) key.get(Field.NW_PROTO);
    return isIp(key) && (protocol == TCP || protocol == UDP || protocol == SCTP);
  }

  static boolean isLaterFragment(FlowKey key) {
    return (key.get(Field.IP_FRAG) & FRAGMENT_LATER) != 0;
  }

  static boolean isTagged(FlowKey key) {
    return (key.get(Field.VLAN_TCI) & TCI_PRESENT) != 0;
  }

  static int etherType(FlowKey key) {
    return (int) key.get(Field.ETH_TYPE);
  }

  /** Whether the packet has what {@code field} needs; {@code mask} covers what that rests on. */
  static boolean has(FlowKey key, Field field, FlowMask mask) {
    return switch (field.prerequisite()) {
      case NONE -> true;
      case ETHERNET -> key.get(Field.PACKET_TYPE) == 0;
      case VLAN -> tagged(key, mask);
      case MPLS -> isMpls(key);
      case IPV4 -> isIpv4(key);
      case IPV6 -> etherType(key) == ETH_TYPE_IPV6;
      case IP, CONNECTION -> isIp(key);
      case ARP -> isArp(key);
      case NSH -> etherType(key) == ETH_TYPE_NSH;
      case TCP -> carries(key, TCP, mask);
      case UDP -> carries(key, UDP, mask);
      case SCTP -> carries(key, SCTP, mask);
      case ICMPV4 -> isIpv4(key) && carries(key, ICMP, mask);
      case ICMPV6 -> isIcmpv6(key, mask);
      case ND -> neighbour(key, ND_SOLICIT, mask) || neighbour(key, ND_ADVERT, mask);
      case ND_SOLICIT -> neighbour(key, ND_SOLICIT, mask);
      case ND_ADVERT -> neighbour(key, ND_ADVERT, mask);
    };
  }

  private static boolean isMpls(FlowKey key) {
    int type = etherType(key);
    return type == ETH_TYPE_MPLS || type == ETH_TYPE_MPLS_MULTICAST;
  }

  private static boolean tagged(FlowKey key, FlowMask mask) {
    mask.set(Field.VLAN_TCI, mask.get(Field.VLAN_TCI) | TCI_PRESENT);
    return isTagged(key);
  }

  private static boolean carries(FlowKey key, int protocol, FlowMask mask) {
    if (!isIp(key)) {
      return false;
    }
    mask.cover(Field.NW_PROTO);
    return key.get(Field.NW_PROTO) == protocol && !isLaterFragment(key);
  }

  private static boolean isIcmpv6(FlowKey key, FlowMask mask) {
    return etherType(key) == ETH_TYPE_IPV6 && carries(key, ICMPV6, mask);
  }

  private static boolean neighbour(FlowKey key, int type, FlowMask mask) {
    if (!isIcmpv6(key, mask)) {
      return false;
    }
    mask.cover(Field.ICMPV6_TYPE);
    mask.cover(Field.ICMPV6_CODE);
    return key.get(Field.ICMPV6_TYPE) == type && key.get(Field.ICMPV6_CODE) == 0;
  }

  private static boolean isIpWith(FlowKey key, int etherType, int protocol) {
    return etherType(key) == etherType && key.get(Field.NW_PROTO) == protocol;
  }
}
