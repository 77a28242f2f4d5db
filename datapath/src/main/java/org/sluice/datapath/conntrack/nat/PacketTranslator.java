package org.sluice.datapath.conntrack.nat;

import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getLongBe;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;
import static org.sluice.base.memory.OffHeap.putIntBe;
import static org.sluice.base.memory.OffHeap.putLongBe;
import static org.sluice.base.memory.OffHeap.putShortBe;

import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.QuotedPacket;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.TransportChecksum;

/**
 * Rewrites packets of translated connections. What a packet becomes is the other direction's tuple
 * turned round, whether its source or destination or both are translated; writing it twice does no
 * harm. Checksums are updated by the difference. Stateless; the record must be locked.
 */
public final class PacketTranslator {
  private PacketTranslator() {}

  /**
   * Which ends of a packet are translated, {@link ConnectionRecord#SOURCE_NAT} and {@link
   * ConnectionRecord#DESTINATION_NAT}: a reply's are the other way round.
   */
  public static int ends(int recordFlags, int direction) {
    int forward = recordFlags & (ConnectionRecord.SOURCE_NAT | ConnectionRecord.DESTINATION_NAT);
    if (direction == 0 || forward == 0) {
      return forward;
    }
    int backward = (forward & ConnectionRecord.SOURCE_NAT) << 1;
    return backward | (forward & ConnectionRecord.DESTINATION_NAT) >> 1;
  }

  /**
   * Rewrites a packet of the connection itself.
   *
   * @param other the record with the other direction's tuple: the alias for original packets, the
   *     connection for replies
   */
  public static void translate(Packet packet, long other) {
    long word = ConnectionRecord.word(other);
    if (ConnectionKey.isIpv6(word)) {
      long header = packet.address + packet.l3Offset;
      putIpv6(packet, header + 8, ConnectionRecord.dstHi(other), ConnectionRecord.dstLo(other));
      putIpv6(packet, header + 24, ConnectionRecord.srcHi(other), ConnectionRecord.srcLo(other));
    } else {
      putIpv4(packet, ConnectionRecord.dstLo(other) << 32 | ConnectionRecord.srcLo(other));
    }
    putTransport(packet, word);
  }

  private static void putIpv4(Packet packet, long after) {
    long header = packet.address + packet.l3Offset;
    long before = getLongBe(header + 12);
    putLongBe(header + 12, after);
    if (Checksum.isIpv4HeaderKnown(packet)) {
      Checksum.fillIpv4Header(packet);
    } else {
      int checksum = getUnsignedShortBe(header + 10);
      putShortBe(header + 10, Checksum.update(checksum, before, after));
    }
    TransportChecksum.addressChanged(packet, before, after);
  }

  private static void putIpv6(Packet packet, long address, long high, long low) {
    TransportChecksum.addressChanged(packet, getLongBe(address), high);
    TransportChecksum.addressChanged(packet, getLongBe(address + 8), low);
    putLongBe(address, high);
    putLongBe(address + 8, low);
  }

  private static void putTransport(Packet packet, long other) {
    if (packet.l4Offset == Packet.ABSENT) {
      return;
    }
    long header = packet.address + packet.l4Offset;
    int ports = Integer.rotateLeft((int) (other >>> 32), 16);
    if (IpProtocol.isTrackedByPorts(packet.ipProtocol)) {
      TransportChecksum.putPorts(packet, getIntBe(header), ports);
    } else if (ConnectionKey.isIcmp(other)) {
      int before = getUnsignedShortBe(header + 4);
      putShortBe(header + 4, ports);
      TransportChecksum.dataChanged(packet, before, ports & 0xffff);
    } else if (KeyReader.callId(packet) != 0 && other >>> 48 != 0) {
      putShortBe(header + 6, (int) (other >>> 48));
    }
  }

  /**
   * Rewrites an ICMP error about the connection: the packet that it quotes, which went the other
   * way, and of its own addresses those that this direction translates.
   *
   * @param other as in {@link #translate}
   * @param ends what {@link #ends} says
   */
  public static void translateError(Packet packet, QuotedPacket quoted, long other, int ends) {
    boolean ipv6 = ConnectionKey.isIpv6(ConnectionRecord.word(other));
    long header = packet.address + packet.l3Offset;
    if (ipv6) {
      translateErrorIpv6(header, quoted, other, ends);
    } else {
      translateErrorIpv4(packet, quoted, other, ends);
    }
    putQuotedTransport(quoted, ConnectionRecord.word(other));
    Checksum.fillTransport(packet);
  }

  private static void translateErrorIpv4(Packet packet, QuotedPacket quoted, long other, int ends) {
    long header = packet.address + packet.l3Offset;
    long source = ConnectionRecord.dstLo(other);
    long destination = ConnectionRecord.srcLo(other);
    if ((ends & ConnectionRecord.SOURCE_NAT) != 0) {
      putIntBe(header + 12, (int) source);
    }
    if ((ends & ConnectionRecord.DESTINATION_NAT) != 0) {
      putIntBe(header + 16, (int) destination);
    }
    Checksum.fillIpv4Header(packet);
    long before = getLongBe(quoted.network() + 12);
    long after = destination << 32 | source;
    putLongBe(quoted.network() + 12, after);
    int checksum = getUnsignedShortBe(quoted.network() + 10);
    putShortBe(quoted.network() + 10, Checksum.update(checksum, before, after));
    quoted.addressChanged(before, after);
  }

  private static void translateErrorIpv6(long header, QuotedPacket quoted, long other, int ends) {
    if ((ends & ConnectionRecord.SOURCE_NAT) != 0) {
      putLongBe(header + 8, ConnectionRecord.dstHi(other));
      putLongBe(header + 16, ConnectionRecord.dstLo(other));
    }
    if ((ends & ConnectionRecord.DESTINATION_NAT) != 0) {
      putLongBe(header + 24, ConnectionRecord.srcHi(other));
      putLongBe(header + 32, ConnectionRecord.srcLo(other));
    }
    long at = quoted.network() + 8;
    putQuoted(quoted, at, ConnectionRecord.srcHi(other));
    putQuoted(quoted, at + 8, ConnectionRecord.srcLo(other));
    putQuoted(quoted, at + 16, ConnectionRecord.dstHi(other));
    putQuoted(quoted, at + 24, ConnectionRecord.dstLo(other));
  }

  private static void putQuoted(QuotedPacket quoted, long address, long value) {
    quoted.addressChanged(getLongBe(address), value);
    putLongBe(address, value);
  }

  private static void putQuotedTransport(QuotedPacket quoted, long other) {
    long header = quoted.transport();
    int ports = (int) (other >>> 32);
    if (IpProtocol.isTrackedByPorts(quoted.protocol())) {
      int before = getIntBe(header);
      putIntBe(header, ports);
      quoted.portsChanged(before, ports);
    } else if (ConnectionKey.isIcmp(other)) {
      int before = getUnsignedShortBe(header + 4);
      putShortBe(header + 4, ports);
      quoted.portsChanged(before, ports & 0xffff);
    }
  }
}
