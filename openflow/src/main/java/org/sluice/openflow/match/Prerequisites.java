package org.sluice.openflow.match;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;

/** What a match must already say for a field to be there. */
public final class Prerequisites {
  public static final int ETH_TYPE_IPV4 = 0x0800;
  public static final int ETH_TYPE_ARP = 0x0806;
  public static final int ETH_TYPE_RARP = 0x8035;
  public static final int ETH_TYPE_IPV6 = 0x86dd;
  public static final int ETH_TYPE_MPLS = 0x8847;
  public static final int ETH_TYPE_MPLS_MULTICAST = 0x8848;
  public static final int ETH_TYPE_NSH = 0x894f;
  public static final int PROTO_ICMP = 1;
  public static final int PROTO_TCP = 6;
  public static final int PROTO_UDP = 17;
  public static final int PROTO_SCTP = 132;
  public static final int PROTO_ICMPV6 = 58;
  public static final int ND_SOLICIT = 135;
  public static final int ND_ADVERT = 136;

  private Prerequisites() {}

  /** Whether {@code match} says what {@code field} needs. */
  public static boolean met(Field field, Match match) {
    return met(field, match.key(), match.mask());
  }

  static boolean met(Field field, FlowKey key, FlowMask mask) {
    return switch (field.prerequisite()) {
      case NONE -> true;
      case ETHERNET -> isEthernet(key, mask);
      case VLAN -> isTagged(key, mask);
      case MPLS -> {
        int type = ethType(key, mask);
        yield type == ETH_TYPE_MPLS || type == ETH_TYPE_MPLS_MULTICAST;
      }
      case IPV4 -> ethType(key, mask) == ETH_TYPE_IPV4;
      case IPV6 -> ethType(key, mask) == ETH_TYPE_IPV6;
      case IP -> isIp(key, mask);
      case ARP -> {
        int type = ethType(key, mask);
        yield type == ETH_TYPE_ARP || type == ETH_TYPE_RARP;
      }
      case NSH -> ethType(key, mask) == ETH_TYPE_NSH;
      case TCP -> isIp(key, mask) && proto(key, mask) == PROTO_TCP;
      case UDP -> isIp(key, mask) && proto(key, mask) == PROTO_UDP;
      case SCTP -> isIp(key, mask) && proto(key, mask) == PROTO_SCTP;
      case ICMPV4 -> ethType(key, mask) == ETH_TYPE_IPV4 && proto(key, mask) == PROTO_ICMP;
      case ICMPV6 -> isIcmpv6(key, mask);
      case ND -> isNd(key, mask, ND_SOLICIT) || isNd(key, mask, ND_ADVERT);
      case ND_SOLICIT -> isNd(key, mask, ND_SOLICIT);
      case ND_ADVERT -> isNd(key, mask, ND_ADVERT);
      case CONNECTION -> isConnection(field, key, mask);
    };
  }

  private static boolean isEthernet(FlowKey key, FlowMask mask) {
    return !mask.touches(Field.PACKET_TYPE) || key.get(Field.PACKET_TYPE) == 0;
  }

  private static boolean isTagged(FlowKey key, FlowMask mask) {
    return (key.get(Field.VLAN_TCI) & mask.get(Field.VLAN_TCI) & MatchBuilder.VLAN_PRESENT) != 0;
  }

  /** The Ethernet type that is matched; 0 where none is. */
  private static int ethType(FlowKey key, FlowMask mask) {
    if (mask.covers(Field.ETH_TYPE)) {
      return (int) key.get(Field.ETH_TYPE);
    }
    long packetType = key.get(Field.PACKET_TYPE);
    boolean byPacketType = mask.covers(Field.PACKET_TYPE) && packetType >>> 16 == 1;
    return byPacketType ? (int) packetType & 0xffff : 0;
  }

  private static boolean isIp(FlowKey key, FlowMask mask) {
    int type = ethType(key, mask);
    return type == ETH_TYPE_IPV4 || type == ETH_TYPE_IPV6;
  }

  private static int proto(FlowKey key, FlowMask mask) {
    return mask.covers(Field.NW_PROTO) ? (int) key.get(Field.NW_PROTO) : -1;
  }

  private static boolean isIcmpv6(FlowKey key, FlowMask mask) {
    return ethType(key, mask) == ETH_TYPE_IPV6 && proto(key, mask) == PROTO_ICMPV6;
  }

  private static boolean isNd(FlowKey key, FlowMask mask, int type) {
    return isIcmpv6(key, mask)
        && mask.covers(Field.ICMPV6_TYPE)
        && key.get(Field.ICMPV6_TYPE) == type
        && (!mask.touches(Field.ICMPV6_CODE) || key.get(Field.ICMPV6_CODE) == 0);
  }

  private static boolean isConnection(Field field, FlowKey key, FlowMask mask) {
    return switch (field) {
      case CT_NW_SRC, CT_NW_DST -> ethType(key, mask) == ETH_TYPE_IPV4;
      case CT_IPV6_SRC, CT_IPV6_DST -> ethType(key, mask) == ETH_TYPE_IPV6;
      case CT_TP_SRC, CT_TP_DST -> isIp(key, mask) && isConnectionWithPorts(key, mask);
      default -> isIp(key, mask);
    };
  }

  private static boolean isConnectionWithPorts(FlowKey key, FlowMask mask) {
    long proto = mask.covers(Field.CT_NW_PROTO) ? key.get(Field.CT_NW_PROTO) : -1;
    return proto == PROTO_TCP
        || proto == PROTO_UDP
        || proto == PROTO_SCTP
        || proto == PROTO_ICMP
        || proto == PROTO_ICMPV6;
  }
}
