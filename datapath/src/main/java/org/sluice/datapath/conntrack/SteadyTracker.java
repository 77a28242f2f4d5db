package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.nat.PacketTranslator;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.PlainTracker;
import org.sluice.datapath.conntrack.protocol.SctpTracker;
import org.sluice.datapath.conntrack.protocol.TcpSteady;
import org.sluice.datapath.conntrack.protocol.Timeouts;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.conntrack.protocol.Verdict;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * The microflow cache's way into the connection table: packets of connections that it has met
 * before, without a lookup. Belongs to one packet thread, as its {@link Tracker} does.
 */
final class SteadyTracker {
  private static final int ANY_NAT =
      ConnectionRecord.TRANSLATED | ConnectionRecord.SOURCE_NAT | ConnectionRecord.DESTINATION_NAT;
  private static final int CLOCKS_APART_MS = 1000;
  private static final int TCP_ESTABLISHED = Timer.TCP_ESTABLISHED.index();

  private final ConnectionTable table;
  private final ConnectionSlab slab;
  private final Timeouts timeouts;
  private final KeyReader reader;

  /** Makes one whose checks are counted by {@code reader}. */
  SteadyTracker(Conntrack conntrack, KeyReader reader) {
    this.table = conntrack.table();
    this.slab = table.slab();
    this.timeouts = conntrack.timeouts();
    this.reader = reader;
  }

  /** Reads something of a connection's record, so that {@link #update} finds it near. */
  int approach(long connection) {
    return connection == 0 ? 0 : ConnectionRecord.flags(slab.address((int) connection));
  }

  /**
   * Moves a connection met before on by a packet that is known to belong to it, as the microflow
   * cache knows, whose keys hold the whole tuple: checksums, window, state, timeout. Leaves the
   * packet's fields alone.
   *
   * <p>The handle goes stale when the connection goes, or its mark or labels change, so a true
   * answer vouches for those as well. Only the frequent cases are answered here: TCP established on
   * both sides, and protocols with ports that have no states.
   *
   * @param connection {@link Packet#connection} as {@link Tracker#track} left it for such a packet
   * @param expectedCtState {@link Packet#ctState} as {@link Tracker#track} left it
   * @param translate whether the request translates packets
   * @return true if {@link Tracker#track} would have left the same {@code ct_state}, mark, labels
   *     and handle, so that it need not be called; false if nothing was done
   */
  boolean update(
      long connection, Packet packet, boolean translate, int expectedCtState, long nowMs) {
    if (connection == 0) {
      return false;
    }
    long record = slab.address((int) connection);
    int word = ConnectionRecord.lockWordOf(connection);
    if (ConnectionRecord.lockWord(record) != word) {
      return false;
    }
    long summary = ConnectionRecord.summary(record);
    if (ConnectionRecord.expiresMs(record) <= nowMs || ConnectionRecord.gatewayIn(summary) != 0) {
      return false;
    }
    int flags = ConnectionRecord.flagsIn(summary);
    if ((flags & ANY_NAT) != 0) {
      return translated(record, word, packet, translate, expectedCtState, nowMs);
    }
    int direction = (expectedCtState & CtState.REPLY) == 0 ? 0 : 1;
    assert isOwn(record, word, packet, expectedCtState) : "another connection's packet";
    if (!reader.isSound(packet)) {
      return false;
    }
    int expected = expectedCtState & ~CtState.related(flags) & ~CtState.TRACKED;
    return packet.ipProtocol == IpProtocol.TCP
        ? tcp(record, word, packet, direction, expected, nowMs)
        : plain(record, summary, packet, direction, expected, nowMs);
  }

  /**
   * Whether a packet is the connection's, unless that is another by now; only of what is
   * established does the state tell the direction.
   */
  private static boolean isOwn(long record, int word, Packet packet, int ctState) {
    return (ctState & CtState.ESTABLISHED) == 0
        || KeyReader.isOf(record, packet, (ctState & CtState.REPLY) == 0 ? 0 : 1)
        || ConnectionRecord.lockWord(record) != word;
  }

