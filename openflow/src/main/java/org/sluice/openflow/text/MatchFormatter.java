package org.sluice.openflow.text;

import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_ARP;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_IPV4;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_IPV6;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS_MULTICAST;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_NSH;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_RARP;
import static org.sluice.openflow.match.Prerequisites.PROTO_ICMP;
import static org.sluice.openflow.match.Prerequisites.PROTO_ICMPV6;
import static org.sluice.openflow.match.Prerequisites.PROTO_SCTP;
import static org.sluice.openflow.match.Prerequisites.PROTO_TCP;
import static org.sluice.openflow.match.Prerequisites.PROTO_UDP;

import java.util.StringJoiner;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.FlowWords;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.message.FlowMod;

/**
 * Writes a match as {@code ovs-ofctl dump-flows} does: protocol words first, then fields in the
 * order that tools have come to expect. Used by one thread, for one match.
 */
public final class MatchFormatter {
  private static final int VLAN_PRESENT = 0x1000;

  private final FlowKey key;
  private final FlowMask mask;
  private final Names names;
  private final StringJoiner out = new StringJoiner(",");
  private final int ethType;
  private final int proto;
  private boolean showType = true;
  private boolean showProto = true;

  private MatchFormatter(Match match, Names names) {
    key = match.key();
    mask = match.mask();
    this.names = names;
    boolean byPacketType =
        mask.touches(Field.PACKET_TYPE) && key.get(Field.PACKET_TYPE) >>> 16 == 1;
    ethType = (int) (byPacketType ? key.get(Field.PACKET_TYPE) & 0xffff : key.get(Field.ETH_TYPE));
    proto = (int) key.get(Field.NW_PROTO);
  }

  /** The match alone. */
  public static String format(Match match, Names names) {
    return format(match, FlowMod.DEFAULT_PRIORITY, names);
  }

  /** The match, after its priority where that is not the usual one. */
  public static String format(Match match, int priority, Names names) {
    MatchFormatter formatter = new MatchFormatter(match, names);
    if (priority != FlowMod.DEFAULT_PRIORITY) {
      formatter.out.add("priority=" + priority);
    }
    formatter.addAll();
    return names.painter().match(formatter.out.toString());
  }

  private void addAll() {
    addMetadata();
    addConnection();
    addProtocol();
    addRegistersAndTunnel();
    addLink();
    addNetwork();
    addTransport();
  }

  private void addMetadata() {
    addSharpHex(Field.PKT_MARK);
    addSharpHex(Field.RECIRC_ID);
    addSharpHex(Field.DP_HASH);
    addDecimal(Field.CONJ_ID);
    addSharpHex(Field.SKB_PRIORITY);
    if (mask.touches(Field.ACTSET_OUTPUT)) {
      out.add("actset_output=" + names.portText((int) key.get(Field.ACTSET_OUTPUT)));
    }
  }

  private void addConnection() {
    addFormatted(Field.CT_STATE);
    addDecimal(Field.CT_ZONE);
    addSharpHex(Field.CT_MARK);
    addFormatted(Field.CT_LABEL);
    addFormatted(Field.CT_NW_SRC);
    addFormatted(Field.CT_IPV6_SRC);
    addFormatted(Field.CT_NW_DST);
    addFormatted(Field.CT_IPV6_DST);
    if (mask.touches(Field.CT_NW_PROTO)) {
      addDecimal(Field.CT_NW_PROTO);
      addDecimal(Field.CT_TP_SRC);
      addDecimal(Field.CT_TP_DST);
    }
  }

  private void addProtocol() {
    if (mask.touches(Field.PACKET_TYPE)) {
      addPacketType();
    }
    if (!mask.touches(Field.ETH_TYPE)) {
      return;
    }
    boolean hasProto = mask.touches(Field.NW_PROTO);
    String word =
        switch (ethType) {
          case ETH_TYPE_IPV4 -> protocolWord(hasProto, "ip", "", "icmp", PROTO_ICMP);
          case ETH_TYPE_IPV6 -> protocolWord(hasProto, "ipv6", "6", "icmp6", PROTO_ICMPV6);
          case ETH_TYPE_ARP -> "arp";
          case ETH_TYPE_RARP -> "rarp";
          case ETH_TYPE_MPLS -> "mpls";
          case ETH_TYPE_MPLS_MULTICAST -> "mplsm";
          default -> null;
        };
    if (word != null) {
      showType = false;
      out.add(word);
    }
  }

  /** Ethernet goes without saying, but not in a megaflow: one that matches recirculation ids. */
  private void addPacketType() {
    if (key.get(Field.PACKET_TYPE) != 0) {
      addFormatted(Field.PACKET_TYPE);
    } else if (mask.touches(Field.RECIRC_ID)) {
      out.add("eth");
    }
  }

