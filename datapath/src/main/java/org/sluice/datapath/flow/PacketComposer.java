package org.sluice.datapath.flow;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Builds a frame that has the header fields of a key: for {@code ofproto/trace}, {@code
 * netdev-dummy/receive} and tests. Lengths and checksums are right; what a key does not say is 0.
 *
 * <p>Used once per frame, by the thread that owns the packet.
 */
public final class PacketComposer {
  private static final int FIN_SYN_RST = 7;
  private static final int LATER_OFFSET = 100;
  private static final int NO_NEXT_HEADER = 59;
  private static final int MAX_LABELS = 3;

  private final FlowKey key;
  private final Packet packet;
  private final byte[] payload;
  private long at;

  private PacketComposer(FlowKey key, byte[] payload, Packet packet) {
    this.key = key;
    this.payload = payload;
    this.packet = packet;
  }

  /**
   * Fills {@code packet} with a frame and parses it.
   *
   * @param payload goes behind UDP, TCP without SYN, FIN or RST, and ICMP echo headers
   */
  public static void compose(FlowKey key, byte[] payload, Packet packet) {
    packet.reset();
    packet.packetType = (int) key.get(Field.PACKET_TYPE);
    new PacketComposer(key, payload, packet).compose();
  }

  /**
   * Fills {@code packet} with a frame of exactly {@code bytes}, zeros behind its headers; false if
   * the headers alone are longer, or the packet has no room.
   */
  public static boolean composeSized(FlowKey key, int bytes, Packet packet) {
    compose(key, new byte[0], packet);
    int extra = bytes - packet.length;
    if (extra < 0 || packet.address + bytes > packet.bufferEnd) {
      return false;
    }
    OffHeap.clear(packet.address + packet.length, extra);
    packet.length = bytes;
    lengthen(packet, extra);
    finish(packet);
    return true;
  }