  /** {@link #update} for a translated connection, under its lock. */
  private boolean translated(
      long record, int word, Packet packet, boolean translate, int expectedCtState, long nowMs) {
    if (!ConnectionRecord.tryLock(record, word)) {
      return false;
    }
    boolean isDone = moveTranslated(record, packet, translate, expectedCtState, nowMs);
    ConnectionRecord.unlock(record);
    return isDone;
  }

  private boolean moveTranslated(
      long record, Packet packet, boolean translate, int expectedCtState, long nowMs) {
    int direction = (expectedCtState & CtState.REPLY) == 0 ? 0 : 1;
    int flags = ConnectionRecord.flags(record);
    int ends = CtState.translated(PacketTranslator.ends(flags, direction));
    int expected = expectedCtState & ~CtState.related(flags) & ~CtState.TRACKED;
    boolean isAlias = direction != 0 && (flags & ConnectionRecord.TRANSLATED) != 0;
    long own = isAlias ? slab.address(ConnectionRecord.extension(record)) : record;
    if ((expected & CtState.TRANSLATED) != (translate ? ends : 0)
        || (flags & ConnectionRecord.SHIFTED) != 0
        || !KeyReader.isOf(own, packet, isAlias ? 0 : direction) // translated already, for one
        || !reader.isSound(packet)) {
      return false;
    }
    expected &= ~CtState.TRANSLATED;
    boolean isDone =
        packet.ipProtocol == IpProtocol.TCP
            ? tcpLocked(record, packet, direction, expected, nowMs)
            : plain(record, ConnectionRecord.summary(record), packet, direction, expected, nowMs);
    if (isDone && translate && (flags & ConnectionRecord.TRANSLATED) != 0) {
      PacketTranslator.translate(packet, table.otherTuple(record, direction));
    }
    return isDone;
  }

  private boolean tcp(
      long record, int word, Packet packet, int direction, int expected, long nowMs) {
    if (!ConnectionRecord.tryLock(record, word)) {
      return false;
    }
    boolean isSteady = tcpLocked(record, packet, direction, expected, nowMs);
    ConnectionRecord.unlock(record);
    return isSteady;
  }

  private boolean tcpLocked(long record, Packet packet, int direction, int expected, long nowMs) {
    int state = CtState.ESTABLISHED | (direction != 0 ? CtState.REPLY : 0);
    long expiresMs = nowMs + timeouts.msFor(record, TCP_ESTABLISHED);
    if (expected != state
        || isMuchEarlier(record, expiresMs)
        || !TcpSteady.update(record, packet, direction)) {
      return false;
    }
    ConnectionRecord.putExpiresMs(record, expiresMs);
    return true;
  }

  /** Writes but a timestamp, so it needs no lock. */
  private boolean plain(
      long record, long summary, Packet packet, int direction, int expected, long nowMs) {
    int timer = ConnectionRecord.timerIn(summary);
    int verdict = PlainTracker.steadyVerdict(timer, direction);
    int state = CtState.NEW;
    if (verdict == Verdict.ESTABLISHED) {
      state = CtState.ESTABLISHED | (direction != 0 ? CtState.REPLY : 0);
    }
    if (verdict == Verdict.INVALID || expected != state) {
      return false;
    }
    if (packet.ipProtocol == IpProtocol.SCTP && !SctpTracker.isSteady(record, packet, direction)) {
      return false;
    }
    long expiresMs = nowMs + timeouts.msFor(record, timer);
    if (isMuchEarlier(record, expiresMs)) {
      return false;
    }
    ConnectionRecord.putExpiresMs(record, expiresMs);
    return true;
  }

  /**
   * Whether a connection is to expire earlier than it was, because timeouts have been shortened, so
   * that it has to be looked at earlier; not whether another thread's clock is ahead.
   */
  private static boolean isMuchEarlier(long record, long expiresMs) {
    return ConnectionRecord.expiresMs(record) - expiresMs > CLOCKS_APART_MS;
  }
}
