package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.ACK;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.RST;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.SYN;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/**
 * A SYN on a connection that is open. A host that has restarted sends one, and so does a blind
 * attacker, so RFC 5961, section 4, has the receiver neither believe nor ignore it:
 *
 * <pre>
 *   source                     destination
 *     SYN  seq=N       ------&gt;   the connection is open: challenge
 *          ack=A       &lt;------   ACK  ack=A, what it expects next
 *     RST  seq=A       ------&gt;   closed           source knows nothing of A's connection
 *     SYN  seq=N again ------&gt;   a new connection
 *
 *          ack=N+1     &lt;------   SYN+ACK or RST   destination knows nothing of it either
 * </pre>
 *
 * <p>So the SYN passes and changes nothing, but it is remembered, together with what the
 * destination acknowledges after it, if that is exactly where it has got to itself: a reset there
 * is exact, although the source may have sent more than has arrived. The memory takes the place of
 * one of the source's {@link TcpHistory} entries, until the source sends anything but SYN and RST,
 * as only a host does that still knows the connection.
 *
 * <pre>
 *   TcpPeer.reopening    7: scale known    6: remembered    5-4: entry    3-0: window shift
 *   the entry, two ints  N + 1; A, or what the source has sent until there is an A
 * </pre>
 *
 * <p>Stateless; the record must be locked.
 */
public final class TcpReopening {
  private static final int REMEMBERED = 0x40;
  private static final int ENTRY_SHIFT = 4;
  private static final int ENTRY_MASK = 3;
  private static final int ACKNOWLEDGED = 4;

  private TcpReopening() {}

  /** Remembers a SYN from the side {@code direction} whose sequence numbers end at {@code end}. */
  static void remember(long record, int direction, int end, long header) {
    long peer = TcpPeer.of(record, direction);
    if (isRemembered(peer) && getInt(entry(record, direction)) == end) {
      return; // sent again
    }
    int entry = isRemembered(peer) ? entryOf(peer) : TcpHistory.takeEntry(record, direction);
    TcpPeer.putReopening(peer, TcpSegment.scaleOption(header) | REMEMBERED | entry << ENTRY_SHIFT);
    long at = TcpHistory.at(record, direction, entry);
    putInt(at, end);
    putInt(at + ACKNOWLEDGED, TcpPeer.low(peer));
  }

  private static int entryOf(long peer) {
    return TcpPeer.reopening(peer) >>> ENTRY_SHIFT & ENTRY_MASK;
  }

  private static boolean isRemembered(long peer) {
    return (TcpPeer.reopening(peer) & REMEMBERED) != 0;
  }

  private static long entry(long record, int direction) {
    return TcpHistory.at(record, direction, entryOf(TcpPeer.of(record, direction)));
  }

  /** The side {@code direction} sends what belongs to the open connection. */
  static void forget(long record, int direction) {
    long peer = TcpPeer.of(record, direction);
    if (isRemembered(peer)) {
      TcpHistory.clearEntry(entry(record, direction));
      TcpPeer.putReopening(peer, 0);
    }
  }

  /** The other side has acknowledged this of what the side {@code direction} has sent. */
  static void acknowledge(long record, int direction, int acknowledgement) {
    long peer = TcpPeer.of(record, direction);
    if (isRemembered(peer) && TcpPeer.low(peer) - acknowledgement >= 0) {
      putInt(entry(record, direction) + ACKNOWLEDGED, acknowledgement);
    }
  }

  /** Whether a reset from the side {@code direction} is what a challenge asks for. */
  static boolean isExpectedReset(long record, int direction, int sequence) {
    return isRemembered(TcpPeer.of(record, direction))
        && getInt(entry(record, direction) + ACKNOWLEDGED) == sequence;
  }

  /**
   * Whether a packet from the side {@code direction} answers the SYN that the other side has sent,
   * instead of challenging it.
   */
  public static boolean isAnswer(long record, Packet packet, int direction) {
    long header = packet.address + packet.l4Offset;
    int flags = TcpSegment.flags(header);
    return (flags & ACK) != 0
        && (flags & (SYN | RST)) != 0
        && isRemembered(TcpPeer.of(record, 1 - direction))
        && getInt(entry(record, 1 - direction)) == TcpSegment.acknowledgement(header);
  }

  /**
   * Goes back to where the SYN from the side {@code direction} opens the connection. What window it
   * offered is not remembered, so it is taken for the largest that a SYN can offer.
   */
  static void restart(long record, int direction) {
    long source = TcpPeer.of(record, direction);
    int end = getInt(entry(record, direction));
    int scale = TcpPeer.reopening(source) & (TcpPeer.SCALE_KNOWN | TcpPeer.SCALE_MASK);
    TcpPeer.open(source, end - 1, end, TcpSegment.MAX_UNSCALED_WINDOW, scale);
    TcpPeer.silence(TcpPeer.of(record, 1 - direction), 0);
    int flags = ConnectionRecord.flags(record);
    ConnectionRecord.putFlags(record, flags & ~ConnectionRecord.SHIFTED);
  }
}
