package org.sluice.datapath.conntrack.protocol;

import static org.sluice.datapath.conntrack.protocol.TcpSegment.ACK;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.FIN;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.RST;
import static org.sluice.datapath.conntrack.protocol.TcpSegment.SYN;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Follows both sides of a TCP connection and tells segments that belong to it from those that do
 * not, after Guido van Rooij, "Real Stateful TCP Packet Filtering in IP Filter" (2001).
 *
 * <p>From what has passed, a tracker in the middle knows for each side what it has sent ({@code
 * low}) and what it may send ({@code high}: what the other side acknowledged plus the window it
 * offered). A segment is good if
 *
 * <pre>
 *   1. its end is not beyond what the other side allowed                 end &lt;= source.high
 *   2. it does not reach back more than a window                         seq &gt;= source.low - window
 *   3. it acknowledges nothing too old or not sent yet, within a slack   |destination.low - ack|
 *   4. if it resets, it does so exactly at the point reached             seq = source.low +- 1
 * </pre>
 *
 * <p>At the edges of a connection's life, where one side is silent or done, hosts are less exact
 * and so is the check, but what passes by that leniency does not prolong the connection. A
 * connection whose opening was not seen is followed as if both windows were scaled to the maximum.
 *
 * <p>A segment that is good by its numbers must not contradict what {@link TcpHistory} remembers.
 *
 * <p>The object holds the segment being looked at: it belongs to one packet thread. The record must
 * be locked.
 */
public final class TcpTracker {
  /** A window and a packet: how far acknowledgements may be off. */
  private static final int ACK_SLACK = 0xffff + 1500;

  private int flags;
  private int window;
  private int sequence;
  private int end;
  private int acknowledgement;

  /** The side that sent the segment, and the one that is to receive it. */
  private long source;

  private long destination;
  private int sourceScale;
  private int destinationScale;
  private boolean isNext;
  private boolean isRefresh;
  private DropReason reason;

  /** Starts following a connection by its first packet. */
  public void start(long record, Packet packet) {
    read(packet);
    source = record + ConnectionRecord.ORIGINAL_PEER;
    destination = record + ConnectionRecord.REPLY_PEER;
    startSource(packet.address + packet.l4Offset);
    boolean sawOpening = (flags & SYN) != 0;
    TcpPeer.silence(destination, sawOpening ? 0 : TcpPeer.SCALE_UNKNOWN);
    ConnectionRecord.putTimer(record, Timer.TCP_FIRST.index());
    isAdmitted(record, packet, 0);
  }

  private void startSource(long header) {
    boolean sawOpening = (flags & SYN) != 0;
    int scale = sawOpening ? TcpSegment.scaleOption(header) : TcpPeer.SCALE_UNKNOWN;
    TcpPeer.open(source, sequence, end, window, scale);
  }

  private void read(Packet packet) {
    long header = packet.address + packet.l4Offset;
    flags = TcpSegment.flags(header);
    window = TcpSegment.window(header);
    sequence = TcpSegment.sequence(header);
    acknowledgement = TcpSegment.acknowledgement(header);
    int octets = TcpSegment.payloadBytes(packet);
    if ((flags & SYN) != 0) {
      octets++;
    }
    if ((flags & FIN) != 0) {
      octets++;
    }
    end = sequence + octets;
  }

  /**
   * Whether the last segment began where its sender had left off, a SYN that counts as one octet or
   * not.
   */
  public boolean isNext() {
    return isNext;
  }

  /** Whether the last segment may prolong the connection. */
  public boolean isRefresh() {
    return isRefresh;
  }

  /** Why the last verdict was {@link Verdict#INVALID}. */
  public DropReason reason() {
    return reason;
  }

  /**
   * Moves the connection on by a packet.
   *
   * @param checkWindow whether segments must be in the window
   * @return a {@link Verdict}
   */
  public int update(long record, Packet packet, int direction, boolean checkWindow) {
    read(packet);
    if (TcpSegment.hasInvalidFlags(flags)) {
      reason = DropReason.CT_INVALID_TCP_FLAGS;
      return Verdict.INVALID;
    }
    long offset = (long) direction * ConnectionRecord.BYTES_PER_PEER;
    source = record + ConnectionRecord.ORIGINAL_PEER + offset;
    destination = record + ConnectionRecord.REPLY_PEER - offset;
    isNext = (sequence - TcpPeer.low(source)) >>> 1 == 0;
    isRefresh = true;
    if ((flags & (SYN | ACK)) == SYN) {
      return opening(record, packet, direction);
    }
    if (TcpReopening.isAnswer(record, packet, direction)) {
      return reopen(record, packet, direction, checkWindow);
    }
    return check(record, packet, direction, checkWindow);
  }

