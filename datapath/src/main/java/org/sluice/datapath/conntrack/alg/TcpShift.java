package org.sluice.datapath.conntrack.alg;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.base.memory.OffHeap.putIntBe;

import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;

/**
 * How far one side's sequence numbers are off behind a gateway that has made its payload longer or
 * shorter, inside a connection's second record:
 *
 * <pre>
 *    0  int   position   sequence number of the last segment that was changed
 *    4  int   before     what is added to numbers up to it
 *    8  int   after      what is added to numbers behind it
 * </pre>
 *
 * <p>Earlier changes are forgotten: a retransmission from before the last but one would come out
 * wrong. Hosts wait for an answer to each command, so there is none. Stateless; the connection's
 * record must be locked.
 */
public final class TcpShift {
  private static final int BEFORE = 4;
  private static final int AFTER = 8;
  private static final int OPTION_END = 0;
  private static final int OPTION_NOP = 1;
  private static final int OPTION_SACK = 5;
  private static final int HEADER_BYTES = 20;

  private TcpShift() {}

  /** Notes that a segment was made longer by {@code bytes}. */
  static void changed(long shift, int sequence, int bytes) {
    if (sequence == getInt(shift)) {
      putInt(shift + AFTER, getInt(shift + BEFORE) + bytes);
      return;
    }
    putInt(shift, sequence);
    putInt(shift + BEFORE, getInt(shift + AFTER));
    putInt(shift + AFTER, getInt(shift + AFTER) + bytes);
  }

  /** Whether the segment at {@code sequence} was the last to be changed. */
  public static boolean isAt(long shift, int sequence) {
    return getInt(shift) == sequence;
  }

  /** Moves a segment's sequence number to where its receiver expects it. */
  public static void moveSequence(Packet packet, long shift) {
    long field = packet.address + packet.l4Offset + 4;
    int sequence = getIntBe(field);
    boolean isBehind = sequence - getInt(shift) > 0;
    put(packet, field, sequence + getInt(shift + (isBehind ? AFTER : BEFORE)));
  }

  /** Moves what a segment acknowledges back to where the other side has sent it. */
  public static void moveAcknowledgement(Packet packet, long shift) {
    long header = packet.address + packet.l4Offset;
    put(packet, header + 8, back(shift, getIntBe(header + 8)));
    long end = header + (getUnsignedByte(header + 12) >>> 4) * 4L;
    long at = header + HEADER_BYTES;
    while (at + 2 <= end && getUnsignedByte(at) != OPTION_END) {
      int kind = getUnsignedByte(at);
      int bytes = kind == OPTION_NOP ? 1 : Math.max(getUnsignedByte(at + 1), 2);
      if (kind == OPTION_SACK && at + bytes <= end) {
        moveBlocks(packet, shift, at + 2, at + bytes);
      }
      at += bytes;
    }
  }

  private static void moveBlocks(Packet packet, long shift, long from, long to) {
    for (long at = from; at + 4 <= to; at += 4) {
      put(packet, at, back(shift, getIntBe(at)));
    }
  }

  private static int back(long shift, int number) {
    boolean isBehind = number - getInt(shift + BEFORE) - getInt(shift) > 0;
    return number - getInt(shift + (isBehind ? AFTER : BEFORE));
  }

  /** Writes four bytes, which may lie across two words of the checksum. */
  private static void put(Packet packet, long address, int value) {
    int before = getIntBe(address);
    if (before != value) {
      putIntBe(address, value);
      Checksum.replaced(packet, address, before, value);
    }
  }
}
