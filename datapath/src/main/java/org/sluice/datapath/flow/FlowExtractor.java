package org.sluice.datapath.flow;

import java.util.Arrays;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * Fills the datapath's words of a key from a parsed packet: its headers and its metadata.
 *
 * <p>A word is laid out so that it is, mostly, one big-endian load (see {@link Word}); what a
 * packet does not have is zero. The parser has checked every length, so nothing is checked here
 * beyond the offsets it left, except what only this class reads (ARP, MPLS, NSH, neighbour
 * discovery options). Stateless.
 */
public final class FlowExtractor {
  private static final int CFI = 0x1000;
  private static final int ARP_BYTES = 28;
  private static final long ARP_ETHERNET_IPV4 = 0x0001_0800_0604L;
  private static final int MAX_LABELS = 3;
  private static final int NSH_BASE_BYTES = 8;
  private static final int NSH_TYPE1_BYTES = 24;
  private static final int ND_SOLICIT = 135;
  private static final int ND_ADVERT = 136;
  private static final int ND_TARGET_END = 24;
  private static final int ND_SOURCE_LINK = 1;
  private static final int ND_TARGET_LINK = 2;

  private FlowExtractor() {}

  /** Writes words 0 to {@link Word#DATAPATH_COUNT} of {@code words} and leaves the others. */
  public static void extract(Packet packet, long[] words) {
    assert words.length >= Word.DATAPATH_COUNT;
    Arrays.fill(words, Word.ETH_SRC, Word.DATAPATH_COUNT, 0);
    extractMetadata(packet, words);
    if (packet.l3Offset == Packet.ABSENT) {
      return;
    }
    extractLink(packet, words);
    if (packet.etherType == EtherType.IPV4) {
      extractIpv4(packet, words);
    } else if (packet.etherType == EtherType.IPV6) {
      extractIpv6(packet, words);
    } else {
      extractOther(packet, words);
    }
  }

  private static void extractMetadata(Packet packet, long[] words) {
    words[Word.META_PORT] = pair(packet.inPort, packet.recircId);
    words[Word.META_HASH] = pair(packet.dpHash, packet.pktMark);
    words[Word.META_TYPE] = pair(packet.skbPriority, packet.packetType);
    boolean tracked = packet.ctState != 0;
    words[Word.CT] = tracked ? pair(packet.ctMark, packet.ctState) : 0;
    words[Word.CT_LABEL] = tracked ? packet.ctLabelHi : 0;
    words[Word.CT_LABEL + 1] = tracked ? packet.ctLabelLo : 0;
    words[Word.CT_PORTS] = tracked ? (long) packet.ctZone << 16 : 0;
  }

  private static void extractLink(Packet packet, long[] words) {
    if (packet.packetType != 0) {
      words[Word.ETH_SRC] = packet.etherType;
      return;
    }
    long frame = packet.address;
    long tags = OffHeap.getLongBe(frame + 6);
    words[Word.ETH_SRC] = (tags & ~0xffffL) | packet.etherType;
    words[Word.ETH_DST] = OffHeap.getLongBe(frame) & ~0xffffL;
    if (packet.vlanTags != 0) {
      extractTags(packet, words);
    }
  }

  private static void extractTags(Packet packet, long[] words) {
    int outer = OffHeap.getIntBe(packet.address + 12) | CFI;
    words[Word.ETH_DST] |= outer & 0xffff;
    words[Word.VLAN] = (long) outer >>> 16 << 48;
    if (packet.vlanTags > 1) {
      int inner = OffHeap.getIntBe(packet.address + 16) | CFI;
      words[Word.VLAN] |= (inner & 0xffff_ffffL) << 16;
    }
  }

  private static void extractIpv4(Packet packet, long[] words) {
    if (packet.l3End == Packet.ABSENT) {
      return;
    }
    long header = packet.address + packet.l3Offset;
    words[Word.IPV4] = OffHeap.getLongBe(header + 12);
    long tos = OffHeap.getUnsignedByte(header + 1);
    long ttl = OffHeap.getUnsignedByte(header + 8);
    words[Word.IP] = ip(packet, tos, ttl);
    extractTransport(packet, words);
    if (packet.ctState != 0) {
      extractConnection(packet, words);
    }
  }

