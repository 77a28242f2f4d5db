package org.sluice.datapath.flow;

import static org.sluice.datapath.flow.FlowPart.part;

import java.util.List;
import java.util.Locale;
import org.sluice.datapath.flow.Field.Prerequisite;
import org.sluice.datapath.flow.FlowPart.Style;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;

/**
 * The parenthesized parts of a datapath flow's text, in the order in which they are written. (VLAN
 * tags and MPLS labels have a grammar of their own: {@link DatapathFlowText}.)
 */
public enum FlowAttribute {
  // spotless:off
  RECIRC_ID(part(null, Field.RECIRC_ID, Style.HEX)),
  DP_HASH(part(null, Field.DP_HASH, Style.HEX)),
  SKB_PRIORITY(part(null, Field.SKB_PRIORITY, Style.HEX)),
  TUNNEL(
      part("tun_id", Field.TUN_ID, Style.LONG_HEX), part("src", Field.TUN_SRC, Style.IPV4),
      part("dst", Field.TUN_DST, Style.IPV4), part("ipv6_src", Field.TUN_IPV6_SRC, Style.IPV6),
      part("ipv6_dst", Field.TUN_IPV6_DST, Style.IPV6), part("tos", Field.TUN_TOS, Style.HEX),
      part("ttl", Field.TUN_TTL, Style.DECIMAL), part("flags", Field.TUN_FLAGS, Style.TUNNEL_FLAGS)),
  IN_PORT(part(null, Field.IN_PORT_OXM, Style.PORT)),
  SKB_MARK(part(null, Field.PKT_MARK, Style.HEX)),
  CT_STATE(part(null, Field.CT_STATE, Style.CT_STATE)),
  CT_ZONE(part(null, Field.CT_ZONE, Style.HEX)),
  CT_MARK(part(null, Field.CT_MARK, Style.HEX)),
  CT_LABEL(part(null, Field.CT_LABEL, Style.LABEL)),
  CT_TUPLE4(
      part("src", Field.CT_NW_SRC, Style.IPV4), part("dst", Field.CT_NW_DST, Style.IPV4),
      part("proto", Field.CT_NW_PROTO, Style.DECIMAL),
      part("tp_src", Field.CT_TP_SRC, Style.DECIMAL), part("tp_dst", Field.CT_TP_DST, Style.DECIMAL)),
  CT_TUPLE6(
      part("src", Field.CT_IPV6_SRC, Style.IPV6), part("dst", Field.CT_IPV6_DST, Style.IPV6),
      part("proto", Field.CT_NW_PROTO, Style.DECIMAL),
      part("src_port", Field.CT_TP_SRC, Style.DECIMAL),
      part("dst_port", Field.CT_TP_DST, Style.DECIMAL)),
  PACKET_TYPE(
      new FlowPart("ns", Field.PACKET_TYPE, 16, 16, Style.DECIMAL),
      new FlowPart("id", Field.PACKET_TYPE, 0, 16, Style.HEX)),
  ETH(part("src", Field.ETH_SRC, Style.MAC), part("dst", Field.ETH_DST, Style.MAC)),
  ETH_TYPE(part(null, Field.ETH_TYPE, Style.ETHER_TYPE)),
  IPV4(
      part("src", Field.IP_SRC, Style.IPV4), part("dst", Field.IP_DST, Style.IPV4),
      part("proto", Field.NW_PROTO, Style.DECIMAL), part("tos", Field.NW_TOS, Style.HEX),
      part("ttl", Field.NW_TTL, Style.DECIMAL), part("frag", Field.IP_FRAG, Style.FRAGMENT)),
  IPV6(
      part("src", Field.IPV6_SRC, Style.IPV6), part("dst", Field.IPV6_DST, Style.IPV6),
      part("label", Field.IPV6_LABEL, Style.HEX), part("proto", Field.NW_PROTO, Style.DECIMAL),
      part("tclass", Field.NW_TOS, Style.HEX), part("hlimit", Field.NW_TTL, Style.DECIMAL),
      part("frag", Field.IP_FRAG, Style.FRAGMENT)),
  ARP(
      part("sip", Field.ARP_SPA, Style.IPV4), part("tip", Field.ARP_TPA, Style.IPV4),
      part("op", Field.ARP_OP, Style.DECIMAL), part("sha", Field.ARP_SHA, Style.MAC),
      part("tha", Field.ARP_THA, Style.MAC)),
  NSH(
      part("flags", Field.NSH_FLAGS, Style.DECIMAL), part("ttl", Field.NSH_TTL, Style.DECIMAL),
      part("mdtype", Field.NSH_MDTYPE, Style.DECIMAL), part("np", Field.NSH_NP, Style.DECIMAL),
      part("spi", Field.NSH_SPI, Style.LONG_HEX), part("si", Field.NSH_SI, Style.DECIMAL),
      part("c1", Field.NSH_C1, Style.LONG_HEX), part("c2", Field.NSH_C2, Style.LONG_HEX),
      part("c3", Field.NSH_C3, Style.LONG_HEX), part("c4", Field.NSH_C4, Style.LONG_HEX)),
  TCP(part("src", Field.TCP_SRC, Style.DECIMAL), part("dst", Field.TCP_DST, Style.DECIMAL)),
  TCP_FLAGS(part(null, Field.TCP_FLAGS, Style.TCP_FLAGS)),
  UDP(part("src", Field.UDP_SRC, Style.DECIMAL), part("dst", Field.UDP_DST, Style.DECIMAL)),
  SCTP(part("src", Field.SCTP_SRC, Style.DECIMAL), part("dst", Field.SCTP_DST, Style.DECIMAL)),
  ICMP(part("type", Field.ICMP_TYPE, Style.DECIMAL), part("code", Field.ICMP_CODE, Style.DECIMAL)),
  ICMPV6(
      part("type", Field.ICMPV6_TYPE, Style.DECIMAL), part("code", Field.ICMPV6_CODE, Style.DECIMAL)),
  ND(
      part("target", Field.ND_TARGET, Style.IPV6), part("sll", Field.ND_SLL, Style.MAC),
      part("tll", Field.ND_TLL, Style.MAC)),
  ND_EXT(
      part("nd_reserved", Field.ND_RESERVED, Style.LONG_HEX),
      part("nd_options_type", Field.ND_OPTIONS_TYPE, Style.DECIMAL));
  // spotless:on

