package org.sluice.openflow.print;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;
import org.sluice.openflow.match.Prerequisites;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;

/** A packet in one line: every field that it has, as a match, and its transport checksum. */
public final class PacketLine {
  /** The parser may look a few bytes further than a frame goes. */
  private static final int SLACK_BYTES = 64;

  private static final int MAX_TAGS = 2;
  private static final int IGMP = 2;

  private PacketLine() {}

  /** The line, with its end. {@code packetType}: what the frame begins with; 0 for Ethernet. */
  public static String format(byte[] frame, int packetType) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(frame.length + 2L * SLACK_BYTES, Long.BYTES);
      MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, SLACK_BYTES, frame.length);
      Packet packet = packet(memory, frame.length, packetType);
      FlowKey key = new FlowKey();
      FlowExtractor.extract(packet, key.words());
      String match = MatchFormatter.format(new Match(key, mask(key)), Names.NONE);
      return match + checksum(frame, packet) + "\n";
    }
  }

  /** The fields of a frame. */
  public static FlowKey key(byte[] frame) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(frame.length + 2L * SLACK_BYTES, Long.BYTES);
      MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, SLACK_BYTES, frame.length);
      FlowKey key = new FlowKey();
      FlowExtractor.extract(packet(memory, frame.length, 0), key.words());
      return key;
    }
  }

  /** Every field of {@code frame}, as {@code flow_format} shows a flow: as a match. */
  public static String formatFields(byte[] frame) {
    String line = format(frame, 0);
    int checksum = line.indexOf(' ');
    return line.substring(0, checksum < 0 ? line.length() - 1 : checksum);
  }

  private static Packet packet(MemorySegment memory, int length, int packetType) {
    Packet packet = new Packet();
    packet.bufferStart = memory.address();
    packet.bufferEnd = memory.address() + memory.byteSize();
    packet.address = packet.bufferStart + SLACK_BYTES;
    packet.length = length;
    packet.packetType = packetType;
    packet.vlanLimit = MAX_TAGS;
    Parser.parse(packet, MAX_TAGS);
    return packet;
  }

  private static FlowMask mask(FlowKey key) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.PACKET_TYPE);
    if (key.get(Field.PACKET_TYPE) == 0) {
      cover(mask, Field.ETH_SRC, Field.ETH_DST, Field.ETH_TYPE, Field.VLAN_TCI);
      if (key.get(Field.VLAN_TCI) != 0) {
        mask.words()[Word.VLAN] |= 0xffff_0000L;
      }
    }
    switch ((int) key.get(Field.ETH_TYPE)) {
      case EtherType.IPV4 -> {
        cover(mask, Field.IP_SRC, Field.IP_DST);
        coverIp(mask, key);
      }
      case EtherType.IPV6 -> {
        cover(mask, Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL);
        if (isNeighbour(key)) {
          cover(mask, Field.ARP_SHA, Field.ARP_THA, Field.ND_TARGET);
        }
        coverIp(mask, key);
      }
      case EtherType.ARP, Prerequisites.ETH_TYPE_RARP ->
          cover(mask, Field.ARP_OP, Field.ARP_SPA, Field.ARP_TPA, Field.ARP_SHA, Field.ARP_THA);
      case Prerequisites.ETH_TYPE_MPLS, Prerequisites.ETH_TYPE_MPLS_MULTICAST ->
          coverLabels(mask, key);
      case Prerequisites.ETH_TYPE_NSH -> {
        mask.words()[Word.NSH] = -1L;
        mask.words()[Word.NSH_CONTEXT] = -1L;
        mask.words()[Word.NSH_CONTEXT + 1] = -1L;
      }
      default -> {}
    }
    return mask;
  }

  private static void cover(FlowMask mask, Field... fields) {
    for (Field field : fields) {
      mask.cover(field);
    }
  }

  private static boolean isNeighbour(FlowKey key) {
    long type = key.get(Field.ICMPV6_TYPE);
    return key.get(Field.NW_PROTO) == IpProtocol.ICMPV6
        && (type == Prerequisites.ND_SOLICIT || type == Prerequisites.ND_ADVERT)
        && key.get(Field.ICMPV6_CODE) == 0;
  }

  private static void coverIp(FlowMask mask, FlowKey key) {
    cover(mask, Field.IP_FRAG, Field.IP_DSCP, Field.NW_ECN, Field.NW_TTL, Field.NW_PROTO);
    boolean later = (key.get(Field.IP_FRAG) & 2) != 0;
    int proto = (int) key.get(Field.NW_PROTO);
    boolean ports =
        switch (proto) {
          case IpProtocol.ICMP,
              IpProtocol.ICMPV6,
              IpProtocol.TCP,
              IpProtocol.UDP,
              IpProtocol.SCTP,
              IGMP ->
              !later;
          default -> false;
        };
    if (ports) {
      cover(mask, Field.TCP_SRC, Field.TCP_DST);
    }
    if (ports && proto == IpProtocol.TCP) {
      mask.cover(Field.TCP_FLAGS);
    }
  }

  /** Entries of the label stack up to the last. */
  private static void coverLabels(FlowMask mask, FlowKey key) {
    int[] words = {Word.MPLS, Word.MPLS, Word.MPLS + 1};
    int[] shifts = {32, 0, 32};
    for (int i = 0; i < words.length; i++) {
      mask.words()[words[i]] |= 0xffff_ffffL << shifts[i];
      if ((key.word(words[i]) >>> (shifts[i] + 8) & 1) != 0) {
        return;
      }
    }
  }

  private static String checksum(byte[] frame, Packet packet) {
    if (packet.l4Offset == Packet.ABSENT) {
      return "";
    }
    int at = packet.l4Offset;
    return switch (packet.ipProtocol) {
      case IpProtocol.TCP -> " tcp_csum:" + hex(frame, at + 16, 2);
      case IpProtocol.UDP -> " udp_csum:" + hex(frame, at + 6, 2);
      case IpProtocol.SCTP -> " sctp_csum:" + hex(frame, at + 8, 4);
      case IpProtocol.ICMP -> " icmp_csum:" + hex(frame, at + 2, 2);
      case IpProtocol.ICMPV6 -> " icmp6_csum:" + hex(frame, at + 2, 2);
      default -> "";
    };
  }

  private static String hex(byte[] frame, int at, int bytes) {
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = value << 8 | (frame[i] & 0xff);
    }
    return Long.toHexString(value);
  }
}
