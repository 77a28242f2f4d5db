package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.putInt;

import org.sluice.datapath.packet.Packet;

/**
 * The exchange that opens an SCTP association, also where one is open. A host that has restarted
 * sends an INIT then, and so may somebody who knows no more than addresses and ports. RFC 9260,
 * section 5.2.2, has the receiver answer both and keep what it has, until a cookie comes back which
 * only that host has that got the answer:
 *
 * <pre>
 *   source                                       destination
 *     INIT         tag 0, asks for T   ------&gt;
 *                                      &lt;------   INIT ACK     tag T, asks for U
 *     COOKIE ECHO  tag U               ------&gt;
 *                                      &lt;------   COOKIE ACK   tag T: now the association is another
 * </pre>
 *
 * <p>So the packets of the exchange pass with tags of its own, and those of the association with
 * theirs, until the exchange is over. Of several at a time the last one from each side is followed.
 *
 * <pre>
 *   one side, behind what {@link SctpTracker} keeps     8  int  the tag that it has in the exchange
 *                                                     12  int  how far one is that it has begun
 * </pre>
 *
 * <p>Stateless; the record must be locked.
 */
final class SctpOpening {
  private static final int TAG = 8;
  private static final int STEP = 12;
  private static final int BEGUN = 1;
  private static final int ANSWERED = 2;
  private static final int ECHOED = 3;

  private SctpOpening() {}

  static void forget(long side) {
    putInt(side + TAG, 0);
    putInt(side + STEP, 0);
  }

  /** Whether a packet is of an exchange, and tagged as that says. */
  static boolean isTagRight(long record, Packet packet, int direction) {
    return switch (SctpTracker.type(packet)) {
      case SctpTracker.INIT_ACK,
          SctpTracker.ABORT,
          SctpTracker.ERROR,
          SctpTracker.COOKIE_ECHO,
          SctpTracker.COOKIE_ACK ->
          hasTag(record, packet, direction);
      default -> false;
    };
  }

  private static boolean hasTag(long record, Packet packet, int direction) {
    long own = SctpTracker.side(record, direction);
    long other = SctpTracker.side(record, 1 - direction);
    boolean wasAsked = getInt(other + STEP) >= BEGUN || getInt(own + STEP) >= ANSWERED;
    return wasAsked && getInt(own + TAG) == SctpTracker.tag(packet);
  }

  /** Goes on by a packet that has the right tag, if it belongs to an exchange. */
  static void advance(long record, Packet packet, int direction) {
    long own = SctpTracker.side(record, direction);
    long other = SctpTracker.side(record, 1 - direction);
    int type = SctpTracker.type(packet);
    if (type == SctpTracker.INIT) {
      begin(own, other, SctpTracker.askedTag(packet));
    } else if (hasTag(record, packet, direction)) {
      goOn(own, other, type, packet);
    }
  }

  private static void goOn(long own, long other, int type, Packet packet) {
    switch (type) {
      case SctpTracker.INIT_ACK -> answer(other, SctpTracker.askedTag(packet));
      case SctpTracker.COOKIE_ECHO -> echo(own);
      case SctpTracker.COOKIE_ACK -> end(own, other);
      default -> {}
    }
  }

  /** An INIT, unless it is the last one again. */
  private static void begin(long own, long other, int asked) {
    if (getInt(own + STEP) == 0 || getInt(other + TAG) != asked) {
      putInt(own + STEP, BEGUN);
      putInt(other + TAG, asked);
    }
  }

  /** An INIT ACK, unless it is the last one again. */
  private static void answer(long other, int asked) {
    boolean isNew = getInt(other + STEP) == BEGUN || getInt(other + TAG) != asked;
    if (getInt(other + STEP) >= BEGUN && isNew) {
      putInt(other + STEP, ANSWERED);
      putInt(other + TAG, asked);
    }
  }

  private static void echo(long own) {
    if (getInt(own + STEP) == ANSWERED) {
      putInt(own + STEP, ECHOED);
    }
  }

  private static void end(long own, long other) {
    if (getInt(other + STEP) == ECHOED) {
      SctpTracker.know(own, getInt(own + TAG));
      SctpTracker.know(other, getInt(other + TAG));
      putInt(other + STEP, 0);
    }
  }
}
