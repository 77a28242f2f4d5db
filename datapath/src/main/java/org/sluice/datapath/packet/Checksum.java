package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * The checksums of IP and what it carries: computed, verified, filled in, and updated when a few
 * bytes change.
 *
 * <p>A <em>sum</em> is an unfolded one's complement sum of 16-bit words in network order; {@link
 * #fold} makes 16 bits of it, and their complement is the checksum in a header.
 *
 * <p>Such a sum does not mind which way round the bytes of all words are (RFC 1071, 2(B)): a
 * <em>raw</em> sum takes them as the machine, which is little-endian, loads them. To be verified it
 * need not even be turned round, for all ones are all ones from either end. Stateless.
 */
public final class Checksum {
  private static final int IPV4_BYTES = 20;
  private static final int IPV4_CHECKSUM = 10;
  private static final int TCP_CHECKSUM = 16;
  private static final int UDP_CHECKSUM = 6;
  private static final int ICMP_CHECKSUM = 2;
  private static final int SCTP_CHECKSUM = 8;

  private Checksum() {}

  /** The sum over memory; an odd last byte counts as the high half of a word. */
  public static long sum(long address, int bytes) {
    return turned(raw(address, bytes));
  }

  private static long turned(long raw) {
    return Short.reverseBytes((short) fold(raw)) & 0xffff;
  }

  private static long raw(long address, int bytes) {
    long sum = 0;
    int at = 0;
    for (; at <= bytes - 8; at += 8) {
      sum += sum(OffHeap.getLong(address + at));
    }
    if ((bytes & 4) != 0) {
      sum += OffHeap.getInt(address + at) & 0xffff_ffffL;
      at += 4;
    }
    if ((bytes & 2) != 0) {
      sum += OffHeap.getShort(address + at) & 0xffff;
      at += 2;
    }
    return (bytes & 1) == 0 ? sum : sum + OffHeap.getUnsignedByte(address + at);
  }

  /** A sum folded to 16 bits: its halves are added, with the carry brought round, twice. */
  public static int fold(long sum) {
    int half = (int) ((sum + Long.rotateLeft(sum, 32)) >>> 32);
    return (half + Integer.rotateLeft(half, 16)) >>> 16;
  }

  /** The sum of four 16-bit words. */
  private static long sum(long words) {
    return (words >>> 32) + (words & 0xffff_ffffL);
  }

  /** The checksum when {@code before}, four aligned 16-bit words, has become {@code after}. */
  public static int update(int checksum, long before, long after) {
    return ~fold((~checksum & 0xffffL) + sum(~before) + sum(after)) & 0xffff;
  }

  /** What an IPv4 header's checksum field should hold. */
  public static int ofIpv4Header(long header, int headerBytes) {
    long sum = sum(header, headerBytes) + 0xffff;
    return ~fold(sum - OffHeap.getUnsignedShortBe(header + IPV4_CHECKSUM)) & 0xffff;
  }

  /** Whether the device knows already what {@link #isIpv4HeaderValid} would find out. */
  public static boolean isIpv4HeaderKnown(Packet packet) {
    int known = Packet.HEADER_CHECKSUM_VERIFIED | Packet.HEADER_CHECKSUM_WRONG;
    return (packet.offloadFlags & known) != 0;
  }

  /** Whether the IPv4 header of a parsed IPv4 packet has the right checksum. */
  public static boolean isIpv4HeaderValid(Packet packet) {
    if (isIpv4HeaderKnown(packet)) {
      return (packet.offloadFlags & Packet.HEADER_CHECKSUM_WRONG) == 0;
    }
    long header = packet.l3();
    int bytes = packet.payloadOffset - packet.l3Offset;
    long sum =
        bytes == IPV4_BYTES
            ? sum(OffHeap.getLong(header))
                + sum(OffHeap.getLong(header + 8))
                + (OffHeap.getInt(header + 16) & 0xffff_ffffL)
            : raw(header, bytes);
    return fold(sum) == 0xffff;
  }

  /**
   * Whether the transport checksum is right, or need not be looked at: it was verified, is still to
   * be filled in, or is absent (UDP). True for a fragment, and for protocols without one.
   */
  public static boolean isTransportValid(Packet packet) {
    if (packet.l4Offset == Packet.ABSENT
        || packet.fragment != 0
        || (packet.offloadFlags & (Packet.CHECKSUM_PARTIAL | Packet.CHECKSUM_VERIFIED)) != 0) {
      return true;
    }
    long header = packet.l4();
    return switch (packet.ipProtocol) {
      case IpProtocol.SCTP -> OffHeap.getIntBe(header + SCTP_CHECKSUM) == sctp(packet);
      case IpProtocol.UDP ->
          (OffHeap.getShort(header + UDP_CHECKSUM) == 0 && packet.etherType == EtherType.IPV4)
              || isWholeValid(packet, header);
      case IpProtocol.TCP -> isWholeValid(packet, header);
      case IpProtocol.ICMP, IpProtocol.ICMPV6, IpProtocol.UDP_LITE, IpProtocol.DCCP ->
          fold(rawTransport(packet)) == 0xffff;
      default -> true;
    };
  }

