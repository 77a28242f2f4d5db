package org.sluice.datapath.flow;

import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * A packet in one line for people, such as {@code udp 10.0.0.1:5 > 10.0.0.2:7 len 60}. Stateless.
 */
public final class PacketText {
  private PacketText() {}

  /** Describes a parsed packet. */
  public static String describe(Packet packet) {
    FlowKey key = new FlowKey();
    FlowExtractor.extract(packet, key.words());
    return describe(key) + " len " + packet.length;
  }

  /** Describes the packets that have this key. */
  public static String describe(FlowKey key) {
    long tci = key.get(Field.VLAN_TCI);
    String tag = tci == 0 ? "" : "vlan " + (tci & 0xfff) + " ";
    return tag + untagged(key);
  }

  private static String untagged(FlowKey key) {
    int type = (int) key.get(Field.ETH_TYPE);
    return switch (type) {
      case EtherType.IPV4 -> {
        String source = AddressText.ipv4((int) key.get(Field.IP_SRC));
        yield ip(key, source, AddressText.ipv4((int) key.get(Field.IP_DST)), "ip");
      }
      case EtherType.IPV6 -> {
        String source = ipv6(key, Field.IPV6_SRC);
        yield ip(key, source, ipv6(key, Field.IPV6_DST), "ipv6");
      }
      case EtherType.ARP -> arp(key);
      default ->
          "eth "
              + AddressText.mac(key.get(Field.ETH_SRC))
              + " > "
              + AddressText.mac(key.get(Field.ETH_DST))
              + " type "
              + NumberText.hex4(type);
    };
  }

  private static String ipv6(FlowKey key, Field field) {
    return AddressText.ipv6(key.getHigh(field), key.get(field));
  }

  private static String arp(FlowKey key) {
    String sender = AddressText.ipv4((int) key.get(Field.ARP_SPA));
    String target = AddressText.ipv4((int) key.get(Field.ARP_TPA));
    return switch ((int) key.get(Field.ARP_OP)) {
      case 1 -> "arp who-has " + target + " tell " + sender;
      case 2 -> "arp " + sender + " is-at " + AddressText.mac(key.get(Field.ARP_SHA));
      default -> "arp op " + key.get(Field.ARP_OP) + " " + sender + " > " + target;
    };
  }

  private static String ip(FlowKey key, String source, String target, String family) {
    int protocol = (int) key.get(Field.NW_PROTO);
    int fragment = (int) key.get(Field.IP_FRAG);
    String suffix = fragment == 0 ? "" : (fragment & 2) == 0 ? " first fragment" : " fragment";
    if (IpProtocol.hasPorts(protocol) && (fragment & 2) == 0) {
      String flags =
          protocol == IpProtocol.TCP
              ? " " + FlagNames.TCP.format((int) key.get(Field.TCP_FLAGS))
              : "";
      String from = endpoint(source, key.get(Field.TCP_SRC));
      String to = endpoint(target, key.get(Field.TCP_DST));
      return name(protocol, family) + " " + from + " > " + to + flags + suffix;
    }
    boolean icmp = protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    String what =
        icmp && (fragment & 2) == 0
            ? " type " + key.get(Field.ICMP_TYPE) + " code " + key.get(Field.ICMP_CODE)
            : "";
    return name(protocol, family) + " " + source + " > " + target + what + suffix;
  }

  private static String endpoint(String address, long port) {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  private static String name(int protocol, String family) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.IGMP -> "igmp";
      default -> family + " proto " + protocol;
    };
  }
}
