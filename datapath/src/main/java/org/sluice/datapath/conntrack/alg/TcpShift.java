package org.sluice.datapath.conntrack.alg;

import static org.sluice.base.memory.OffHeap.getByte;
import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getShort;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.putByte;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.base.memory.OffHeap.putIntBe;
import static org.sluice.base.memory.OffHeap.putShort;

import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;

/**
 * How far one side's sequence numbers are off behind a gateway that has made its payload longer or
 * shorter, inside a connection's second record:
 *
 * <pre>
 *    0  int   base       what is added to numbers before the changes below
 *    4  int   position   the change before the last one: what is added to numbers
 *    8  int   added        behind the position
 *   12  int   position   the last change
 *   16  int   added
 *   20  short changes    how many of the two there are: the last one is kept in the second place
 *   22  byte  emptied    whether the change before the last one left nothing of its segment
 *   23  byte  emptied    whether the last one did
 * </pre>
 *
 * <p>A change's position is the sequence number of the segment that was changed, as its sender
 * counts. What acknowledges everything up to a segment that was emptied counts as acknowledging
 * what was taken out. Earlier changes are forgotten: a retransmission from before the last but one
 * would come out wrong. Hosts wait for an answer to each command, so there is none. Stateless; the
 * connection's record must be locked.
 */
public final class TcpShift {
  private static final int EARLIER = 4;
  private static final int LAST = 12;
  private static final int CHANGES = 20;
  private static final int EARLIER_EMPTIED = 22;
  private static final int LAST_EMPTIED = 23;
  private static final int ADDED = 4;
  private static final int OPTION_END = 0;
  private static final int OPTION_NOP = 1;
  private static final int OPTION_SACK = 5;
  private static final int HEADER_BYTES = 20;

  private TcpShift() {}

  /**
   * Notes that a segment was made longer, or shorter. Changes that it covers are replaced: it is
   * one of them, sent again.
   *
   * @param bytes of payload that its sender gave it
   */
  static void changed(long shift, int sequence, int bytes, int longer) {
    while (covers(shift, sequence, bytes)) {
      forgetLast(shift);
    }
    int changes = getShort(shift + CHANGES);
    int before = changes == 0 ? getInt(shift) : getInt(shift + LAST + ADDED);
    if (changes == 2) {
      putInt(shift, getInt(shift + EARLIER + ADDED));
    }
    if (changes > 0) {
      putInt(shift + EARLIER, getInt(shift + LAST));
      putInt(shift + EARLIER + ADDED, before);
      putByte(shift + EARLIER_EMPTIED, getByte(shift + LAST_EMPTIED));
    }
    putInt(shift + LAST, sequence);
    putByte(shift + LAST_EMPTIED, (byte) (longer == -bytes ? 1 : 0));
    putInt(shift + LAST + ADDED, before + longer);
    putShort(shift + CHANGES, (short) Math.min(changes + 1, 2));
  }

  private static void forgetLast(long shift) {
    int changes = getShort(shift + CHANGES) - 1;
    putInt(shift + LAST, getInt(shift + EARLIER));
    putInt(shift + LAST + ADDED, getInt(shift + EARLIER + ADDED));
    putByte(shift + LAST_EMPTIED, getByte(shift + EARLIER_EMPTIED));
    putShort(shift + CHANGES, (short) changes);
  }

  /** Whether a segment holds what was changed last: it is sent again, perhaps with more. */
  public static boolean covers(long shift, int sequence, int bytes) {
    int distance = getInt(shift + LAST) - sequence;
    return getShort(shift + CHANGES) > 0 && distance >= 0 && distance < bytes;
  }

  /** Moves a segment's sequence number to where its receiver expects it. */
  public static void moveSequence(Packet packet, long shift) {
    long field = packet.address + packet.l4Offset + 4;
    int sequence = getIntBe(field);
    put(packet, field, sequence + added(shift, sequence));
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

  /** What is added to a number as its sender counts. */
  private static int added(long shift, int sequence) {
    int changes = getShort(shift + CHANGES);
    if (changes > 0 && isBehindLast(shift, sequence)) {
      return getInt(shift + LAST + ADDED);
    }
    boolean isBehind = changes > 1 && isBehindEarlier(shift, sequence);
    return getInt(isBehind ? shift + EARLIER + ADDED : shift);
  }

  private static int back(long shift, int number) {
    int changes = getShort(shift + CHANGES);
    int between = changes > 1 ? getInt(shift + EARLIER + ADDED) : getInt(shift);
    if (changes > 0 && isBehindLast(shift, number - between)) {
      return number - getInt(shift + LAST + ADDED);
    }
    boolean isBehind = changes > 1 && isBehindEarlier(shift, number - getInt(shift));
    return number - getInt(isBehind ? shift + EARLIER + ADDED : shift);
  }

  private static boolean isBehindLast(long shift, int number) {
    return number - getInt(shift + LAST) + getByte(shift + LAST_EMPTIED) > 0;
  }

  private static boolean isBehindEarlier(long shift, int number) {
    return number - getInt(shift + EARLIER) + getByte(shift + EARLIER_EMPTIED) > 0;
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