  /** A SYN by itself: a new connection, the same SYN again, or one that changes nothing. */
  private int opening(long record, Packet packet, int direction) {
    int ownState = TcpPeer.state(source);
    int otherState = TcpPeer.state(destination);
    if (ownState >= TcpPeer.FIN_WAIT_2 && otherState >= TcpPeer.FIN_WAIT_2) {
      return Verdict.RESTART;
    }
    if (ownState > TcpPeer.SYN_SENT) {
      isRefresh = false;
      isNext = false;
      if (end != TcpPeer.low(source)) { // else it is only sent again
        TcpReopening.remember(record, direction, end, packet.address + packet.l4Offset);
      }
      return Verdict.ESTABLISHED;
    }
    if (ownState == TcpPeer.CLOSED || otherState == TcpPeer.CLOSED) {
      startSource(packet.address + packet.l4Offset);
    }
    ConnectionRecord.putTimer(record, Timer.TCP_FIRST.index());
    return Verdict.NEW;
  }

  /** The answer to a SYN on an open connection, from a host that does not know of that either. */
  private int reopen(long record, Packet packet, int direction, boolean checkWindow) {
    if ((flags & RST) != 0) {
      resetIfAsked();
      ConnectionRecord.putTimer(record, timer());
      return Verdict.ESTABLISHED;
    }
    TcpReopening.restart(record, 1 - direction);
    return check(record, packet, direction, checkWindow);
  }

  private int check(long record, Packet packet, int direction, boolean checkWindow) {
    chooseScales();
    boolean isAnyAck = false;
    if (TcpPeer.state(source) < TcpPeer.SYN_SENT) {
      isAnyAck = firstOfSide(packet.address + packet.l4Offset);
    }
    boolean hasAck = (flags & ACK) != 0;
    if (!hasAck || (acknowledgement == 0 && (flags & RST) != 0)) {
      acknowledgement = TcpPeer.low(destination);
    }
    int firstOctet = sequence;
    if (sequence == end) {
      sequence = TcpPeer.low(source);
      end = sequence;
    }
    boolean isExact =
        isExactIfReset(firstOctet) || TcpReopening.isExpectedReset(record, direction, firstOctet);
    isRefresh = !checkWindow || (isInWindow(isAnyAck) && isExact);
    if (!isRefresh && !isAtEdge()) {
      reason = DropReason.CT_OUT_OF_WINDOW;
      return Verdict.INVALID;
    }
    if ((flags & (SYN | RST)) == 0) {
      TcpReopening.forget(record, direction);
    }
    if (!isAdmitted(record, packet, direction)) {
      reason = DropReason.CT_OVERLAP;
      return Verdict.INVALID;
    }
    boolean isBare = sequence == end && (flags & (SYN | FIN | RST | ACK)) == ACK;
    if (isBare && firstOctet == TcpPeer.low(source)) {
      TcpReopening.acknowledge(record, 1 - direction, acknowledgement);
    }
    pass(record);
    return Verdict.ESTABLISHED;
  }

  /** Whether the segment agrees with those before; a SYN's and a reset's data are no stream. */
  private boolean isAdmitted(long record, Packet packet, int direction) {
    return (flags & (SYN | RST)) != 0
        || TcpHistory.admit(record, packet, direction, TcpSegment.payloadBytes(packet));
  }

  private void pass(long record) {
    accept();
    if (isRefresh) {
      advance();
      ConnectionRecord.putTimer(record, timer());
    } else {
      close();
    }
  }

  private void chooseScales() {
    int own = TcpPeer.scale(source);
    int other = TcpPeer.scale(destination);
    sourceScale = 0;
    destinationScale = 0;
    if ((flags & SYN) != 0) {
      return;
    }
    if ((own & other & TcpPeer.SCALE_KNOWN) != 0) {
      sourceScale = own & TcpPeer.SCALE_MASK;
      destinationScale = other & TcpPeer.SCALE_MASK;
    } else if ((own & other & TcpPeer.SCALE_UNKNOWN) != 0) {
      sourceScale = TcpSegment.MAX_SCALE;
      destinationScale = TcpSegment.MAX_SCALE;
    }
  }

  /** This side's first segment; whether any acknowledgement is to be taken. */
  private boolean firstOfSide(long header) {
    if ((flags & SYN) != 0 && (TcpPeer.scale(destination) & TcpPeer.SCALE_KNOWN) != 0) {
      agreeOnScale(header);
    }
    TcpPeer.putLow(source, sequence);
    TcpPeer.putState(source, TcpPeer.SYN_SENT);
    int high = end + Math.max(1, TcpPeer.maxWindow(destination) << destinationScale);
    boolean isSliding = TcpPeer.high(source) == TcpPeer.UNSET || high - TcpPeer.high(source) >= 0;
    if (isSliding) {
      TcpPeer.putHigh(source, high);
    }
    TcpPeer.putMaxWindow(source, Math.max(TcpPeer.maxWindow(source), window));
    return isSliding;
  }