  /** {@code bytes} bytes that count up from 0, the usual filling of a composed packet. */
  public static byte[] countingPayload(int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) i;
    }
    return payload;
  }

  private static void lengthen(Packet packet, int extra) {
    long header = packet.address + packet.l3Offset;
    if (packet.etherType == EtherType.IPV4) {
      OffHeap.putShortBe(header + 2, OffHeap.getUnsignedShortBe(header + 2) + extra);
    } else if (packet.etherType == EtherType.IPV6) {
      OffHeap.putShortBe(header + 4, OffHeap.getUnsignedShortBe(header + 4) + extra);
    } else if (packet.etherType == Parser.ETHER_TYPE_NONE) {
      OffHeap.putShortBe(packet.address + packet.l3Offset - 2, packet.length);
    }
    if (packet.ipProtocol == IpProtocol.UDP && packet.l4Offset != Packet.ABSENT) {
      long udp = packet.address + packet.l4Offset;
      OffHeap.putShortBe(udp + 4, OffHeap.getUnsignedShortBe(udp + 4) + extra);
    }
  }

  private static void finish(Packet packet) {
    Parser.parse(packet);
    if (packet.etherType == EtherType.IPV4 && packet.l3End != Packet.ABSENT) {
      Checksum.fillIpv4Header(packet);
    }
    Checksum.fillTransport(packet);
  }

  private void compose() {
    at = packet.address;
    if (packet.packetType == 0) {
      composeLink();
    }
    composeNetwork();
    packet.length = (int) (at - packet.address);
    finish(packet);
  }

  private void put(int bytes, long value) {
    assert at + bytes <= packet.bufferEnd;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      OffHeap.putByte(at++, (byte) (value >>> shift));
    }
  }

  private void put(int bytes, Field field) {
    if (field.isWide()) {
      put(8, key.getHigh(field));
    }
    put(field.isWide() ? 8 : bytes, key.get(field));
  }

  private void composeLink() {
    put(6, Field.ETH_DST);
    put(6, Field.ETH_SRC);
    long tags = key.word(Word.VLAN);
    long outer = key.get(Field.VLAN_TCI);
    if ((outer & 0x1000) != 0) {
      put(2, tpid(tags >>> 48));
      put(2, outer & ~0x1000L);
    }
    if ((tags >>> 16 & 0x1000) != 0) {
      put(2, tpid(tags >>> 32 & 0xffff));
      put(2, tags >>> 16 & 0xefff);
    }
    long type = key.get(Field.ETH_TYPE);
    put(2, type < 0x600 ? at + 2 - packet.address : type);
  }

  private static long tpid(long type) {
    return type == 0 ? EtherType.VLAN : type;
  }

  private void composeNetwork() {
    switch ((int) key.get(Field.ETH_TYPE)) {
      case EtherType.IPV4 -> composeIpv4();
      case EtherType.IPV6 -> composeIpv6();
      case EtherType.ARP, EtherType.RARP -> composeArp();
      case EtherType.MPLS, EtherType.MPLS_MULTICAST -> composeLabels();
      case EtherType.NSH -> composeNsh();
      default -> {}
    }
  }

  private void composeIpv4() {
    long header = at;
    int fragment = (int) key.get(Field.IP_FRAG);
    put(1, 0x45);
    put(1, Field.NW_TOS);
    put(4, 0);
    put(2, (fragment & 1) == 0 ? 0 : (fragment & 2) == 0 ? 0x2000 : 0x2000 | LATER_OFFSET);
    put(1, Field.NW_TTL);
    put(1, Field.NW_PROTO);
    put(2, 0);
    put(4, Field.IP_SRC);
    put(4, Field.IP_DST);
    if ((fragment & 2) == 0) {
      composeTransport((int) key.get(Field.NW_PROTO));
    }
    OffHeap.putShortBe(header + 2, (int) (at - header));
  }

  private void composeIpv6() {
    long header = at;
    int fragment = (int) key.get(Field.IP_FRAG);
    long protocol = key.get(Field.NW_PROTO);
    put(4, 6L << 28 | key.get(Field.NW_TOS) << 20 | key.get(Field.IPV6_LABEL));
    put(2, 0);
    put(1, fragment == 0 ? protocol : IpProtocol.FRAGMENT);
    put(1, Field.NW_TTL);
    put(16, Field.IPV6_SRC);
    put(16, Field.IPV6_DST);
    if (fragment != 0) {
      boolean later = (fragment & 2) != 0;
      put(1, later ? NO_NEXT_HEADER : protocol);
      put(1, 0);
      put(2, later ? LATER_OFFSET << 3 | 1 : 1);
      put(4, 0);
    }
    if ((fragment & 2) == 0) {
      composeTransport((int) protocol);
    }
    OffHeap.putShortBe(header + 4, (int) (at - header) - 40);
  }

  private void composeTransport(int protocol) {
    switch (protocol) {
      case IpProtocol.TCP -> composeTcp();
      case IpProtocol.UDP -> {
        put(2, Field.UDP_SRC);
        put(2, Field.UDP_DST);
        put(2, 8 + payload.length);
        put(2, 0);
        putPayload();
      }
      case IpProtocol.SCTP -> {
        put(2, Field.SCTP_SRC);
        put(2, Field.SCTP_DST);
        put(8, 0);
      }
      case IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.ICMPV6 -> composeIcmp(protocol);
      default -> {}
    }
  }

  private void composeTcp() {
    put(2, Field.TCP_SRC);
    put(2, Field.TCP_DST);
    put(8, 0);
    put(2, 5 << 12 | key.get(Field.TCP_FLAGS));
    put(6, 0);
    if ((key.get(Field.TCP_FLAGS) & FIN_SYN_RST) == 0) {
      putPayload();
    }
  }

  private void composeIcmp(int protocol) {
    int type = (int) key.get(Field.ICMP_TYPE);
    int code = (int) key.get(Field.ICMP_CODE);
    put(1, type);
    put(1, code);
    put(2, 0);
    boolean v6 = protocol == IpProtocol.ICMPV6;
    put(4, v6 ? key.get(Field.ND_RESERVED) : 0);
    if (v6 && code == 0 && (type == 135 || type == 136)) {
      put(16, Field.ND_TARGET);
      putLink(1, key.get(Field.ND_SLL));
      putLink(2, key.get(Field.ND_TLL));
    } else if (code == 0 && isEcho(protocol, type)) {
      putPayload();
    }
  }

  private static boolean isEcho(int protocol, int type) {
    return switch (protocol) {
      case IpProtocol.ICMP -> type == 0 || type == 8;
      case IpProtocol.ICMPV6 -> type == 128 || type == 129;
      default -> false;
    };
  }

  private void putLink(int option, long address) {
    if (address != 0) {
      put(1, option);
      put(1, 1);
      put(6, address);
    }
  }

  private void putPayload() {
    assert at + payload.length <= packet.bufferEnd;
    OffHeap.copyIn(payload, 0, at, payload.length);
    at += payload.length;
  }

  private void composeArp() {
    put(6, 0x0001_0800_0604L);
    put(2, Field.ARP_OP);
    put(6, Field.ARP_SHA);
    put(4, Field.ARP_SPA);
    put(6, Field.ARP_THA);
    put(4, Field.ARP_TPA);
  }

  private void composeLabels() {
    for (int i = 0; i < MAX_LABELS; i++) {
      long entry = key.word(Word.MPLS + i / 2) >>> ((i & 1) == 0 ? 32 : 0) & 0xffff_ffffL;
      put(4, entry);
      if ((entry & 0x100) != 0) {
        return;
      }
    }
  }

  private void composeNsh() {
    boolean type1 = key.get(Field.NSH_MDTYPE) == 1;
    long length = type1 ? 6 : 2;
    put(2, key.get(Field.NSH_FLAGS) << 12 | key.get(Field.NSH_TTL) << 6 | length);
    put(1, Field.NSH_MDTYPE);
    put(1, Field.NSH_NP);
    put(3, Field.NSH_SPI);
    put(1, Field.NSH_SI);
    if (type1) {
      put(8, key.word(Word.NSH_CONTEXT));
      put(8, key.word(Word.NSH_CONTEXT + 1));
    }
  }
}
