package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * Puts other text in the place of some of a packet's payload. Scratch of one packet thread; it
 * makes no strings but for IPv6, of which there is one for each announcement.
 */
final class Replacement {
  private static final int MAX_BYTES = 96;

  private final byte[] text = new byte[MAX_BYTES];
  private int count;

  void clear() {
    count = 0;
  }

  void append(int c) {
    text[count++] = (byte) c;
  }

  void appendNumber(int number) {
    int divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      append('0' + number / divisor % 10);
    }
  }

  void appendIpv4(long address, int separator) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      appendNumber((int) (address >>> shift) & 0xff);
      if (shift > 0) {
        append(separator);
      }
    }
  }

  void appendIpv6(long high, long low) {
    String address = AddressText.ipv6(high, low);
    for (int i = 0; i < address.length(); i++) {
      append(address.charAt(i));
    }
  }

  /**
   * Replaces {@code bytes} at {@code at}; the lengths in IP and UDP headers and the checksums
   * follow.
   *
   * @return by how many bytes the packet has become longer; {@link Integer#MIN_VALUE}, and nothing
   *     done, if there is no room
   */
  int replace(Packet packet, long at, int bytes) {
    int longer = count - bytes;
    long tail = at + bytes;
    long end = packet.address + packet.length;
    boolean fits = end + longer <= packet.bufferEnd && packet.l3End + longer <= 0xffff;
    if (!fits) {
      return Integer.MIN_VALUE;
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