  private static void extractIpv6(Packet packet, long[] words) {
    if (packet.l3End == Packet.ABSENT) {
      return;
    }
    long header = packet.address + packet.l3Offset;
    words[Word.IPV6_SRC] = OffHeap.getLongBe(header + 8);
    words[Word.IPV6_SRC + 1] = OffHeap.getLongBe(header + 16);
    words[Word.IPV6_DST] = OffHeap.getLongBe(header + 24);
    words[Word.IPV6_DST + 1] = OffHeap.getLongBe(header + 32);
    if (packet.payloadOffset != Packet.ABSENT) {
      int start = OffHeap.getIntBe(header);
      long ttl = OffHeap.getUnsignedByte(header + 7);
      words[Word.IP] = ip(packet, start >>> 20 & 0xff, ttl) | (start & 0xf_ffff);
      extractTransport(packet, words);
    }
    if (packet.ctState != 0) {
      extractConnection(packet, words);
    }
  }

  private static long ip(Packet packet, long tos, long ttl) {
    return (long) packet.ipProtocol << 48 | tos << 40 | ttl << 32 | (long) packet.fragment << 24;
  }

  private static void extractTransport(Packet packet, long[] words) {
    if (packet.l4Offset == Packet.ABSENT) {
      return;
    }
    long header = packet.address + packet.l4Offset;
    switch (packet.ipProtocol) {
      case IpProtocol.TCP -> {
        long flags = OffHeap.getUnsignedShortBe(header + 12) & 0xfff;
        words[Word.L4] = (long) OffHeap.getIntBe(header) << 32 | flags << 16;
      }
      case IpProtocol.UDP, IpProtocol.SCTP ->
          words[Word.L4] = (long) OffHeap.getIntBe(header) << 32;
      case IpProtocol.ICMP, IpProtocol.IGMP -> words[Word.L4] = typeAndCode(header);
      case IpProtocol.ICMPV6 -> extractIcmpv6(packet, words);
      default -> {}
    }
  }

  private static long typeAndCode(long header) {
    long type = OffHeap.getUnsignedByte(header);
    long code = OffHeap.getUnsignedByte(header + 1);
    return type << 48 | code << 32;
  }

  private static void extractIcmpv6(Packet packet, long[] words) {
    long header = packet.address + packet.l4Offset;
    words[Word.L4] = typeAndCode(header);
    int start = OffHeap.getUnsignedShortBe(header);
    if (start != ND_SOLICIT << 8 && start != ND_ADVERT << 8) {
      return;
    }
    words[Word.ND_EXTENSION] = (long) OffHeap.getIntBe(header + 4) << 32;
    if (packet.l4Offset + ND_TARGET_END <= packet.l3End) {
      words[Word.ND_TARGET] = OffHeap.getLongBe(header + 8);
      words[Word.ND_TARGET + 1] = OffHeap.getLongBe(header + 16);
      if (!extractLinkOptions(packet, words)) {
        words[Word.ND_TARGET] = 0;
        words[Word.ND_TARGET + 1] = 0;
        words[Word.SOURCE_LINK] = 0;
        words[Word.TARGET_LINK] = 0;
      }
    }
  }

  /** Finds the link addresses of neighbour discovery; false if one is given twice. */
  private static boolean extractLinkOptions(Packet packet, long[] words) {
    int offset = packet.l4Offset + ND_TARGET_END;
    while (offset + 8 <= packet.l3End) {
      long option = OffHeap.getLongBe(packet.address + offset);
      int bytes = ((int) (option >>> 48) & 0xff) * 8;
      if (bytes == 0 || offset + bytes > packet.l3End) {
        return true;
      }
      int type = (int) (option >>> 56);
      if (bytes == 8 && (type == ND_SOURCE_LINK || type == ND_TARGET_LINK)) {
        int word = type == ND_SOURCE_LINK ? Word.SOURCE_LINK : Word.TARGET_LINK;
        if (words[word] != 0) {
          return false;
        }
        words[word] = option << 16;
        if ((words[Word.ND_EXTENSION] & 0xff) == 0) {
          words[Word.ND_EXTENSION] |= type;
        }
      }
      offset += bytes;
    }
    return true;
  }

