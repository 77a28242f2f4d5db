package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getLongBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Makes the tuple that a packet is looked up by, and checks everything about the packet that does
 * not depend on a connection: lengths, ports, checksums. Belongs to one packet thread.
 */
public final class KeyReader {
  private static final int IPV4_BYTES = 20;
  private static final int TCP_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int SCTP_BYTES = 12;
  private static final int ICMP_BYTES = 8;
  private static final int DCCP_BYTES = 12;
  private static final int GRE_CHECKSUM = 0x8000;
  private static final int GRE_KEY = 0x2000;
  private static final int GRE_VERSION = 0x0007;
  private static final int GRE_VERSION_PPTP = 1;

  private final long salt;
  private final QuotedPacket quoted = new QuotedPacket();
  private final ConnectionKey key = new ConnectionKey();
  private boolean isIcmpError;
  private boolean isVerified;
  private long headersChecked;
  private long headersWrong;

  /** Makes a reader whose keys hash with {@code salt}. */
  public KeyReader(long salt) {
    this.salt = salt;
  }

  /** What {@link #read} made; valid until its next call. */
  public ConnectionKey key() {
    return key;
  }

  /** Whether the packet is an ICMP error, so that {@link #key} is from the packet it quotes. */
  public boolean isIcmpError() {
    return isIcmpError;
  }

  /** The packet that an ICMP error quotes. */
  public QuotedPacket quoted() {
    return quoted;
  }

  /**
   * Reads the key of a parsed packet.
   *
   * @param trusted whether the checksums were verified before
   * @return null, or why the packet can belong to no connection
   */
  public DropReason read(Packet packet, int zone, boolean trusted) {
    isIcmpError = false;
    isVerified = trusted;
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    DropReason reason = ipv6 ? readIpv6(packet) : readIpv4(packet);
    if (reason == null) {
      reason = readTransport(packet, ipv6, zone);
    }
    if (reason == null) {
      key.computeHash(salt);
    }
    return reason;
  }

  private DropReason readIpv4(Packet packet) {
    if (packet.etherType != EtherType.IPV4 || packet.l3End - packet.l3Offset < IPV4_BYTES) {
      return DropReason.CT_INVALID_HEADER;
    }
    if (packet.fragment != 0) {
      return DropReason.CT_FRAGMENT;
    }
    if (!isVerified && !isHeaderValid(packet)) {
      return DropReason.CT_INVALID_CHECKSUM;
    }
    putAddresses(packet, false);
    return null;
  }

  /** Of an IPv4 packet; what is done is counted. */
  private boolean isHeaderValid(Packet packet) {
    if (!Checksum.isIpv4HeaderKnown(packet)) {
      headersChecked++;
    }
    boolean isValid = Checksum.isIpv4HeaderValid(packet);
    if (!isValid) {
      headersWrong++;
    }
    return isValid;
  }

  /** IPv4 headers whose checksum was computed. Any thread may ask. */
  public long headersChecked() {
    return headersChecked;
  }

  /** IPv4 headers whose checksum was wrong, the device's word included. Any thread may ask. */
  public long headersWrong() {
    return headersWrong;
  }

  private DropReason readIpv6(Packet packet) {
    if (packet.l3End <= packet.l3Offset || packet.payloadOffset == Packet.ABSENT) {
      return DropReason.CT_INVALID_HEADER;
    }
    if (packet.fragment != 0) {
      return DropReason.CT_FRAGMENT;
    }
    putAddresses(packet, true);
    return null;
  }

  private DropReason readTransport(Packet packet, boolean ipv6, int zone) {
    int protocol = packet.ipProtocol;
    if (IpProtocol.isTrackedByPorts(protocol)) {
      return readPorts(packet, ipv6, zone);
    }
    if (protocol == (ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP)) {
      return readIcmp(packet, ipv6, zone);
    }
    int ports = 0;
    if (protocol == IpProtocol.GRE && packet.l4Offset != Packet.ABSENT) {
      long end = packet.address + packet.l3End;
      ports = greWord(packet.l4(), end);
    }
    key.setWord(ports, zone, protocol, kind(ipv6));
    return null;
  }

