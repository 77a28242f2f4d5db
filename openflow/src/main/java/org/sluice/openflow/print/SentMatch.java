package org.sluice.openflow.print;

import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_ARP;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_IPV4;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_MPLS_MULTICAST;
import static org.sluice.openflow.match.Prerequisites.ETH_TYPE_RARP;
import static org.sluice.openflow.match.Prerequisites.PROTO_ICMP;
import static org.sluice.openflow.match.Prerequisites.PROTO_SCTP;
import static org.sluice.openflow.match.Prerequisites.PROTO_TCP;
import static org.sluice.openflow.match.Prerequisites.PROTO_UDP;

import java.nio.ByteBuffer;
import java.util.StringJoiner;
import org.sluice.datapath.flow.AddressText;
import org.sluice.openflow.text.Names;

/**
 * The match of OpenFlow 1.0 as it lies on the wire, with a star for what is a wildcard, before
 * anything is made of it. Used by one thread, for one match.
 */
final class SentMatch {
  private static final int IN_PORT = 1;
  private static final int DL_VLAN = 1 << 1;
  private static final int DL_SRC = 1 << 2;
  private static final int DL_DST = 1 << 3;
  private static final int DL_TYPE = 1 << 4;
  private static final int NW_PROTO = 1 << 5;
  private static final int TP_SRC = 1 << 6;
  private static final int TP_DST = 1 << 7;
  private static final int NW_SRC_SHIFT = 8;
  private static final int NW_DST_SHIFT = 14;
  private static final int DL_VLAN_PCP = 1 << 20;
  private static final int NW_TOS = 1 << 21;

  private final Names names;
  private final StringJoiner out = new StringJoiner(",");
  private int wild;

  SentMatch(Names names) {
    this.names = names;
  }

  String format10(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    wild = in.getInt();
    int type = in.getShort(22) & 0xffff;
    int proto = in.get(25) & 0xff;
    String word = (wild & DL_TYPE) == 0 ? typeWord(type, proto) : null;
    if (word != null) {
      out.add(word);
    }
    add("in_port", IN_PORT, names.portText(in.getShort() & 0xffff));
    String source = AddressText.mac(mac(in));
    String target = AddressText.mac(mac(in));
    add("dl_vlan", DL_VLAN, in.getShort() & 0xffff);
    add("dl_vlan_pcp", DL_VLAN_PCP, in.get() & 0xff);
    add("dl_src", DL_SRC, source);
    add("dl_dst", DL_DST, target);
    if (word == null) {
      add("dl_type", DL_TYPE, "0x%04x".formatted(type));
    }
    addAddress("nw_src", in.getInt(28), wild >>> NW_SRC_SHIFT & 0x3f);
    addAddress("nw_dst", in.getInt(32), wild >>> NW_DST_SHIFT & 0x3f);
    if (!saysProto(word)) {
      boolean arp = type == ETH_TYPE_ARP || type == ETH_TYPE_RARP;
      add(arp ? "arp_op" : "nw_proto", NW_PROTO, proto);
    }
    add("nw_tos", NW_TOS, in.get(24) & 0xff);
    boolean icmp = proto == PROTO_ICMP;
    add(icmp ? "icmp_type" : "tp_src", TP_SRC, in.getShort(36) & 0xffff);
    add(icmp ? "icmp_code" : "tp_dst", TP_DST, in.getShort(38) & 0xffff);
    return out.toString();
  }

  private static long mac(ByteBuffer in) {
    return (in.getShort() & 0xffffL) << 32 | (in.getInt() & 0xffff_ffffL);
  }

  private String typeWord(int type, int proto) {
    return switch (type) {
      case ETH_TYPE_IPV4 -> (wild & NW_PROTO) == 0 ? protoWord(proto) : "ip";
      case ETH_TYPE_ARP -> "arp";
      case ETH_TYPE_RARP -> "rarp";
      case ETH_TYPE_MPLS -> "mpls";
      case ETH_TYPE_MPLS_MULTICAST -> "mplsm";
      default -> null;
    };
  }

  private static String protoWord(int proto) {
    return switch (proto) {
      case PROTO_ICMP -> "icmp";
      case PROTO_TCP -> "tcp";
      case PROTO_UDP -> "udp";
      case PROTO_SCTP -> "sctp";
      default -> "ip";
    };
  }

  private static boolean saysProto(String word) {
    return word != null
        && switch (word) {
          case "icmp", "tcp", "udp", "sctp" -> true;
          default -> false;
        };
  }

  private void add(String name, int bit, Object value) {
    out.add(name + "=" + ((wild & bit) == 0 ? value : "*"));
  }

  private void addAddress(String name, int address, int wildBits) {
    String text = AddressText.ipv4(address) + (wildBits == 0 ? "" : "/" + (32 - wildBits));
    out.add(name + "=" + (wildBits < 32 ? text : "*"));
  }
}
