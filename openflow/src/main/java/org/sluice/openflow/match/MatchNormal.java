package org.sluice.openflow.match;

import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_ARP;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_IPV4;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_IPV6;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS_MULTICAST;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_RARP;
import static org.sluice.openflow.match.Prerequisites.ND_ADVERT;
import static org.sluice.openflow.match.Prerequisites.ND_SOLICIT;
import static org.sluice.openflow.match.Prerequisites.PROTO_ICMP;
import static org.sluice.openflow.match.Prerequisites.PROTO_ICMPV6;
import static org.sluice.openflow.match.Prerequisites.PROTO_SCTP;
import static org.sluice.openflow.match.Prerequisites.PROTO_TCP;
import static org.sluice.openflow.match.Prerequisites.PROTO_UDP;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;

/**
 * Takes out of a match the fields that no packet it matches can have, such as an IP address without
 * an Ethernet type.
 */
public final class MatchNormal {
  private static final List<Field> IPV4 = List.of(Field.IP_SRC, Field.IP_DST);
  private static final List<Field> PORTS = List.of(Field.TCP_SRC, Field.TCP_DST);
  private static final List<Field> PROTOCOL = List.of(Field.ARP_OP, Field.NW_PROTO);
  private static final List<Field> IP = List.of(Field.IP_DSCP, Field.NW_ECN, Field.NW_TTL);
  private static final List<Field> IPV6 = List.of(Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL);
  private static final List<Field> SENDER = List.of(Field.ARP_SHA);
  private static final List<Field> TARGET = List.of(Field.ARP_THA);
  private static final List<Field> ND = List.of(Field.ND_TARGET);
  private static final List<Field> MPLS =
      List.of(Field.MPLS_LABEL, Field.MPLS_TC, Field.MPLS_BOS, Field.MPLS_TTL);

  private final Match match;
  private final int ethType;
  private final int proto;

  /** What is left; null while that is everything. */
  private FlowMask left;

  private MatchNormal(Match match) {
    this.match = match;
    ethType = (int) match.get(Field.ETH_TYPE);
    proto = (int) match.get(Field.NW_PROTO);
  }

  /** The normal form; {@code match} itself where it is normal. */
  public static Match of(Match match) {
    MatchNormal normal = new MatchNormal(match);
    normal.clear();
    return normal.left == null ? match : new Match(match.key(), normal.left);
  }

  private void clear() {
    boolean ip = ethType == ETH_TYPE_IPV4 || ethType == ETH_TYPE_IPV6;
    boolean arp = ethType == ETH_TYPE_ARP || ethType == ETH_TYPE_RARP;
    keepIf(ethType == ETH_TYPE_IPV4 || arp, IPV4);
    keepIf(hasPorts(ip), PORTS);
    keepIf(ip || arp, PROTOCOL);
    keepIf(ip, IP);
    keepIf(ethType == ETH_TYPE_IPV6, IPV6);
    boolean solicit = isNd(ND_SOLICIT);
    boolean advert = isNd(ND_ADVERT);
    keepIf(arp || solicit, SENDER);
    keepIf(arp || advert, TARGET);
    keepIf(solicit || advert, ND);
    boolean mpls = ethType == ETH_TYPE_MPLS || ethType == ETH_TYPE_MPLS_MULTICAST;
    keepIf(mpls, MPLS);
  }

  private boolean hasPorts(boolean ip) {
    return ip
        && switch (proto) {
          case PROTO_TCP, PROTO_UDP, PROTO_SCTP -> true;
          case PROTO_ICMP -> ethType == ETH_TYPE_IPV4;
          case PROTO_ICMPV6 -> ethType == ETH_TYPE_IPV6;
          default -> false;
        };
  }

  private boolean isNd(int type) {
    return ethType == ETH_TYPE_IPV6
        && proto == PROTO_ICMPV6
        && match.get(Field.ICMPV6_TYPE) == type;
  }

  private void keepIf(boolean may, List<Field> fields) {
    if (may) {
      return;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (match.touches(fields.get(i))) {
        take(fields.get(i));
      }
    }
  }

  private void take(Field field) {
    if (left == null) {
      left = match.mask();
    }
    left.set(field, 0, 0);
  }
}
