package org.sluice.datapath.flow;

import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Datapath flows as {@code dpctl/dump-flows} writes and {@code dpctl/add-flow} and {@code
 * ofproto/trace} read them, such as
 *
 * <pre>
 *   recirc_id(0),in_port(1),packet_type(ns=0,id=0),eth_type(0x8100),vlan(vid=5,pcp=0),
 *   encap(eth_type(0x0800),ipv4(dst=10.0.0.0/255.0.0.0,frag=no))
 * </pre>
 *
 * <p>Which attributes there are follows from the key's packet; without {@link
 * FlowTextOptions#verbose} those of them that the mask does not touch are left out. Stateless.
 */
public final class DatapathFlowText {
  private final StringBuilder out = new StringBuilder();
  private final FlowKey key;
  private final FlowMask mask;
  private final FlowTextOptions options;

  private DatapathFlowText(FlowKey key, FlowMask mask, FlowTextOptions options) {
    this.key = key;
    this.mask = mask;
    this.options = options;
  }

  /** The flow's text; a null mask stands for a flow that matches one key exactly. */
  public static String format(FlowKey key, FlowMask mask, FlowTextOptions options) {
    DatapathFlowText text = new DatapathFlowText(key, mask, options);
    text.formatMetadata();
    if (key.get(Field.PACKET_TYPE) == 0) {
      text.formatEthernet();
      text.formatTags(0);
    } else {
      text.formatNetwork();
    }
    return text.out.toString();
  }

  /**
   * Reads a flow. A field that is not named is wildcarded; one without a mask is exact.
   *
   * @throws FlowSyntaxException naming the first place that makes no sense
   */
  public static Match parse(String text, FlowTextOptions options) throws FlowSyntaxException {
    return new DatapathFlowParser(text, options).parseFlow();
  }

  private void formatMetadata() {
    formatAttribute(FlowAttribute.RECIRC_ID);
    formatAttribute(FlowAttribute.DP_HASH);
    formatAttribute(FlowAttribute.SKB_PRIORITY);
    if (hasTunnel()) {
      formatAttribute(FlowAttribute.TUNNEL);
    }
    formatAttribute(FlowAttribute.IN_PORT);
    formatAttribute(FlowAttribute.SKB_MARK);
    formatAttribute(FlowAttribute.CT_STATE);
    formatAttribute(FlowAttribute.CT_ZONE);
    formatAttribute(FlowAttribute.CT_MARK);
    formatAttribute(FlowAttribute.CT_LABEL);
    long type = key.get(Field.ETH_TYPE);
    if (key.get(Field.CT_NW_PROTO) != 0 && EtherType.isIp((int) type)) {
      formatAttribute(type == EtherType.IPV4 ? FlowAttribute.CT_TUPLE4 : FlowAttribute.CT_TUPLE6);
    }
    formatAttribute(FlowAttribute.PACKET_TYPE);
  }

  private boolean hasTunnel() {
    return key.get(Field.TUN_SRC) != 0
        || key.get(Field.TUN_DST) != 0
        || key.word(Word.TUN_IPV6_DST) != 0
        || key.word(Word.TUN_IPV6_DST + 1) != 0;
  }

  private void formatEthernet() {
    boolean wild = mask != null && FlowAttribute.ETH.isWild(mask);
    if (options.verbose() || !wild) {
      formatAttribute(FlowAttribute.ETH);
    } else if (FlowAttribute.PACKET_TYPE.isWild(mask)) {
      begin("eth()");
    }
  }

  private void formatAttribute(FlowAttribute attribute) {
    if (mask == null || options.verbose() || !attribute.isWild(mask)) {
      begin("");
      attribute.format(out, key, mask, options);
    }
  }

  private void begin(String text) {
    if (!out.isEmpty() && out.charAt(out.length() - 1) != '(') {
      out.append(',');
    }
    out.append(text);
  }

