package org.sluice.openflow.match;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.MatchedFields;

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
  public static boolean met(Field field, MatchedFields match) {
    return switch (field.prerequisite()) {
      case NONE -> true;
      case ETHERNET -> isEthernet(match);
      case VLAN -> isTagged(match);
      case MPLS -> {
        int type = ethType(match);
        yield type == ETH_TYPE_MPLS || type == ETH_TYPE_MPLS_MULTICAST;
      }
      case IPV4 -> ethType(match) == ETH_TYPE_IPV4;
      case IPV6 -> ethType(match) == ETH_TYPE_IPV6;
      case IP -> isIp(match);
      case ARP -> {
        int type = ethType(match);
        yield type == ETH_TYPE_ARP || type == ETH_TYPE_RARP;
      }
      case NSH -> ethType(match) == ETH_TYPE_NSH;
      case TCP -> isIp(match) && proto(match) == PROTO_TCP;
      case UDP -> isIp(match) && proto(match) == PROTO_UDP;
      case SCTP -> isIp(match) && proto(match) == PROTO_SCTP;
      case ICMPV4 -> ethType(match) == ETH_TYPE_IPV4 && proto(match) == PROTO_ICMP;
      case ICMPV6 -> isIcmpv6(match);
      case ND -> isNd(match, ND_SOLICIT) || isNd(match, ND_ADVERT);
      case ND_SOLICIT -> isNd(match, ND_SOLICIT);
      case ND_ADVERT -> isNd(match, ND_ADVERT);
      case CONNECTION -> isConnection(field, match);
    };
  }

  private static boolean isEthernet(MatchedFields match) {
    return !match.touches(Field.PACKET_TYPE) || match.get(Field.PACKET_TYPE) == 0;
  }

  private static boolean isTagged(MatchedFields match) {
    return (match.get(Field.VLAN_TCI) & match.mask(Field.VLAN_TCI) & MatchBuilder.VLAN_PRESENT)
        != 0;
  }

  /** The Ethernet type that is matched; 0 where none is. */
  private static int ethType(MatchedFields match) {
    if (match.covers(Field.ETH_TYPE)) {
      return (int) match.get(Field.ETH_TYPE);
    }
    long packetType = match.get(Field.PACKET_TYPE);
    boolean byPacketType = match.covers(Field.PACKET_TYPE) && packetType >>> 16 == 1;
    return byPacketType ? (int) packetType & 0xffff : 0;
  }

  private static boolean isIp(MatchedFields match) {
    int type = ethType(match);
    return type == ETH_TYPE_IPV4 || type == ETH_TYPE_IPV6;
  }

  private static int proto(MatchedFields match) {
    return match.covers(Field.NW_PROTO) ? (int) match.get(Field.NW_PROTO) : -1;
  }

  private static boolean isIcmpv6(MatchedFields match) {
    return ethType(match) == ETH_TYPE_IPV6 && proto(match) == PROTO_ICMPV6;
  }

  private static boolean isNd(MatchedFields match, int type) {
    return isIcmpv6(match)
        && match.covers(Field.ICMPV6_TYPE)
        && match.get(Field.ICMPV6_TYPE) == type
        && (!match.touches(Field.ICMPV6_CODE) || match.get(Field.ICMPV6_CODE) == 0);
  }

  private static boolean isConnection(Field field, MatchedFields match) {
    return switch (field) {
      case CT_NW_SRC, CT_NW_DST -> ethType(match) == ETH_TYPE_IPV4;
      case CT_IPV6_SRC, CT_IPV6_DST -> ethType(match) == ETH_TYPE_IPV6;
      case CT_TP_SRC, CT_TP_DST -> isIp(match) && isConnectionWithPorts(match);
      default -> isIp(match);
    };
  }

  private static boolean isConnectionWithPorts(MatchedFields match) {
    long proto = match.covers(Field.CT_NW_PROTO) ? match.get(Field.CT_NW_PROTO) : -1;
    return proto == PROTO_TCP
        || proto == PROTO_UDP
        || proto == PROTO_SCTP
        || proto == PROTO_ICMP
        || proto == PROTO_ICMPV6;
  }
}
