package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** Puts other text in the place of some of a packet's payload. Stateless. */
final class Replacement {
  /** Answer: there is no room. */
  static final int NO_ROOM = Integer.MIN_VALUE;

  private Replacement() {}

  /**
   * Replaces {@code bytes} at {@code at} by the first {@code count} of {@code text}; the lengths in
   * IP and UDP headers and the checksums follow.
   *
   * @return by how many bytes the packet has become longer; {@link #NO_ROOM}, and nothing done, if
   *     it would become too long
   */
  static int replace(Packet packet, long at, int bytes, byte[] text, int count) {
    int longer = count - bytes;
    long tail = at + bytes;
    long end = packet.address + packet.length;
    boolean fits = end + longer <= packet.bufferEnd && packet.l3End + longer <= 0xffff;
    if (!fits) {
      return NO_ROOM;
    }
    OffHeap.copy(tail, tail + longer, end - tail);
    OffHeap.copyIn(text, 0, at, count);
    packet.length += longer;
    packet.l3End += longer;
    if (longer != 0) {
      putLengths(packet);
    }
    fillChecksums(packet);
    return longer;
  }

  private static void putLengths(Packet packet) {
    long ip = packet.address + packet.l3Offset;
    int bytes = packet.l3End - packet.l3Offset;
    if (packet.etherType == EtherType.IPV6) {
      OffHeap.putShortBe(ip + 4, bytes - 40);
    } else {
      OffHeap.putShortBe(ip + 2, bytes);
      Checksum.fillIpv4Header(packet);
    }
    if (packet.ipProtocol == IpProtocol.UDP) {
      long udp = packet.address + packet.l4Offset;
      OffHeap.putShortBe(udp + 4, packet.l3End - packet.l4Offset);
    }
  }

  /** A sum that the device is to complete holds the pseudo header's, in which the length is. */
  private static void fillChecksums(Packet packet) {
    if ((packet.offloadFlags & Packet.CHECKSUM_PARTIAL) == 0) {
      Checksum.fillTransport(packet);
    } else {
      Checksum.fillPartial(packet);
    }
  }
}