  private String protocolWord(
      boolean hasProto, String plain, String suffix, String icmp, int icmpProto) {
    if (!hasProto) {
      return plain;
    }
    showProto = false;
    if (proto == icmpProto) {
      return icmp;
    }
    String family =
        switch (proto) {
          case PROTO_TCP -> "tcp";
          case PROTO_UDP -> "udp";
          case PROTO_SCTP -> "sctp";
          default -> null;
        };
    showProto = family == null;
    return family == null ? plain : family + suffix;
  }

  private void addRegistersAndTunnel() {
    for (int i = 0; i < 32; i++) {
      addSharpHex(Field.byName("reg" + i));
    }
    addSharpHex(Field.TUN_ID);
    addFormatted(Field.TUN_SRC);
    addFormatted(Field.TUN_DST);
    addFormatted(Field.TUN_IPV6_SRC);
    addFormatted(Field.TUN_IPV6_DST);
    addDecimal(Field.TUN_GBP_ID);
    addSharpHex(Field.TUN_GBP_FLAGS);
    addSharpHex(Field.TUN_TOS);
    addDecimal(Field.TUN_TTL);
    addErspanAndGtpu();
    if (mask.touches(Field.TUN_FLAGS)) {
      int flags = (int) key.get(Field.TUN_FLAGS);
      out.add("tun_flags=" + FlagSet.TUNNEL.formatSome(flags, (int) mask.get(Field.TUN_FLAGS)));
    }
    mask.options().fields().forEach(this::addOption);
    addSharpHex(Field.METADATA);
  }

  private void addOption(Field option) {
    if (!mask.touches(option)) {
      return;
    }
    OptionLayout layout = mask.options();
    byte[] bits = layout.get(mask, option);
    if ((key.word(Word.TUN_OPTIONS) & option.wordMask()) == 0) {
      out.add(option.text() + "=NP");
    } else if ((layout.isOpen(option) || bits.length > 0) && OptionBits.isZero(bits)) {
      out.add(option.text());
    } else {
      boolean whole = OptionBits.isAllOnes(bits);
      out.add(option.text() + "=" + OptionBits.of(layout.get(key, option), whole ? null : bits));
    }
  }

  private void addErspanAndGtpu() {
    addDecimal(Field.TUN_ERSPAN_VER);
    if (key.get(Field.TUN_ERSPAN_VER) == 1) {
      addSharpHex(Field.TUN_ERSPAN_IDX);
    } else if (key.get(Field.TUN_ERSPAN_VER) == 2) {
      addDecimal(Field.TUN_ERSPAN_DIR);
      addSharpHex(Field.TUN_ERSPAN_HWID);
    }
    addNamed("gtpu_flags", Field.TUN_GTPU_FLAGS);
    addNamed("gtpu_msgtype", Field.TUN_GTPU_MSGTYPE);
  }

  private void addLink() {
    if (mask.touches(Field.IN_PORT)) {
      out.add("in_port=" + names.portText((int) key.get(Field.IN_PORT)));
    }
    addVlan("", (int) key.get(Field.VLAN_TCI), (int) mask.get(Field.VLAN_TCI));
    if (mask.touches(Field.VLAN_TCI)) {
      addVlan("1", innerTci(key), innerTci(mask));
    }
    addNamed("dl_src", Field.ETH_SRC);
    addNamed("dl_dst", Field.ETH_DST);
    if (showType && mask.touches(Field.ETH_TYPE)) {
      out.add("dl_type=0x%04x".formatted(ethType));
    }
  }

  private static int innerTci(FlowWords words) {
    return (int) (words.word(Word.VLAN) >>> 16) & 0xffff;
  }

  private void addVlan(String index, int tci, int bits) {
    if (bits == 0) {
      return;
    }
    int vidBits = bits & 0xfff;
    int pcpBits = bits & 0xe000;
    boolean present = (bits & tci & VLAN_PRESENT) != 0;
    boolean whole = (vidBits == 0 || vidBits == 0xfff) && (pcpBits == 0 || pcpBits == 0xe000);
    if (present && whole && (vidBits | pcpBits) != 0) {
      if (vidBits != 0) {
        out.add("dl_vlan" + index + "=" + (tci & 0xfff));
      }
      if (pcpBits != 0) {
        out.add("dl_vlan_pcp" + index + "=" + (tci >> 13));
      }
    } else if (bits == 0xffff) {
      out.add("vlan_tci%s=0x%04x".formatted(index, tci));
    } else {
      out.add("vlan_tci%s=0x%04x/0x%04x".formatted(index, tci, bits));
    }
  }

  private boolean isArp() {
    return ethType == ETH_TYPE_ARP || ethType == ETH_TYPE_RARP;
  }