  /** Whether a checksum that covers everything and the pseudo header is right. */
  private static boolean isWholeValid(Packet packet, long header) {
    long sum = raw(header, packet.l3End - packet.l4Offset);
    return fold(sum + rawPseudo(packet)) == 0xffff;
  }

  /** Computes and writes the IPv4 header's checksum. */
  public static void fillIpv4Header(Packet packet) {
    long header = packet.l3();
    int checksum = ofIpv4Header(header, packet.payloadOffset - packet.l3Offset);
    OffHeap.putShortBe(header + IPV4_CHECKSUM, checksum);
  }

  /**
   * Computes and writes the transport checksum of a whole packet, and forgets that it was still to
   * be done.
   */
  public static void fillTransport(Packet packet) {
    packet.offloadFlags &= ~Packet.CHECKSUM_PARTIAL;
    if (packet.l4Offset == Packet.ABSENT) {
      return;
    }
    long header = packet.l4();
    if (packet.ipProtocol == IpProtocol.SCTP) {
      OffHeap.putIntBe(header + SCTP_CHECKSUM, sctp(packet));
      return;
    }
    int offset = offset(packet.ipProtocol);
    if (offset == Packet.ABSENT) {
      return;
    }
    OffHeap.putShortBe(header + offset, 0);
    int checksum = ~fold(turned(rawTransport(packet))) & 0xffff;
    boolean zero = checksum == 0 && packet.ipProtocol == IpProtocol.UDP;
    OffHeap.putShortBe(header + offset, zero ? 0xffff : checksum);
  }

  /** Writes the sum of the pseudo header, which a device completes, where it covers one. */
  public static void fillPartial(Packet packet) {
    int offset = offset(packet.ipProtocol);
    if (packet.l4Offset != Packet.ABSENT && hasPseudoHeader(packet) && offset != Packet.ABSENT) {
      OffHeap.putShortBe(packet.l4() + offset, fold(pseudoSum(packet)));
    }
  }

  /**
   * Four bytes of the transport header or payload at {@code address} were {@code before} and are
   * {@code after}: updates a whole checksum.
   */
  public static void replaced(Packet packet, long address, int before, int after) {
    boolean isOdd = ((address - packet.address - packet.l4Offset) & 1) != 0;
    long old = before & 0xffff_ffffL;
    long now = after & 0xffff_ffffL;
    TransportChecksum.dataChanged(packet, isOdd ? old << 8 : old, isOdd ? now << 8 : now);
  }

  /** Where the protocol's header has its 16-bit checksum; ABSENT where it has none. */
  public static int offset(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> TCP_CHECKSUM;
      case IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP -> UDP_CHECKSUM;
      case IpProtocol.ICMP, IpProtocol.ICMPV6, IpProtocol.IGMP -> ICMP_CHECKSUM;
      default -> Packet.ABSENT;
    };
  }

  /** The raw sum over transport header, payload and, where it counts, the pseudo header. */
  private static long rawTransport(Packet packet) {
    long sum = raw(packet.l4(), coveredBytes(packet));
    return hasPseudoHeader(packet) ? sum + rawPseudo(packet) : sum;
  }

  /** How much of transport header and payload the checksum covers (RFC 3828, RFC 4340). */
  private static int coveredBytes(Packet packet) {
    int bytes = packet.l3End - packet.l4Offset;
    long header = packet.l4();
    int covered =
        switch (packet.ipProtocol) {
          case IpProtocol.UDP_LITE -> OffHeap.getUnsignedShortBe(header + 4);
          case IpProtocol.DCCP -> {
            int coverage = OffHeap.getUnsignedByte(header + 5) & 0xf;
            int headerBytes = OffHeap.getUnsignedByte(header + 4) * 4;
            yield coverage == 0 ? 0 : headerBytes + (coverage - 1) * 4;
          }
          default -> 0;
        };
    return covered == 0 ? bytes : Math.min(covered, bytes);
  }

  /** Whether the transport checksum covers the addresses. */
  static boolean hasPseudoHeader(Packet packet) {
    return switch (packet.ipProtocol) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP -> true;
      case IpProtocol.ICMPV6 -> packet.etherType == EtherType.IPV6;
      default -> false;
    };
  }

  /** The sum over the pseudo header of a parsed IP packet; folded, a partial checksum holds it. */
  public static long pseudoSum(Packet packet) {
    return turned(rawPseudo(packet));
  }

  private static long rawPseudo(Packet packet) {
    long header = packet.l3();
    int rest = packet.l3End - packet.payloadOffset + packet.ipProtocol;
    long sum = Integer.reverseBytes(rest) & 0xffff_ffffL;
    return packet.etherType == EtherType.IPV4
        ? sum + sum(OffHeap.getLong(header + 12))
        : sum + raw(header + 8, 32);
  }

  /** SCTP's checksum as its header field reads in network order. */
  static int sctp(Packet packet) {
    long header = packet.l4();
    int bytes = packet.l3End - packet.l4Offset;
    int crc = Crc32c.update(-1, header, SCTP_CHECKSUM);
    crc = zeros(crc);
    crc = Crc32c.update(crc, header + 12, bytes - 12);
    return Integer.reverseBytes(~crc);
  }

  private static int zeros(int register) {
    int crc = register;
    for (int i = 0; i < 4; i++) {
      crc = Crc32c.updateZero(crc);
    }
    return crc;
  }
}
