package org.sluice.openflow.codec;

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

import java.util.EnumSet;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.message.OfVersion;

/**
 * Writes a match as NXM or OXM entries, in the order in which every field follows what it needs:
 * link, network and transport first, then tunnel, registers and tracking. One thread, one match.
 */
final class OxmMatch {
  private static final int TAGGED_VID = 0x1fff;

  private final WireWriter out;
  private final Match match;
  private final OfVersion version;

  private OxmMatch(WireWriter out, Match match, OfVersion version) {
    this.out = out;
    this.match = match;
    this.version = version;
  }

  /** Writes the entries; {@code version} null for NXM. Gives their length. */
  static int write(WireWriter out, Match match, OfVersion version) {
    int start = out.size();
    new OxmMatch(out, match, version).writeAll();
    return out.size() - start;
  }

  private void writeAll() {
    boolean typed = match.touches(Field.PACKET_TYPE);
    boolean ethernetOnly = typed && match.get(Field.PACKET_TYPE) == 0;
    if (typed && (!ethernetOnly || !needsEthernet())) {
      put(Field.PACKET_TYPE);
    }
    put(Field.DP_HASH);
    put(Field.RECIRC_ID);
    put(Field.CONJ_ID);
    if (match.touches(Field.IN_PORT)) {
      Field port = version == null ? Field.IN_PORT : Field.IN_PORT_OXM;
      Oxm.writeExact(out, port, version, 0, match.get(Field.IN_PORT));
    }
    put(Field.ACTSET_OUTPUT);
    writeLink();
    writeNetwork();
    if (match.touchesAny(Word.TUN_ID, Word.DATAPATH_COUNT)) {
      writeTunnel();
      writeNsh();
    }
    if (match.touchesAny(Word.REGISTERS, Word.COUNT)) {
      writeRegisters();
    }
    put(Field.PKT_MARK);
    writeConnection();
    put(Field.METADATA);
  }

  /** Whether some other field says already that this is about Ethernet. */
  private boolean needsEthernet() {
    return match.touches(Field.ETH_SRC)
        || match.touches(Field.ETH_DST)
        || match.touches(Field.ETH_TYPE)
        || match.touches(Field.VLAN_TCI);
  }

  private void writeLink() {
    put(Field.ETH_SRC);
    put(Field.ETH_DST);
    put(Field.ETH_TYPE);
    if (version == null) {
      put(Field.VLAN_TCI);
    } else {
      writeVlan((int) match.get(Field.VLAN_TCI), (int) match.mask(Field.VLAN_TCI));
    }
    int type = ethType();
    if (type == ETH_TYPE_MPLS || type == ETH_TYPE_MPLS_MULTICAST) {
      put(Field.MPLS_TC);
      put(Field.MPLS_BOS);
      put(Field.MPLS_TTL);
      put(Field.MPLS_LABEL);
    }
  }

  private void writeVlan(int tci, int bits) {
    int vid = tci & TAGGED_VID;
    int vidBits = bits & TAGGED_VID;
    if (vidBits == TAGGED_VID) {
      Oxm.writeExact(out, Field.VLAN_VID, version, 0, vid);
    } else if (vidBits != 0) {
      Oxm.writeMasked(
          out, Field.VLAN_VID, version, new Oxm.FieldBits(0, vid), new Oxm.FieldBits(0, vidBits));
    }
    if (vid != 0 && bits >>> 13 != 0) {
      Oxm.writeExact(out, Field.VLAN_PCP, version, 0, tci >>> 13);
    }
  }

  private int ethType() {
    long packetType = match.get(Field.PACKET_TYPE);
    return (int) (packetType >>> 16 == 1 ? packetType & 0xffff : match.get(Field.ETH_TYPE));
  }

  private void writeNetwork() {
    switch (ethType()) {
      case ETH_TYPE_IPV4, ETH_TYPE_IPV6 -> writeIp();
      case ETH_TYPE_ARP, ETH_TYPE_RARP -> {
        put(Field.ARP_OP);
        put(Field.ARP_SPA);
        put(Field.ARP_TPA);
        put(Field.ARP_SHA);
        put(Field.ARP_THA);
      }
      default -> {}
    }
  }

  private void writeIp() {
    if (ethType() == ETH_TYPE_IPV4) {
      put(Field.IP_SRC);
      put(Field.IP_DST);
    } else {
      put(Field.IPV6_SRC);
      put(Field.IPV6_DST);
    }
    put(Field.IP_FRAG);
    if (match.touches(Field.IP_DSCP)) {
      long dscp = match.get(Field.IP_DSCP);
      boolean nxm = version == null;
      Oxm.writeExact(out, nxm ? Field.NW_TOS : Field.IP_DSCP, version, 0, nxm ? dscp << 2 : dscp);
    }
    put(Field.NW_ECN);
    put(Field.NW_TTL);
    put(Field.IPV6_LABEL);
    if (match.touches(Field.NW_PROTO)) {
      put(Field.NW_PROTO);
      writeTransport((int) match.get(Field.NW_PROTO));
    }
  }

