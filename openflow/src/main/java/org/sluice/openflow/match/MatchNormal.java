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

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;

/**
 * Takes out of a match the fields that no packet it matches can have, such as an IP address without
 * an Ethernet type.
 */
public final class MatchNormal {
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
    keepIf(ethType == ETH_TYPE_IPV4 || arp, Field.IP_SRC, Field.IP_DST);
    keepIf(hasPorts(ip), Field.TCP_SRC, Field.TCP_DST);
    keepIf(ip || arp, Field.ARP_OP, Field.NW_PROTO);
    keepIf(ip, Field.IP_DSCP, Field.NW_ECN, Field.NW_TTL);
    keepIf(ethType == ETH_TYPE_IPV6, Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL);
    boolean solicit = isNd(ND_SOLICIT);
    boolean advert = isNd(ND_ADVERT);
    keepIf(arp || solicit, Field.ARP_SHA);
    keepIf(arp || advert, Field.ARP_THA);
    keepIf(solicit || advert, Field.ND_TARGET);
    boolean mpls = ethType == ETH_TYPE_MPLS || ethType == ETH_TYPE_MPLS_MULTICAST;
    keepIf(mpls, Field.MPLS_LABEL, Field.MPLS_TC, Field.MPLS_BOS, Field.MPLS_TTL);
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

  private void keepIf(boolean may, Field... fields) {
    for (Field field : fields) {
      if (!may && match.touches(field)) {
        take(field);
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