  private static void extractOther(Packet packet, long[] words) {
    if (EtherType.isArp(packet.etherType)) {
      extractArp(packet, words);
    } else if (EtherType.isMpls(packet.etherType)) {
      extractLabels(packet, words);
    } else if (packet.etherType == EtherType.NSH) {
      extractNsh(packet, words);
    }
  }

  private static void extractArp(Packet packet, long[] words) {
    if (!hasArp(packet)) {
      return;
    }
    long header = packet.address + packet.l3Offset;
    long operation = OffHeap.getUnsignedShortBe(header + 6);
    words[Word.IP] = operation <= 0xff ? operation << 48 : 0;
    words[Word.IPV4] = pair(OffHeap.getIntBe(header + 14), OffHeap.getIntBe(header + 24));
    words[Word.SOURCE_LINK] = OffHeap.getLongBe(header + 8) & ~0xffffL;
    words[Word.TARGET_LINK] = OffHeap.getLongBe(header + 18) & ~0xffffL;
  }

  /** Whether a packet of ARP's type has a whole ARP message for Ethernet and IPv4. */
  static boolean hasArp(Packet packet) {
    return packet.l3Offset + ARP_BYTES <= packet.length
        && OffHeap.getLongBe(packet.address + packet.l3Offset) >>> 16 == ARP_ETHERNET_IPV4;
  }

  private static void extractLabels(Packet packet, long[] words) {
    int offset = packet.l3Offset;
    for (int i = 0; i < MAX_LABELS && offset + 4 <= packet.length; i++) {
      int entry = OffHeap.getIntBe(packet.address + offset);
      words[Word.MPLS + (i >> 1)] |= (entry & 0xffff_ffffL) << ((i & 1) == 0 ? 32 : 0);
      if ((entry & 0x100) != 0) {
        return;
      }
      offset += 4;
    }
  }

  private static void extractNsh(Packet packet, long[] words) {
    int available = packet.length - packet.l3Offset;
    if (available < NSH_BASE_BYTES) {
      return;
    }
    long base = OffHeap.getLongBe(packet.address + packet.l3Offset);
    int version = (int) (base >>> 62);
    int bytes = ((int) (base >>> 48) & 0x3f) * 4;
    int type = (int) (base >>> 40) & 0xff;
    if (version != 0 || bytes > available || !isNshLength(type, bytes)) {
      return;
    }
    long flags = base >>> 60 & 3;
    long protocol = base >>> 32 & 0xff;
    long ttl = base >>> 54 & 0x3f;
    words[Word.NSH] =
        flags << 56 | (long) type << 48 | protocol << 40 | ttl << 32 | (base & 0xffff_ffffL);
    if (type == 1) {
      words[Word.NSH_CONTEXT] = OffHeap.getLongBe(packet.address + packet.l3Offset + 8);
      words[Word.NSH_CONTEXT + 1] = OffHeap.getLongBe(packet.address + packet.l3Offset + 16);
    }
  }

  private static boolean isNshLength(int type, int bytes) {
    return switch (type) {
      case 1 -> bytes == NSH_TYPE1_BYTES;
      case 2 -> bytes >= NSH_BASE_BYTES;
      default -> true;
    };
  }

  private static void extractConnection(Packet packet, long[] words) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    if (packet.ctProtocol == 0 || packet.ctIpv6 != ipv6) {
      return;
    }
    words[Word.CT_PORTS] |=
        (long) packet.ctSrcPort << 48 | (long) packet.ctDstPort << 32 | packet.ctProtocol;
    if (ipv6) {
      words[Word.CT_IPV6_SRC] = packet.ctSrcHi;
      words[Word.CT_IPV6_SRC + 1] = packet.ctSrcLo;
      words[Word.CT_IPV6_DST] = packet.ctDstHi;
      words[Word.CT_IPV6_DST + 1] = packet.ctDstLo;
    } else {
      words[Word.CT_IPV4] = pair((int) packet.ctSrcLo, (int) packet.ctDstLo);
    }
  }

  private static long pair(int high, int low) {
    return (long) high << 32 | (low & 0xffff_ffffL);
  }
}
