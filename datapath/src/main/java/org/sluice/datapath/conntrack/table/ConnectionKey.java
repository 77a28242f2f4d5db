package org.sluice.datapath.conntrack.table;

import org.sluice.datapath.packet.IpProtocol;

/**
 * The tuple that a packet is looked up by, in the packet's direction: scratch of one thread.
 *
 * <p>Addresses are 128 bits; IPv4 in the low 32 of the low half. Everything else is one word, so
 * that comparing a record means comparing five longs, or the same five crosswise for the other
 * direction:
 *
 * <pre>
 *   63          48 47          32 31          16 15        8 7         0
 *  | source port  | destination  | zone         | protocol  | kind      |
 * </pre>
 *
 * <p>An ICMP query has its identifier in both ports. Its direction is in the kind: a request
 * matches only in the direction of the request, so that two hosts which ping each other with the
 * same identifier have two connections.
 */
public final class ConnectionKey {
  /** Kind bit: addresses are IPv6. */
  public static final int IPV6 = 0x01;

  /** Kind bit: an ICMP query's answer. In records only aliases have it. */
  public static final int ICMP_ANSWER = 0x02;

  /** Kind bits that tell ICMP query types apart, shifted by this. */
  public static final int ICMP_CLASS_SHIFT = 2;

  private static final long PORT_BITS = 0xffff_ffff_0000_0000L;
  private static final long PORT_OFFSET = 0x9e37_79b9_7f4a_7c15L;

  public long srcHi;
  public long srcLo;
  public long dstHi;
  public long dstLo;

  /** Ports, zone, protocol and kind as the packet has them. */
  public long word;

  /** {@link #word} as a packet in the other direction has it. */
  public long swapped;

  /** Equal for both directions. */
  public int hash;

  /**
   * Whether the packet's addresses are already translated, so that it has to be found by what its
   * connection makes of them.
   */
  public boolean translated;

  /** Sets everything but the addresses. */
  public void setWord(int ports, int zone, int protocol, int kind) {
    word = word(ports, zone, protocol, kind);
    swapped = swap(word);
  }

  /** Packs a key's word; {@code ports} has the source port in its high half. */
  public static long word(int ports, int zone, int protocol, int kind) {
    long low = (long) zone << 16 | protocol << 8 | kind;
    return (long) ports << 32 | low;
  }

  /** The word of the same connection's other direction. */
  public static long swap(long word) {
    long ports = Integer.rotateLeft((int) (word >>> 32), 16);
    long rest = word & 0xffff_ffffL;
    return ports << 32 | (isIcmp(word) ? rest ^ ICMP_ANSWER : rest);
  }

  /** Whether the protocol is the ICMP of the address family. */
  public static boolean isIcmp(long word) {
    return protocol(word) == (isIpv6(word) ? IpProtocol.ICMPV6 : IpProtocol.ICMP);
  }

  /** Turns the key round. */
  public void reverse() {
    long high = srcHi;
    long low = srcLo;
    srcHi = dstHi;
    srcLo = dstLo;
    dstHi = high;
    dstLo = low;
    long other = word;
    word = swapped;
    swapped = other;
  }

  /** Becomes {@code other}, hash included. */
  public void set(ConnectionKey other) {
    srcHi = other.srcHi;
    srcLo = other.srcLo;
    dstHi = other.dstHi;
    dstLo = other.dstLo;
    word = other.word;
    swapped = other.swapped;
    hash = other.hash;
    translated = other.translated;
  }

  /** Whether it is {@code other} turned round. */
  public boolean isReverseOf(ConnectionKey other) {
    return word == other.swapped
        && srcHi == other.dstHi
        && srcLo == other.dstLo
        && dstHi == other.srcHi
        && dstLo == other.srcLo;
  }

  /**
   * Computes {@link #hash}: the same for both directions, and not to be guessed without the salt.
   */
  public void computeHash(long salt) {
    long source = mix(srcLo ^ salt, srcHi ^ ((word >>> 48) + PORT_OFFSET) ^ (salt >>> 7));
    long destination =
        mix(dstLo ^ salt, dstHi ^ ((word >>> 32 & 0xffff) + PORT_OFFSET) ^ (salt >>> 7));
    long rest = (word & ~(PORT_BITS | ICMP_ANSWER)) * 0xd6e8_feb8_6659_fd93L;
    long mixed = mix((source + destination) ^ salt, ((source ^ destination) + rest) ^ ~salt);
    hash = (int) (mixed ^ (mixed >>> 32));
  }

  /** The 128-bit product, folded. */
  private static long mix(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  /** Source port, or ICMP identifier. */
  public static int sourcePort(long word) {
    return (int) (word >>> 48);
  }

  /** Destination port, or ICMP identifier. */
  public static int destinationPort(long word) {
    return (int) (word >>> 32) & 0xffff;
  }

  /** The zone. */
  public static int zone(long word) {
    return (int) word >>> 16;
  }

  /** The IP protocol. */
  public static int protocol(long word) {
    return (int) word >>> 8 & 0xff;
  }

  /** Whether the addresses are IPv6. */
  public static boolean isIpv6(long word) {
    return (word & IPV6) != 0;
  }

  /** Which ICMP query it is; see {@link #ICMP_CLASS_SHIFT}. */
  public static int icmpClass(long word) {
    return (int) word >>> ICMP_CLASS_SHIFT & 0x7;
  }
}