  private void addNetwork() {
    if (ethType == ETH_TYPE_IPV6) {
      addFormatted(Field.IPV6_SRC);
      addFormatted(Field.IPV6_DST);
      addLabel();
    } else if (isArp()) {
      addFormatted(Field.ARP_SPA);
      addFormatted(Field.ARP_TPA);
    } else if (ethType == ETH_TYPE_NSH) {
      addNsh();
    } else {
      addNamed("nw_src", Field.IP_SRC);
      addNamed("nw_dst", Field.IP_DST);
    }
    if (showProto && mask.touches(Field.NW_PROTO)) {
      out.add((isArp() ? "arp_op=" : "nw_proto=") + proto);
    }
    if (isArp()) {
      addFormatted(Field.ARP_SHA);
      addFormatted(Field.ARP_THA);
    }
    if (mask.touches(Field.IP_DSCP)) {
      out.add("nw_tos=" + (key.get(Field.IP_DSCP) << 2));
    }
    addDecimal(Field.NW_ECN);
    addDecimal(Field.NW_TTL);
    addDecimal(Field.MPLS_LABEL);
    addDecimal(Field.MPLS_TC);
    addDecimal(Field.MPLS_TTL);
    addDecimal(Field.MPLS_BOS);
    addStackEntry("mpls_lse1", (int) mask.word(Word.MPLS), (int) key.word(Word.MPLS));
    addStackEntry(
        "mpls_lse2",
        (int) (mask.word(Word.MPLS + 1) >>> 32),
        (int) (key.word(Word.MPLS + 1) >>> 32));
    addNamed("nw_frag", Field.IP_FRAG);
  }

  /** Entries of the label stack below the first, which have no fields of their own. */
  private void addStackEntry(String name, int bits, int value) {
    if (bits == -1) {
      out.add(name + "=" + Integer.toUnsignedString(value));
    } else if (bits != 0) {
      out.add("%s=0x%08x/0x%08x".formatted(name, value, bits));
    }
  }

  private void addLabel() {
    long bits = mask.get(Field.IPV6_LABEL);
    if (bits != 0) {
      String value = "ipv6_label=0x%05x".formatted(key.get(Field.IPV6_LABEL));
      out.add(bits == 0xfffff ? value : value + "/0x%05x".formatted(bits));
    }
  }

  private void addNsh() {
    addDecimal(Field.NSH_FLAGS);
    addDecimal(Field.NSH_TTL);
    addDecimal(Field.NSH_MDTYPE);
    addDecimal(Field.NSH_NP);
    addFormatted(Field.NSH_SPI);
    addDecimal(Field.NSH_SI);
    if (key.get(Field.NSH_MDTYPE) == 1) {
      addFormatted(Field.NSH_C1);
      addFormatted(Field.NSH_C2);
      addFormatted(Field.NSH_C3);
      addFormatted(Field.NSH_C4);
    }
  }

  private void addTransport() {
    boolean icmp4 = ethType == ETH_TYPE_IPV4 && proto == PROTO_ICMP;
    boolean icmp6 = ethType == ETH_TYPE_IPV6 && proto == PROTO_ICMPV6;
    if (icmp4 || icmp6) {
      addPort("icmp_type", Field.TCP_SRC);
      addPort("icmp_code", Field.TCP_DST);
    } else {
      addPort("tp_src", Field.TCP_SRC);
      addPort("tp_dst", Field.TCP_DST);
    }
    if (icmp6) {
      addFormatted(Field.ND_TARGET);
      addFormatted(Field.ND_SLL);
      addFormatted(Field.ND_TLL);
      addSharpHex(Field.ND_RESERVED);
      addDecimal(Field.ND_OPTIONS_TYPE);
    }
    boolean ip = ethType == ETH_TYPE_IPV4 || ethType == ETH_TYPE_IPV6;
    if (ip && proto == PROTO_TCP) {
      addFormatted(Field.TCP_FLAGS);
    }
  }

  private void addPort(String name, Field field) {
    long bits = mask.get(field);
    if (bits != 0) {
      boolean icmp = name.startsWith("icmp");
      boolean exact = bits == 0xffff || (icmp && bits == 0xff);
      out.add(name + "=" + (exact ? key.get(field) + "" : maskedHex(field, bits)));
    }
  }

  private String maskedHex(Field field, long bits) {
    return "0x" + Long.toHexString(key.get(field)) + "/0x" + Long.toHexString(bits);
  }

  private void addDecimal(Field field) {
    if (mask.touches(field)) {
      boolean exact = mask.covers(field);
      String value = Long.toUnsignedString(key.get(field));
      out.add(field.text() + "=" + (exact ? value : maskedHex(field, mask.get(field))));
    }
  }

  private void addSharpHex(Field field) {
    if (mask.touches(field)) {
      String value = field.text() + "=" + Numbers.sharpHex(key.get(field));
      boolean exact = mask.covers(field);
      out.add(exact ? value : value + "/" + Numbers.sharpHex(mask.get(field)));
    }
  }

  private void addFormatted(Field field) {
    addNamed(field.text(), field);
  }

  private void addNamed(String name, Field field) {
    if (mask.touches(field)) {
      FieldValue value =
          new FieldValue(key.getHigh(field), key.get(field), mask.getHigh(field), mask.get(field));
      out.add(name + "=" + FieldText.format(field, value, names));
    }
  }
}
