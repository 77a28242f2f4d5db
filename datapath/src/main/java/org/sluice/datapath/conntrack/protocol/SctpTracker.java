package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;
import static org.sluice.base.memory.OffHeap.putInt;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Follows SCTP associations by their verification tags (RFC 9260): each side has told the other, in
 * its INIT or INIT ACK, which tag its packets must carry, so that somebody who does not see them
 * cannot take part, and least of all abort.
 *
 * <pre>
 *   one side of an association, inside its record     0  int  the tag that its packets carry
 *                                                     4  int  1 if that is known, else 0
 *                                                     8       see {@link SctpOpening}
 * </pre>
 *
 * <p>An association whose opening was not seen takes each side's first tag for the right one. Who
 * has spoken is told by the timer, as for protocols without states; an ABORT or the end of a
 * shutdown leaves it under the short one. Several addresses per side are not followed. Stateless;
 * the record must be locked.
 */
public final class SctpTracker {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 4;
  private static final int DATA = 0;
  static final int INIT = 1;
  static final int INIT_ACK = 2;
  private static final int SACK = 3;
  private static final int HEARTBEAT = 4;
  private static final int HEARTBEAT_ACK = 5;
  static final int ABORT = 6;
  static final int ERROR = 9;
  static final int COOKIE_ECHO = 10;
  static final int COOKIE_ACK = 11;
  private static final int SHUTDOWN_COMPLETE = 14;
  private static final int INIT_BYTES = 20;
  private static final int REFLECTED = 1;
  private static final int KNOWN = 4;
  private static final int CLOSED = Timer.SCTP_CLOSED.index();

  private SctpTracker() {}

  /** What is wrong with a packet's chunks, whatever it belongs to; null if nothing. */
  static DropReason check(Packet packet) {
    int at = packet.l4Offset + HEADER_BYTES;
    int count = 0;
    boolean isAlone = false;
    while (at < packet.l3End) {
      int left = packet.l3End - at;
      long chunk = packet.address + at;
      int bytes = left < CHUNK_HEADER_BYTES ? 0 : getUnsignedShortBe(chunk + 2);
      if (bytes < CHUNK_HEADER_BYTES || bytes > left) {
        return DropReason.CT_SCTP_CHUNK;
      }
      int type = getUnsignedByte(chunk);
      boolean isOpening = type == INIT || type == INIT_ACK;
      if (isOpening && bytes < INIT_BYTES) {
        return DropReason.CT_SCTP_CHUNK;
      }
      isAlone |= isOpening || type == SHUTDOWN_COMPLETE;
      count++;
      at += (bytes + 3) & ~3;
    }
    boolean isTagged = type(packet) != INIT || tag(packet) == 0;
    return count == 0 || (isAlone && count > 1) || !isTagged ? DropReason.CT_SCTP_CHUNK : null;
  }

  static int type(Packet packet) {
    return getUnsignedByte(packet.address + packet.l4Offset + HEADER_BYTES);
  }

  static int tag(Packet packet) {
    return getIntBe(packet.address + packet.l4Offset + 4);
  }

  /** The tag that an INIT or INIT ACK asks the other side for. */
  static int askedTag(Packet packet) {
    return getIntBe(packet.address + packet.l4Offset + HEADER_BYTES + CHUNK_HEADER_BYTES);
  }

  /** Whether a packet opens an association. */
  public static boolean isOpening(Packet packet) {
    return type(packet) == INIT;
  }

  /** Whether a packet may start a connection: not if it only answers or ends one. */
  public static boolean mayStart(Packet packet) {
    int type = type(packet);
    return type != INIT_ACK && type != COOKIE_ACK && type != ABORT && type != SHUTDOWN_COMPLETE;
  }

  /** Starts following an association by its first packet. */
  public static void start(long record, Packet packet) {
    forget(record + ConnectionRecord.ORIGINAL_PEER);
    forget(record + ConnectionRecord.REPLY_PEER);
    learn(record, packet, 0);
    PlainTracker.start(record);
  }

  private static void forget(long side) {
    putInt(side, 0);
    putInt(side + KNOWN, 0);
    SctpOpening.forget(side);
  }

  static void know(long side, int tag) {
    putInt(side, tag);
    putInt(side + KNOWN, 1);
  }

  private static boolean isKnown(long side) {
    return getInt(side + KNOWN) != 0;
  }

  static long side(long record, int direction) {
    return record
        + ConnectionRecord.ORIGINAL_PEER
        + (long) direction * ConnectionRecord.BYTES_PER_PEER;
  }

  /** Moves an association on by a packet; returns a {@link Verdict}. */
  public static int update(long record, Packet packet, int direction) {
    int type = type(packet);
    if (type == INIT && ConnectionRecord.timer(record) == CLOSED) {
      return Verdict.RESTART;
    }
    boolean isOfAssociation = isTagRight(record, packet, direction);
    if (!isOfAssociation && !SctpOpening.isTagRight(record, packet, direction)) {
      return Verdict.INVALID;
    }
    learn(record, packet, direction);
    if (ConnectionRecord.timer(record) == CLOSED) {
      return Verdict.ESTABLISHED;
    }
    int verdict = PlainTracker.update(record, direction);
    if (isOfAssociation && (type == ABORT || type == SHUTDOWN_COMPLETE)) {
      ConnectionRecord.putTimer(record, CLOSED);
      return Verdict.ESTABLISHED;
    }
    return verdict;
  }

  /** An INIT carries none; what ends an association may reflect the tag of the other side. */
  private static boolean isTagRight(long record, Packet packet, int direction) {
    int type = type(packet);
    long own = side(record, direction);
    if (type == INIT || (isKnown(own) && getInt(own) == tag(packet))) {
      return true;
    }
    if (type == ABORT || type == SHUTDOWN_COMPLETE) {
      long other = side(record, 1 - direction);
      int flags = getUnsignedByte(packet.address + packet.l4Offset + HEADER_BYTES + 1);
      return (flags & REFLECTED) != 0 && isKnown(other) && getInt(other) == tag(packet);
    }
    return !isKnown(own);
  }

  private static void learn(long record, Packet packet, int direction) {
    int type = type(packet);
    SctpOpening.advance(record, packet, direction);
    long other = side(record, 1 - direction);
    if ((type == INIT || type == INIT_ACK) && !isKnown(other)) {
      know(other, askedTag(packet));
    }
    long own = side(record, direction);
    if (type != INIT && !isKnown(own)) {
      know(own, tag(packet));
    }
  }

  /**
   * Whether a packet changes nothing but a timestamp: data or what goes with it, rightly tagged.
   * The record need not be locked.
   */
  public static boolean isSteady(long record, Packet packet, int direction) {
    int type = type(packet);
    boolean isCommon = type == DATA || type == SACK || type == HEARTBEAT || type == HEARTBEAT_ACK;
    long own = side(record, direction);
    return isCommon && isKnown(own) && getInt(own) == tag(packet) && check(packet) == null;
  }
}