  private static int tci(FlowWords words, int depth) {
    return switch (depth) {
      case 0 -> (int) words.get(Field.VLAN_TCI);
      case 1 -> (int) (words.word(Word.VLAN) >>> 16) & 0xffff;
      default -> 0;
    };
  }

  /** Writes what lies behind {@code depth} tags, the next tag first. */
  private void formatTags(int depth) {
    int tci = tci(key, depth);
    int type = (int) key.get(Field.ETH_TYPE);
    boolean cutOff = tci == 0 && EtherType.isVlan(type);
    if (depth >= options.vlanLimit() || (tci == 0 && !cutOff)) {
      formatNetwork();
      return;
    }
    int tpid = cutOff ? type : (int) (key.word(Word.VLAN) >>> (48 - 16 * depth)) & 0xffff;
    begin("eth_type(" + NumberText.hex4(tpid) + ")");
    int bits = mask == null ? 0xffff : tci(mask, depth);
    if (bits != 0 || options.verbose()) {
      begin("vlan(");
      VlanText.format(out, tci, bits, options.verbose());
      out.append(')');
    }
    begin("encap(");
    if (tci != 0) {
      formatTags(depth + 1);
    }
    out.append(')');
  }

  private void formatNetwork() {
    int type = (int) key.get(Field.ETH_TYPE);
    if (type < 0x600) {
      if (mask != null) {
        begin("eth_type(0/0xffff)");
      }
      return;
    }
    formatAttribute(FlowAttribute.ETH_TYPE);
    switch (type) {
      case EtherType.IPV4 -> {
        formatAttribute(FlowAttribute.IPV4);
        formatTransport();
      }
      case EtherType.IPV6 -> {
        formatAttribute(FlowAttribute.IPV6);
        formatTransport();
      }
      case EtherType.ARP, EtherType.RARP -> formatAttribute(FlowAttribute.ARP);
      case EtherType.NSH -> formatAttribute(FlowAttribute.NSH);
      case EtherType.MPLS, EtherType.MPLS_MULTICAST -> {
        if (mask == null || options.verbose() || !MplsText.isWild(key, mask)) {
          begin("mpls(");
          MplsText.format(out, key, mask);
          out.append(')');
        }
      }
      default -> {}
    }
  }

  private void formatTransport() {
    if ((key.get(Field.IP_FRAG) & 2) != 0) {
      return;
    }
    boolean ipv4 = key.get(Field.ETH_TYPE) == EtherType.IPV4;
    switch ((int) key.get(Field.NW_PROTO)) {
      case IpProtocol.TCP -> {
        formatAttribute(FlowAttribute.TCP);
        if (key.get(Field.TCP_FLAGS) != 0 || (mask != null && mask.touches(Field.TCP_FLAGS))) {
          formatAttribute(FlowAttribute.TCP_FLAGS);
        }
      }
      case IpProtocol.UDP -> formatAttribute(FlowAttribute.UDP);
      case IpProtocol.SCTP -> formatAttribute(FlowAttribute.SCTP);
      case IpProtocol.ICMP -> {
        if (ipv4) {
          formatAttribute(FlowAttribute.ICMP);
        }
      }
      case IpProtocol.ICMPV6 -> {
        if (!ipv4) {
          formatAttribute(FlowAttribute.ICMPV6);
          formatNeighbour();
        }
      }
      default -> {}
    }
  }

  private void formatNeighbour() {
    long type = key.get(Field.ICMPV6_TYPE);
    boolean neighbour = (type == 135 || type == 136) && key.get(Field.ICMPV6_CODE) == 0;
    if (!neighbour || (mask != null && !mask.covers(Field.ICMPV6_TYPE) && !options.verbose())) {
      return;
    }
    formatAttribute(FlowAttribute.ND);
    if (key.get(Field.ND_RESERVED) != 0 || key.get(Field.ND_OPTIONS_TYPE) != 0) {
      formatAttribute(FlowAttribute.ND_EXT);
    }
  }
}
