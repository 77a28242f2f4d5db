package org.sluice.datapath.netdev.linux;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * What the kernel says, and is told, about work on a frame that is still to be done: a checksum to
 * be filled in, a segment to be cut up. It stands before the frame.
 *
 * <pre>
 *   0       1      2 ........ 3  4 ......... 5  6 ......... 7  8 ............ 9
 *   flags   type   header bytes  segment bytes  checksum from  checksum to (from there)
 * </pre>
 *
 * <p>Numbers are in the machine's byte order. A packet keeps flags, type and segment bytes; the
 * offsets are found anew when it is sent, because tags and tunnels move headers. The device that
 * owns an instance calls it from its packet thread.
 */
final class VirtioHeader {
  static final int BYTES = 10;

  private static final int TYPE_NONE = 0;
  private static final int SCTP_CHECKSUM_OFFSET = 8;
  private static final int TCP_CHECKSUM_OFFSET = 16;
  private static final int UDP_CHECKSUM_OFFSET = 6;

  /** Parsed apart from the packet, whose own offsets its owner may still need. */
  private final Packet parsed = new Packet();

  /** Takes what the header before the frame of {@code packet} says into the packet. */
  void read(long header, Packet packet) {
    packet.offloadFlags =
        OffHeap.getByte(header) & (Packet.CHECKSUM_PARTIAL | Packet.CHECKSUM_VERIFIED);
    packet.segmentType = OffHeap.getUnsignedByte(header + 1);
    packet.segmentBytes = OffHeap.getShort(header + 4) & 0xffff;
    boolean partial = (packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0;
    if (partial && OffHeap.getShort(header + 8) == SCTP_CHECKSUM_OFFSET) {
      // The header can ask for an Internet checksum only, and SCTP's is none: nobody else knows.
      completeChecksum(packet);
    } else if (!partial && packet.segmentType != TYPE_NONE) {
      makePartial(packet);
    }
  }

  /** A long segment's checksum is of no use: every piece that it is cut into has its own. */
  private void makePartial(Packet packet) {
    parse(packet);
    int field = checksumOffset();
    if (parsed.l4Offset != Packet.ABSENT && field != 0) {
      long at = packet.address + parsed.l4Offset + field;
      OffHeap.putShortBe(at, Checksum.fold(Checksum.pseudoSum(parsed)));
      packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    }
  }

  /** Where the parsed packet's TCP or UDP header has its checksum; 0 if it has neither. */
  private int checksumOffset() {
    return switch (parsed.ipProtocol) {
      case IpProtocol.TCP -> TCP_CHECKSUM_OFFSET;
      case IpProtocol.UDP -> UDP_CHECKSUM_OFFSET;
      default -> 0;
    };
  }

  /** Fills in the transport checksum that the sender left out. */
  void completeChecksum(Packet packet) {
    packet.offloadFlags &= ~Packet.CHECKSUM_PARTIAL;
    parse(packet);
    Checksum.fillTransport(parsed);
  }

  private void parse(Packet packet) {
    parsed.address = packet.address;
    parsed.length = packet.length;
    Parser.parse(parsed);
  }

  /**
   * Writes the header for a packet that is about to be sent; false if the work left to do on it
   * cannot be described, since no transport header is to be found.
   */
  boolean write(long header, Packet packet) {
    OffHeap.putLong(header, 0);
    OffHeap.putShort(header + 8, (short) 0);
    boolean partial = (packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0;
    if (!partial && packet.segmentType == TYPE_NONE) {
      return true;
    }
    parse(packet);
    if (parsed.l4Offset == Packet.ABSENT) {
      return false;
    }
    return writeOffsets(header, packet);
  }

  private boolean writeOffsets(long header, Packet packet) {
    int field = checksumOffset();
    if (field == 0) {
      return false;
    }
    long transport = packet.address + parsed.l4Offset;
    int transportBytes = Parser.transportBytes(parsed.ipProtocol, transport);
    OffHeap.putByte(header, (byte) Packet.CHECKSUM_PARTIAL);
    OffHeap.putByte(header + 1, (byte) packet.segmentType);
    OffHeap.putShort(header + 2, (short) (parsed.l4Offset + transportBytes));
    OffHeap.putShort(header + 4, (short) packet.segmentBytes);
    OffHeap.putShort(header + 6, (short) parsed.l4Offset);
    OffHeap.putShort(header + 8, (short) field);
    return true;
  }
}
