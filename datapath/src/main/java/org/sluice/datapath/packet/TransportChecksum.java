package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * Keeps a transport checksum right while the packet is edited.
 *
 * <p>A checksum that a sender left to the device ({@link Packet#CHECKSUM_PARTIAL}) holds the folded
 * sum of the pseudo header, not complemented: addresses change it, the transport header does not.
 * SCTP covers no addresses. Stateless.
 */
public final class TransportChecksum {
  private TransportChecksum() {}

  /** Four 16-bit words of the addresses have changed. */
  public static void addressChanged(Packet packet, long before, long after) {
    if (Checksum.hasPseudoHeader(packet)) {
      changed(packet, before, after, true);
    }
  }

  /** Four aligned 16-bit words of the transport header or its payload have changed. */
  public static void dataChanged(Packet packet, long before, long after) {
    changed(packet, before, after, false);
  }

  private static void changed(Packet packet, long before, long after, boolean pseudoHeader) {
    int offset = Checksum.offset(packet.ipProtocol);
    if (packet.l4Offset == Packet.ABSENT || offset == Packet.ABSENT) {
      return;
    }
    long address = packet.address + packet.l4Offset + offset;
    int checksum = OffHeap.getUnsignedShortBe(address);
    if (isPartial(packet)) {
      if (pseudoHeader) {
        OffHeap.putShortBe(address, ~Checksum.update(~checksum & 0xffff, before, after));
      }
      return;
    }
    boolean udp = packet.ipProtocol == IpProtocol.UDP;
    if (udp && checksum == 0) {
      return;
    }
    // All of an ICMP message may be 0, and then only 0xffff is right, as it is wherever 0 is.
    boolean isNeverZero = udp || packet.ipProtocol == IpProtocol.ICMP;
    int updated = Checksum.update(checksum, before, after);
    OffHeap.putShortBe(address, isNeverZero && updated == 0 ? 0xffff : updated);
  }

  private static boolean isPartial(Packet packet) {
    return (packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0;
  }

  /** Writes both ports of a TCP, UDP or SCTP header. */
  public static void putPorts(Packet packet, int before, int after) {
    long header = packet.address + packet.l4Offset;
    if (packet.ipProtocol != IpProtocol.SCTP) {
      dataChanged(packet, before & 0xffff_ffffL, after & 0xffff_ffffL);
      OffHeap.putIntBe(header, after);
      return;
    }
    if (isPartial(packet) || before == after) {
      OffHeap.putIntBe(header, after);
      return;
    }
    int error = OffHeap.getIntBe(header + 8) ^ Checksum.sctp(packet);
    OffHeap.putIntBe(header, after);
    OffHeap.putIntBe(header + 8, Checksum.sctp(packet) ^ error);
  }
}