  /** The answer to a SYN with a window scale: with one of its own scaling is on, else off. */
  private void agreeOnScale(long header) {
    int offered = TcpPeer.scale(destination) & TcpPeer.SCALE_MASK;
    int scale = TcpSegment.scaleOption(header);
    TcpPeer.putScale(source, scale);
    if (scale == 0) {
      TcpPeer.putMaxWindow(destination, TcpPeer.maxWindow(destination) << offered);
      TcpPeer.putScale(destination, 0);
    } else {
      sourceScale = scale & TcpPeer.SCALE_MASK;
      destinationScale = offered;
      window = TcpPeer.scaledDown(window, sourceScale);
    }
  }

  private boolean isInWindow(boolean isAnyAck) {
    int back = TcpPeer.maxWindow(destination) << destinationScale;
    int ackBehind = isAnyAck ? 0 : TcpPeer.low(destination) - acknowledgement;
    return TcpPeer.high(source) - end >= 0
        && sequence - (TcpPeer.low(source) - back) >= 0
        && ackBehind >= -ACK_SLACK
        && ackBehind <= ACK_SLACK << sourceScale;
  }

  private boolean isExactIfReset(int firstOctet) {
    int off = firstOctet - TcpPeer.low(source);
    return (flags & RST) == 0 || (off >= -1 && off <= 1);
  }

  /** Whether a side is silent or done, and the segment not far off. */
  private boolean isAtEdge() {
    int ownState = TcpPeer.state(source);
    int otherState = TcpPeer.state(destination);
    return (otherState < TcpPeer.SYN_SENT
            || otherState >= TcpPeer.FIN_WAIT_2
            || ownState >= TcpPeer.FIN_WAIT_2)
        && TcpPeer.high(source) + ACK_SLACK - end >= 0
        && sequence - (TcpPeer.low(source) - ACK_SLACK) >= 0;
  }

  /** Notes what was sent, and what its acknowledgement and window allow the other side. */
  private void accept() {
    if (TcpPeer.maxWindow(source) < window) {
      TcpPeer.putMaxWindow(source, window);
    }
    if (end - TcpPeer.low(source) > 0) {
      TcpPeer.putLow(source, end);
    }
    int offered = window << sourceScale;
    if (acknowledgement + offered - TcpPeer.high(destination) >= 0) {
      TcpPeer.putHigh(destination, acknowledgement + Math.max(offered, 1));
    }
  }

  private void advance() {
    if ((flags & FIN) != 0 && TcpPeer.state(source) < TcpPeer.CLOSING) {
      TcpPeer.putState(source, TcpPeer.CLOSING);
    }
    if ((flags & ACK) != 0) {
      int other = TcpPeer.state(destination);
      if (other == TcpPeer.SYN_SENT) {
        TcpPeer.putState(destination, TcpPeer.ESTABLISHED);
      } else if (other == TcpPeer.CLOSING) {
        TcpPeer.putState(destination, TcpPeer.FIN_WAIT_2);
      }
    }
    resetIfAsked();
  }

  private void close() {
    if ((flags & FIN) != 0 && TcpPeer.state(source) < TcpPeer.CLOSING) {
      TcpPeer.putState(source, TcpPeer.CLOSING);
    }
    resetIfAsked();
  }

  private void resetIfAsked() {
    if ((flags & RST) != 0) {
      TcpPeer.putState(source, TcpPeer.TIME_WAIT);
      TcpPeer.putState(destination, TcpPeer.TIME_WAIT);
    }
  }

  /** The timer for the sides' states. */
  private int timer() {
    int own = TcpPeer.state(source);
    int other = TcpPeer.state(destination);
    int less = Math.min(own, other);
    int more = Math.max(own, other);
    Timer timer;
    if (less >= TcpPeer.FIN_WAIT_2) {
      timer = Timer.TCP_CLOSED;
    } else if (less >= TcpPeer.CLOSING) {
      timer = Timer.TCP_FIN_WAIT;
    } else if (less < TcpPeer.ESTABLISHED) {
      timer = Timer.TCP_OPENING;
    } else if (more >= TcpPeer.CLOSING) {
      timer = Timer.TCP_CLOSING;
    } else {
      timer = Timer.TCP_ESTABLISHED;
    }
    return timer.index();
  }
}