  /**
   * What tells GRE tunnels between two hosts apart (RFC 2890): the key, folded to 16 bits, in the
   * place of both ports. 0 for a tunnel without a key, and for PPTP's, whose call id is another in
   * each direction.
   */
  static int greWord(long header, long end) {
    if (end - header < 8) {
      return 0;
    }
    int flags = getUnsignedShortBe(header);
    boolean hasChecksum = (flags & GRE_CHECKSUM) != 0;
    long at = header + (hasChecksum ? 8 : 4);
    if ((flags & GRE_KEY) == 0 || (flags & GRE_VERSION) != 0 || end - at < 4) {
      return 0;
    }
    int greKey = getIntBe(at);
    int folded = (greKey ^ greKey >>> 16) & 0xffff;
    return folded << 16 | folded;
  }

  /** Whether a packet is of a protocol with ports and no fragment. */
  public static boolean isPlain(Packet packet) {
    return IpProtocol.hasPorts(packet.ipProtocol)
        && packet.fragment == 0
        && packet.l3Offset != Packet.ABSENT
        && packet.l4Offset != Packet.ABSENT;
  }

  /** The hash of a plain packet's tuple, unchecked; what {@link #key} has is gone then. */
  public int hash(Packet packet, int zone) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    putAddresses(packet, ipv6);
    key.setWord(getIntBe(packet.l4()), zone, packet.ipProtocol, kind(ipv6));
    key.computeHash(salt);
    return key.hash;
  }

  private void putAddresses(Packet packet, boolean ipv6) {
    long ip = packet.l3();
    if (ipv6) {
      key.srcHi = getLongBe(ip + 8);
      key.srcLo = getLongBe(ip + 16);
      key.dstHi = getLongBe(ip + 24);
      key.dstLo = getLongBe(ip + 32);
    } else {
      key.srcHi = 0;
      key.dstHi = 0;
      key.srcLo = getIntBe(ip + 12) & 0xffff_ffffL;
      key.dstLo = getIntBe(ip + 16) & 0xffff_ffffL;
    }
  }

  /** The call id that a packet of PPTP's tunnels carries; 0 for any other packet. */
  public static int callId(Packet packet) {
    if (packet.ipProtocol != IpProtocol.GRE
        || packet.l4Offset == Packet.ABSENT
        || packet.l3End - packet.l4Offset < 8) {
      return 0;
    }
    int flags = getUnsignedShortBe(packet.l4());
    boolean isCall = (flags & GRE_VERSION) == GRE_VERSION_PPTP && (flags & GRE_KEY) != 0;
    return isCall ? getUnsignedShortBe(packet.l4() + 6) : 0;
  }

  /** Gives the tuple of a tunnel's packet both sides' call ids in the place of ports. */
  public void setCallIds(int sender, int receiver) {
    int zone = ConnectionKey.zone(key.word);
    key.setWord(sender << 16 | receiver, zone, IpProtocol.GRE, (int) key.word & 0xff);
    key.computeHash(salt);
  }

  private static int kind(boolean ipv6) {
    return ipv6 ? ConnectionKey.IPV6 : 0;
  }

  private DropReason readPorts(Packet packet, boolean ipv6, int zone) {
    if (!hasWholeHeader(packet)) {
      return DropReason.CT_INVALID_HEADER;
    }
    int ports = getIntBe(packet.l4());
    if (ports >>> 16 == 0 || (ports & 0xffff) == 0) {
      return DropReason.CT_INVALID_HEADER;
    }
    if (!isVerified && !Checksum.isTransportValid(packet)) {
      return DropReason.CT_INVALID_CHECKSUM;
    }
    key.setWord(ports, zone, packet.ipProtocol, kind(ipv6));
    return packet.ipProtocol == IpProtocol.SCTP ? SctpTracker.check(packet) : null;
  }

  private static boolean hasWholeHeader(Packet packet) {
    if (packet.l4Offset == Packet.ABSENT) {
      return false;
    }
    int bytes = packet.l3End - packet.l4Offset;
    long transport = packet.l4();
    if (packet.ipProtocol == IpProtocol.TCP) {
      int headerBytes = bytes < TCP_BYTES ? 0 : Parser.tcpHeaderBytes(transport);
      return headerBytes >= TCP_BYTES && headerBytes <= bytes;
    }
    if (packet.ipProtocol == IpProtocol.UDP) {
      int udpBytes = bytes < UDP_BYTES ? 0 : getUnsignedShortBe(transport + 4);
      return udpBytes >= UDP_BYTES && udpBytes <= bytes;
    }
    return switch (packet.ipProtocol) {
      case IpProtocol.UDP_LITE -> bytes >= UDP_BYTES && isCoverageRight(transport, bytes);
      case IpProtocol.DCCP -> {
        int headerBytes = bytes < DCCP_BYTES ? 0 : getUnsignedByte(transport + 4) * 4;
        yield headerBytes >= DCCP_BYTES && headerBytes <= bytes;
      }
      default -> bytes >= SCTP_BYTES;
    };
  }

  /** UDP-Lite's checksum covers at least the header, and there must be one. */
  private static boolean isCoverageRight(long transport, int bytes) {
    int covered = getUnsignedShortBe(transport + 4);
    boolean isRight = covered == 0 || (covered >= UDP_BYTES && covered <= bytes);
    return isRight && getUnsignedShortBe(transport + 6) != 0;
  }

  /**
   * Whether a packet of a known tuple would pass {@link #read}. Only for protocols with ports;
   * others are refused.
   */
  public boolean isSound(Packet packet) {
    return IpProtocol.hasPorts(packet.ipProtocol)
        && packet.fragment == 0
        && hasWholeHeader(packet)
        && (packet.etherType != EtherType.IPV4 || isHeaderValid(packet))
        && Checksum.isTransportValid(packet);
  }

  /** Whether a packet has the tuple in {@code record}, for direction 1 that turned round. */
  public static boolean isOf(long record, Packet packet, int direction) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    long word = ConnectionRecord.word(record);
    if (!IpProtocol.hasPorts(packet.ipProtocol) || packet.l4Offset == Packet.ABSENT) {
      return true; // nothing is claimed of such a packet
    }
    int ports = getIntBe(packet.l4());
    return (int) (word >>> 32) == (direction == 0 ? ports : Integer.rotateLeft(ports, 16))
        && ConnectionKey.protocol(word) == packet.ipProtocol
        && ipv6 == ConnectionKey.isIpv6(word)
        && (ipv6 ? isOfIpv6(record, packet, direction) : isOfIpv4(record, packet, direction));
  }

  private static boolean isOfIpv4(long record, Packet packet, int direction) {
    long addresses = ConnectionRecord.srcLo(record) << 32 | ConnectionRecord.dstLo(record);
    return getLongBe(packet.l3() + 12)
        == (direction == 0 ? addresses : Long.rotateLeft(addresses, 32));
  }

  private static boolean isOfIpv6(long record, Packet packet, int direction) {
    long source = packet.l3() + (direction == 0 ? 8 : 24);
    long destination = packet.l3() + (direction == 0 ? 24 : 8);
    return getLongBe(source) == ConnectionRecord.srcHi(record)
        && getLongBe(source + 8) == ConnectionRecord.srcLo(record)
        && getLongBe(destination) == ConnectionRecord.dstHi(record)
        && getLongBe(destination + 8) == ConnectionRecord.dstLo(record);
  }

  private DropReason readIcmp(Packet packet, boolean ipv6, int zone) {
    if (packet.l4Offset == Packet.ABSENT || packet.l3End - packet.l4Offset < ICMP_BYTES) {
      return DropReason.CT_INVALID_HEADER;
    }
    if (!isVerified && !Checksum.isTransportValid(packet)) {
      return DropReason.CT_INVALID_CHECKSUM;
    }
    long icmp = packet.l4();
    int type = getUnsignedByte(icmp);
    if (Icmp.isError(ipv6, type)) {
      isIcmpError = true;
      return quoted.read(packet, ipv6, zone, key);
    }
    int queryClass = Icmp.queryClass(ipv6, type);
    if (queryClass == Icmp.NO_CLASS) {
      return DropReason.CT_UNRELATED_ICMP;
    }
    if (getUnsignedByte(icmp + 1) != 0) {
      return DropReason.CT_INVALID_HEADER;
    }
    setIcmpWord(key, icmp, ipv6, zone);
    return null;
  }

  /** Sets the word from the ICMP query at {@code icmp}. */
  static void setIcmpWord(ConnectionKey key, long icmp, boolean ipv6, int zone) {
    int type = getUnsignedByte(icmp);
    int id = getUnsignedShortBe(icmp + 4);
    int kind = kind(ipv6) | Icmp.queryKind(ipv6, type);
    key.setWord(id << 16 | id, zone, ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP, kind);
  }
}
