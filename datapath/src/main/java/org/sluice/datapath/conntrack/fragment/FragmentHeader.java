package org.sluice.datapath.conntrack.fragment;

import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;

import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Which part of which datagram a fragment carries (RFC 791, RFC 8200).
 *
 * @param id the datagram's identification
 * @param protocol what the fragment header says follows
 * @param headerBytes of IP header, with IPv6 up to and with the fragment header
 * @param nextHeaderOffset where in the header the type of what follows stands once the fragment
 *     header is gone; 0 for IPv4
 * @param start first byte of payload, counted in the datagram
 * @param bytes of payload; a last fragment may have none, and says where the datagram ends
 */
record FragmentHeader(
    boolean ipv6,
    int id,
    int protocol,
    int headerBytes,
    int nextHeaderOffset,
    int start,
    int bytes,
    boolean isLast) {
  static final int IPV6_BYTES = 40;

  private static final int FRAGMENT_HEADER_BYTES = 8;

  /** One past its last byte. */
  int end() {
    return start + bytes;
  }

  /** Bytes of the IP header of the whole datagram. */
  int wholeHeaderBytes() {
    return ipv6 ? headerBytes - FRAGMENT_HEADER_BYTES : headerBytes;
  }

  /** Reads a parsed packet that is a fragment; null where it is malformed. */
  static FragmentHeader read(Packet packet) {
    if (packet.l3End == Packet.ABSENT || packet.l3End <= packet.l3Offset) {
      return null;
    }
    FragmentHeader header = packet.etherType == EtherType.IPV6 ? ipv6(packet) : ipv4(packet);
    if (header == null || header.bytes < 0 || header.end() > 65_535) {
      return null;
    }
    return header.isLast || header.bytes % 8 == 0 ? header : null;
  }

  private static FragmentHeader ipv4(Packet packet) {
    long ip = packet.address + packet.l3Offset;
    int field = getUnsignedShortBe(ip + 6);
    int headerBytes = (getUnsignedByte(ip) & 0xf) * 4;
    return new FragmentHeader(
        false,
        getUnsignedShortBe(ip + 4),
        getUnsignedByte(ip + 9),
        headerBytes,
        0,
        (field & 0x1fff) * 8,
        packet.l3End - packet.l3Offset - headerBytes,
        (field & 0x2000) == 0);
  }

  /** Goes the way that the parser went, which has checked it. */
  private static FragmentHeader ipv6(Packet packet) {
    long ip = packet.address + packet.l3Offset;
    int end = packet.l3End - packet.l3Offset;
    int next = 6;
    int at = IPV6_BYTES;
    int type = getUnsignedByte(ip + next);
    while (IpProtocol.isExtension(type) && at + FRAGMENT_HEADER_BYTES <= end) {
      if (type == IpProtocol.FRAGMENT && getUnsignedShortBe(ip + at + 2) != 0) {
        return ipv6(ip, at, next, end);
      }
      next = at;
      at += Parser.extensionBytes(type, getUnsignedByte(ip + at + 1));
      type = getUnsignedByte(ip + next);
    }
    return null;
  }

  private static FragmentHeader ipv6(long ip, int at, int next, int end) {
    int field = getUnsignedShortBe(ip + at + 2);
    int headerBytes = at + FRAGMENT_HEADER_BYTES;
    return new FragmentHeader(
        true,
        getIntBe(ip + at + 4),
        getUnsignedByte(ip + at),
        headerBytes,
        next,
        field & ~7,
        end - headerBytes,
        (field & 1) == 0);
  }
}
