package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getLongBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;
import static org.sluice.base.memory.OffHeap.putShortBe;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * The beginning of a packet that an ICMP error quotes. It is only believed where the error goes
 * back to the quoted packet's sender. Belongs to one packet thread.
 */
public final class QuotedPacket {
  private static final int ICMP_BYTES = 8;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int QUOTED_TRANSPORT_BYTES = 8;

  private long network;
  private long transport;
  private long end;
  private int protocol;

  /**
   * Turns {@code key}, which holds the error's own addresses, into that of a packet that answers
   * the quoted one.
   */
  DropReason read(Packet packet, boolean ipv6, int zone, ConnectionKey key) {
    long quote = packet.address + packet.l4Offset + ICMP_BYTES;
    network = quote;
    end = packet.address + packet.l3End;
    long targetHi = key.dstHi;
    long targetLo = key.dstLo;
    if (!(ipv6 ? readIpv6(quote, key) : readIpv4(quote, key))) {
      return DropReason.CT_INVALID_HEADER;
    }
    if (key.srcHi != targetHi || key.srcLo != targetLo) {
      return DropReason.CT_UNRELATED_ICMP;
    }
    if (!readTransport(ipv6, zone, key)) {
      return DropReason.CT_INVALID_HEADER;
    }
    key.reverse();
    return null;
  }

  /** Address of the quoted IP header. */
  public long network() {
    return network;
  }

  /** Address of the quoted transport header, of which eight bytes are there. */
  public long transport() {
    return transport;
  }

  /** The quoted packet's IP protocol. */
  public int protocol() {
    return protocol;
  }

  /** Four 16-bit words of the quoted addresses have changed: so does a quoted checksum. */
  public void addressChanged(long before, long after) {
    if (protocol != IpProtocol.ICMP) {
      changed(before, after);
    }
  }

  /** Two 16-bit words of the quoted transport header have changed. */
  public void portsChanged(int before, int after) {
    changed(before & 0xffff_ffffL, after & 0xffff_ffffL);
  }

  private void changed(long before, long after) {
    int offset = Checksum.offset(protocol);
    if (offset == Packet.ABSENT || end - transport < offset + 2) {
      return;
    }
    int checksum = getUnsignedShortBe(transport + offset);
    if (checksum != 0 || protocol != IpProtocol.UDP) {
      putShortBe(transport + offset, Checksum.update(checksum, before, after));
    }
  }

  private boolean readIpv4(long ip, ConnectionKey key) {
    if (end - ip < IPV4_BYTES) {
      return false;
    }
    int first = getUnsignedByte(ip);
    int headerBytes = (first & 0xf) * 4;
    boolean isLaterFragment = (getUnsignedShortBe(ip + 6) & 0x1fff) != 0;
    if (first >>> 4 != 4 || headerBytes < IPV4_BYTES || isLaterFragment) {
      return false;
    }
    key.srcHi = 0;
    key.dstHi = 0;
    key.srcLo = getIntBe(ip + 12) & 0xffff_ffffL;
    key.dstLo = getIntBe(ip + 16) & 0xffff_ffffL;
    protocol = getUnsignedByte(ip + 9);
    transport = ip + headerBytes;
    return true;
  }

  private boolean readIpv6(long ip, ConnectionKey key) {
    if (end - ip < IPV6_BYTES || getUnsignedByte(ip) >>> 4 != 6) {
      return false;
    }
    key.srcHi = getLongBe(ip + 8);
    key.srcLo = getLongBe(ip + 16);
    key.dstHi = getLongBe(ip + 24);
    key.dstLo = getLongBe(ip + 32);
    protocol = getUnsignedByte(ip + 6);
    transport = ip + IPV6_BYTES;
    return skipExtensions();
  }

  private boolean skipExtensions() {
    for (int i = 0; i <= Parser.MAX_EXTENSIONS; i++) {
      if (!IpProtocol.isExtension(protocol)) {
        return true;
      }
      boolean isFragment = protocol == IpProtocol.FRAGMENT;
      if (end - transport < 8 || (isFragment && (getUnsignedShortBe(transport + 2) & ~7) != 0)) {
        return false;
      }
      int bytes = Parser.extensionBytes(protocol, getUnsignedByte(transport + 1));
      protocol = getUnsignedByte(transport);
      transport += bytes;
    }
    return false;
  }

  private boolean readTransport(boolean ipv6, int zone, ConnectionKey key) {
    if (end - transport < QUOTED_TRANSPORT_BYTES) {
      return false;
    }
    int kind = ipv6 ? ConnectionKey.IPV6 : 0;
    switch (protocol) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.UDP_LITE, IpProtocol.DCCP ->
          key.setWord(getIntBe(transport), zone, protocol, kind);
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
        int type = getUnsignedByte(transport);
        boolean isOwn = ipv6 == (protocol == IpProtocol.ICMPV6);
        if (!isOwn || Icmp.queryClass(ipv6, type) == Icmp.NO_CLASS) {
          return false;
        }
        KeyReader.setIcmpWord(key, transport, ipv6, zone);
      }
      case IpProtocol.GRE -> key.setWord(KeyReader.greWord(transport, end), zone, protocol, kind);
      default -> key.setWord(0, zone, protocol, kind);
    }
    return true;
  }
}