  private void writeTransport(int proto) {
    switch (proto) {
      case PROTO_TCP -> {
        put(Field.TCP_SRC);
        put(Field.TCP_DST);
        put(Field.TCP_FLAGS);
      }
      case PROTO_UDP -> {
        put(Field.UDP_SRC);
        put(Field.UDP_DST);
      }
      case PROTO_SCTP -> {
        put(Field.SCTP_SRC);
        put(Field.SCTP_DST);
      }
      case PROTO_ICMP -> {
        if (ethType() == ETH_TYPE_IPV4) {
          put(Field.ICMP_TYPE);
          put(Field.ICMP_CODE);
        }
      }
      case PROTO_ICMPV6 -> {
        if (ethType() == ETH_TYPE_IPV6) {
          writeIcmpv6();
        }
      }
      default -> {}
    }
  }

  private void writeIcmpv6() {
    put(Field.ICMPV6_TYPE);
    put(Field.ICMPV6_CODE);
    long type = match.get(Field.ICMPV6_TYPE);
    if (type == ND_SOLICIT || type == ND_ADVERT) {
      put(Field.ND_RESERVED);
      put(Field.ND_TARGET);
      put(Field.ND_OPTIONS_TYPE);
      put(type == ND_SOLICIT ? Field.ND_SLL : Field.ND_TLL);
    }
  }

  private void writeTunnel() {
    put(Field.TUN_ID);
    put(Field.TUN_FLAGS);
    put(Field.TUN_SRC);
    put(Field.TUN_DST);
    put(Field.TUN_IPV6_SRC);
    put(Field.TUN_IPV6_DST);
    put(Field.TUN_GBP_ID);
    put(Field.TUN_GBP_FLAGS);
    put(Field.TUN_ERSPAN_IDX);
    put(Field.TUN_ERSPAN_VER);
    put(Field.TUN_ERSPAN_DIR);
    put(Field.TUN_ERSPAN_HWID);
    put(Field.TUN_GTPU_FLAGS);
    put(Field.TUN_GTPU_MSGTYPE);
    for (Field option : match.options().fields()) {
      putOption(option);
    }
  }

  private void putOption(Field option) {
    if (!match.touches(option)) {
      return;
    }
    byte[] mask = match.optionMask(option);
    // In a switch an option without a value has nothing to be equal to.
    boolean whole =
        !match.options().isOpen(option)
            && OptionBits.isAllOnes(mask)
            && !(mask.length == 0 && out.isOfSwitch());
    Oxm.writeOption(out, option, OptionBits.of(match.option(option), whole ? null : mask));
  }

  private void writeNsh() {
    put(Field.NSH_FLAGS);
    put(Field.NSH_TTL);
    put(Field.NSH_MDTYPE);
    put(Field.NSH_NP);
    put(Field.NSH_SPI);
    put(Field.NSH_SI);
    put(Field.NSH_C1);
    put(Field.NSH_C2);
    put(Field.NSH_C3);
    put(Field.NSH_C4);
  }

  private void writeRegisters() {
    boolean pairs = version != null && version.isAtLeast(OfVersion.OF15);
    Field first = pairs ? Field.XREG0 : Field.REG0;
    Field last = pairs ? Field.XREG15 : Field.REG31;
    for (Field field : EnumSet.range(first, last)) {
      put(field);
    }
  }

  private void writeConnection() {
    put(Field.CT_STATE);
    put(Field.CT_ZONE);
    put(Field.CT_MARK);
    put(Field.CT_LABEL);
    put(Field.CT_NW_SRC);
    put(Field.CT_IPV6_SRC);
    put(Field.CT_NW_DST);
    put(Field.CT_IPV6_DST);
    if (match.get(Field.CT_NW_PROTO) != 0) {
      put(Field.CT_NW_PROTO);
      put(Field.CT_TP_SRC);
      put(Field.CT_TP_DST);
    }
  }

  /** Fields with fewer bits than their bytes have, of which a mask cannot say all. */
  private static boolean isAlwaysMasked(Field field) {
    return switch (field) {
      case CT_STATE, TUN_ERSPAN_VER, TUN_ERSPAN_DIR, TUN_ERSPAN_HWID -> true;
      default -> false;
    };
  }

  private void put(Field field) {
    if (!match.touches(field)) {
      return;
    }
    long high = match.getHigh(field);
    long low = match.get(field);
    if (!field.maskable() || (match.covers(field) && !isAlwaysMasked(field))) {
      Oxm.writeExact(out, field, version, high, low);
    } else {
      Oxm.writeMasked(
          out,
          field,
          version,
          new Oxm.FieldBits(high, low),
          new Oxm.FieldBits(match.maskHigh(field), match.mask(field)));
    }
  }
}
