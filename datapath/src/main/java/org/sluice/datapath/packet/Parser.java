package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * Finds the headers of a frame, once: fills the parser's block of a {@link Packet}.
 *
 * <p>Every length that a header claims is checked here against the bytes that arrived, so that
 * whoever reads a header afterwards need only compare its offset with {@link Packet#ABSENT}. A
 * frame that is cut off, or lies, is parsed as far as it can be believed; nothing is read outside
 * of it. Stateless: the packet belongs to the calling thread.
 */
public final class Parser {
  /** VLAN tags that are taken off unless a packet says otherwise. */
  public static final int DEFAULT_VLAN_TAGS = 1;

  /** VLAN tags that are taken off at most; further ones are the frame's payload. */
  public static final int MAX_VLAN_TAGS = 2;

  /** What a length (802.3) frame without a SNAP header has for an Ethernet type. */
  public static final int ETHER_TYPE_NONE = 0x05ff;

  /** Lowest value that is a type and not a length. */
  private static final int ETHER_TYPE_MIN = 0x0600;

  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int MAX_PADDING_BYTES = 0xffff;

  /** IPv6 extension headers followed before a packet counts as broken. */
  public static final int MAX_EXTENSIONS = 32;

  private static final long SNAP_ETHERNET = 0xaaaa_0300_0000L;

  private Parser() {}

  /**
   * Parses with up to {@link #MAX_VLAN_TAGS} tags; false if the frame is too short for Ethernet.
   */
  public static boolean parse(Packet packet) {
    return parse(packet, MAX_VLAN_TAGS);
  }

  /** Parses, taking off at most {@code vlanLimit} tags; false if it is too short for Ethernet. */
  public static boolean parse(Packet packet, int vlanLimit) {
    packet.payloadOffset = Packet.ABSENT;
    packet.l4Offset = Packet.ABSENT;
    packet.l3End = packet.length;
    packet.ipProtocol = 0;
    packet.fragment = 0;
    if (!parseLink(packet)) {
      return false;
    }
    if (packet.etherType == EtherType.IPV4) {
      parseIpv4(packet);
    } else if (packet.etherType == EtherType.IPV6) {
      parseIpv6(packet);
    }
    return true;
  }

  private static boolean parseLink(Packet packet) {
    packet.vlanTags = 0;
    if (packet.packetType != 0) {
      packet.etherType = packet.packetType & 0xffff;
      packet.l3Offset = 0;
      return true;
    }
    if (packet.length < ETHERNET_BYTES) {
      packet.etherType = 0;
      packet.l3Offset = Packet.ABSENT;
      packet.l3End = Packet.ABSENT;
      return false;
    }
    long frame = packet.frame();
    int type = OffHeap.getUnsignedShortBe(frame + 12);
    int offset = ETHERNET_BYTES;
    while (EtherType.isVlan(type)
        && packet.vlanTags < packet.vlanLimit
        && offset + 4 <= packet.length) {
      type = OffHeap.getUnsignedShortBe(frame + offset + 2);
      offset += 4;
      packet.vlanTags++;
    }
    packet.etherType = type;
    packet.l3Offset = offset;
    if (type < ETHER_TYPE_MIN) {
      parseSnap(packet);
    }
    return true;
  }

  private static void parseSnap(Packet packet) {
    packet.etherType = ETHER_TYPE_NONE;
    if (packet.l3Offset + 8 > packet.length) {
      return;
    }
    long header = OffHeap.getLongBe(packet.address + packet.l3Offset);
    if (header >>> 16 == SNAP_ETHERNET) {
      packet.l3Offset += 8;
      int type = (int) header & 0xffff;
      packet.etherType = type >= ETHER_TYPE_MIN ? type : ETHER_TYPE_NONE;
    }
  }

  private static void parseIpv4(Packet packet) {
    int offset = packet.l3Offset;
    int available = packet.length - offset;
    packet.l3End = Packet.ABSENT;
    if (available < IPV4_BYTES) {
      return;
    }
    long header = packet.l3();
    long start = OffHeap.getLongBe(header);
    int headerBytes = ((int) (start >>> 56) & 0xf) * 4;
    int totalBytes = (int) (start >>> 32) & 0xffff;
    if (headerBytes < IPV4_BYTES
        || headerBytes > totalBytes
        || totalBytes > available
        || available - totalBytes > MAX_PADDING_BYTES) {
      return;
    }
    packet.l3End = offset + totalBytes;
    packet.ipProtocol = OffHeap.getUnsignedByte(header + 9);
    packet.payloadOffset = offset + headerBytes;
    int fragmentField = (int) start & 0x3fff;
    if (fragmentField != 0) {
      packet.fragment = (fragmentField & 0x1fff) != 0 ? 3 : 1;
    }
    parseTransport(packet);
  }

  private static void parseIpv6(Packet packet) {
    int offset = packet.l3Offset;
    int available = packet.length - offset;
    packet.l3End = Packet.ABSENT;
    if (available < IPV6_BYTES) {
      return;
    }
    int start = OffHeap.getIntBe(packet.address + offset + 4);
    int totalBytes = (start >>> 16) + IPV6_BYTES;
    if (totalBytes > available || available - totalBytes > MAX_PADDING_BYTES) {
      return;
    }
    packet.l3End = offset + totalBytes;
    packet.ipProtocol = start >>> 8 & 0xff;
    if (skipExtensions(packet, offset + IPV6_BYTES)) {
      parseTransport(packet);
    }
  }

  /** Steps over extension headers; false, and no payload, if they are broken or too many. */
  private static boolean skipExtensions(Packet packet, int start) {
    int offset = start;
    for (int i = 0; i <= MAX_EXTENSIONS; i++) {
      if (!IpProtocol.isExtension(packet.ipProtocol)) {
        packet.payloadOffset = offset;
        return true;
      }
      if (offset + 8 > packet.l3End) {
        break;
      }
      int header = OffHeap.getIntBe(packet.address + offset);
      int bytes = extensionBytes(packet.ipProtocol, header >>> 16 & 0xff);
      if (offset + bytes > packet.l3End) {
        break;
      }
      offset += bytes;
      if (packet.ipProtocol == IpProtocol.FRAGMENT && (header & 0xffff) != 0) {
        packet.fragment = 1;
        if ((header & 0xfff8) != 0) {
          packet.fragment = 3;
          packet.payloadOffset = offset;
          return true;
        }
      }
      packet.ipProtocol = header >>> 24;
    }
    packet.ipProtocol = 0;
    packet.fragment = 0;
    return false;
  }

  /**
   * Whether a routing header of a parsed IPv6 packet says that its destination is not yet the last
   * one, so that the transport checksum does not cover it.
   */
  public static boolean isSourceRouted(Packet packet) {
    int offset = packet.l3Offset + IPV6_BYTES;
    int next = OffHeap.getUnsignedByte(packet.address + packet.l3Offset + 6);
    while (offset < packet.payloadOffset && IpProtocol.isExtension(next)) {
      int header = OffHeap.getIntBe(packet.address + offset);
      if (next == IpProtocol.ROUTING && (header & 0xff) != 0) {
        return true;
      }
      offset += extensionBytes(next, header >>> 16 & 0xff);
      next = header >>> 24;
    }
    return false;
  }

  /** Length of an IPv6 extension header whose length field says {@code lengthField}. */
  public static int extensionBytes(int protocol, int lengthField) {
    return switch (protocol) {
      case IpProtocol.FRAGMENT -> 8;
      case IpProtocol.AUTHENTICATION -> (lengthField + 2) * 4;
      default -> (lengthField + 1) * 8;
    };
  }

  private static void parseTransport(Packet packet) {
    if ((packet.fragment & 2) != 0) {
      return;
    }
    int offset = packet.payloadOffset;
    int available = packet.l3End - offset;
    if (packet.ipProtocol == IpProtocol.TCP) {
      if (available < 20) {
        return;
      }
      int headerBytes = tcpHeaderBytes(packet.address + offset);
      if (headerBytes < 20 || headerBytes > available) {
        return;
      }
    } else if (available < IpProtocol.minHeaderBytes(packet.ipProtocol)) {
      return;
    }
    packet.l4Offset = offset;
  }

  /** Bytes of the TCP header at an address with its options, as it says itself. */
  public static int tcpHeaderBytes(long header) {
    return (OffHeap.getUnsignedByte(header + 12) >>> 4) * 4;
  }

  /** Bytes of the transport header in front of what a segment carries: TCP's, else UDP's. */
  public static int transportBytes(int protocol, long header) {
    return protocol == IpProtocol.TCP ? tcpHeaderBytes(header) : 8;
  }
}