  private final String text = name().toLowerCase(Locale.ROOT);
  private final List<FlowPart> parts;

  FlowAttribute(FlowPart... parts) {
    this.parts = List.of(parts);
  }

  /** The attribute called {@code name}, or null. */
  public static FlowAttribute byName(String name) {
    for (FlowAttribute attribute : values()) {
      if (attribute.text.equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  /**
   * The attribute under which the text of a set action shows {@code field}; null if it has none.
   *
   * @param context the packet's key, which tells IPv4 from IPv6; null if it is not known
   */
  public static FlowAttribute of(Field field, FlowKey context) {
    for (FlowAttribute attribute : values()) {
      for (FlowPart part : attribute.parts) {
        if (part.contains(field) && attribute.fits(field, context)) {
          return attribute;
        }
      }
    }
    return null;
  }

  private boolean fits(Field field, FlowKey context) {
    int type = context == null ? 0 : (int) context.get(Field.ETH_TYPE);
    return switch (this) {
      case CT_TUPLE6 -> type == EtherType.IPV6;
      case IPV4 -> type != EtherType.IPV6 && field.prerequisite() != Prerequisite.ARP;
      case ARP -> field.prerequisite() == Prerequisite.ARP;
      case TCP -> protocol(field, context) == IpProtocol.TCP;
      case UDP -> protocol(field, context) == IpProtocol.UDP;
      case SCTP -> protocol(field, context) == IpProtocol.SCTP;
      case ICMP -> protocol(field, context) == IpProtocol.ICMP;
      case ICMPV6 -> protocol(field, context) == IpProtocol.ICMPV6;
      default -> true;
    };
  }

  /** A port field of any protocol means the packet's; where that is not known, its own. */
  private static int protocol(Field field, FlowKey context) {
    int own =
        switch (field.prerequisite()) {
          case TCP -> IpProtocol.TCP;
          case UDP -> IpProtocol.UDP;
          case SCTP -> IpProtocol.SCTP;
          case ICMPV4 -> IpProtocol.ICMP;
          default -> IpProtocol.ICMPV6;
        };
    int packets = context == null ? 0 : (int) context.get(Field.NW_PROTO);
    return IpProtocol.hasPorts(own) && IpProtocol.hasPorts(packets) ? packets : own;
  }

  /** The values in it, as they are written. */
  public List<FlowPart> parts() {
    return parts;
  }

  /** The value called {@code name}; null if there is none. */
  FlowPart find(String name) {
    for (FlowPart part : parts) {
      if (name.equals(part.name()) || alias(name).equals(part.name())) {
        return part;
      }
    }
    return null;
  }

  /** The ports of {@code ct_tuple6} are read under the names that {@code ct_tuple4} has. */
  private static String alias(String name) {
    return switch (name) {
      case "tp_src" -> "src_port";
      case "tp_dst" -> "dst_port";
      default -> name;
    };
  }

  boolean isBare() {
    return parts.getFirst().name() == null;
  }

  boolean isWild(FlowMask mask) {
    return parts.stream().allMatch(part -> part.isWild(mask));
  }

  /** Writes name and values; a null mask means that all of them are exact. */
  public void format(StringBuilder out, FlowKey key, FlowMask mask, FlowTextOptions options) {
    out.append(text).append('(');
    for (FlowPart part : parts) {
      if (isShown(part, key, mask, options.verbose())) {
        formatPart(out, part, key, mask, options);
      }
    }
    out.append(')');
  }

  private boolean isShown(FlowPart part, FlowKey key, FlowMask mask, boolean verbose) {
    boolean absent = part.get(key) == 0 && part.getHigh(key) == 0;
    if (this == TUNNEL && absent && part.field() != Field.TUN_TTL) {
      return part.style() == Style.TUNNEL_FLAGS && mask != null && !part.isWild(mask);
    }
    boolean optional = part.style() == Style.FRAGMENT || !verbose;
    return mask == null || !optional || !part.isWild(mask);
  }

  private static void formatPart(
      StringBuilder out, FlowPart part, FlowKey key, FlowMask mask, FlowTextOptions options) {
    if (out.charAt(out.length() - 1) != '(') {
      out.append(',');
    }
    if (part.style() == Style.TUNNEL_FLAGS) {
      out.append("flags(");
      part.format(out, key, mask, options);
      out.append(')');
      return;
    }
    if (part.name() != null) {
      out.append(part.name()).append('=');
    }
    part.format(out, key, mask, options);
  }
}
