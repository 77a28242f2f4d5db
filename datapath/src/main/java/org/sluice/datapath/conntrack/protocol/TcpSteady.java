package org.sluice.datapath.conntrack.protocol;

import static org.sluice.datapath.conntrack.protocol.TcpSegment.ACK;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.FIN;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.RST;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.SYN;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/**
 * The common case of {@link TcpTracker}, small enough to be inlined: both sides established, a
 * plain segment in the window. Anything else is left to the whole machine. Stateless; the record
 * must be locked.
 */
public final class TcpSteady {
  private static final int ACK_SLACK = 0xffff + 1500;

  private TcpSteady() {}

  /** Moves the connection on by a packet; false, and nothing done, if it is not the common case. */
  public static boolean update(long record, Packet packet, int direction) {
    long header = packet.l4();
    long offset = (long) direction * ConnectionRecord.BYTES_PER_PEER;
    long source = record + ConnectionRecord.ORIGINAL_PEER + offset;
    long destination = record + ConnectionRecord.REPLY_PEER - offset;
    if ((TcpSegment.flags(header) & (SYN | FIN | RST | ACK)) != ACK
        || !TcpPeer.isSteady(source)
        || !TcpPeer.isSteady(destination)) {
      return false;
    }
    int sequence = TcpSegment.sequence(header);
    int payloadBytes = TcpSegment.payloadBytes(packet);
    if (payloadBytes == 0) {
      sequence = TcpPeer.low(source);
    }
    int own = TcpPeer.scale(source);
    int other = TcpPeer.scale(destination);
    int end = sequence + payloadBytes;
    int acknowledgement = TcpSegment.acknowledgement(header);
    int ackBehind = TcpPeer.low(destination) - acknowledgement;
    int sourceScale = scale(own, other);
    int back = TcpPeer.maxWindow(destination) << scale(other, own);
    if (TcpPeer.high(source) - end < 0
        || sequence - (TcpPeer.low(source) - back) < 0
        || ackBehind < -ACK_SLACK
        || ackBehind > ACK_SLACK << sourceScale
        || !TcpHistory.admit(record, packet, direction, payloadBytes)) {
      return false;
    }
    accept(source, destination, end, acknowledgement, TcpSegment.window(header), sourceScale);
    return true;
  }

  /** The shift to apply to a window of the side with scale {@code own}. */
  private static int scale(int own, int other) {
    int both = own & other;
    if ((both & TcpPeer.SCALE_KNOWN) != 0) {
      return own & TcpPeer.SCALE_MASK;
    }
    return (both & TcpPeer.SCALE_UNKNOWN) != 0 ? TcpSegment.MAX_SCALE : 0;
  }

  private static void accept(
      long source, long destination, int end, int acknowledgement, int window, int scale) {
    if (TcpPeer.maxWindow(source) < window) {
      TcpPeer.putMaxWindow(source, window);
    }
    if (end - TcpPeer.low(source) > 0) {
      TcpPeer.putLow(source, end);
    }
    int allowed = acknowledgement + Math.max(window << scale, 1);
    if (allowed - TcpPeer.high(destination) > 0) {
      TcpPeer.putHigh(destination, allowed);
    }
  }
}
