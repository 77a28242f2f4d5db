package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Announcement;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.PlainTracker;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.protocol.TcpSteady;
import org.sluice.datapath.conntrack.protocol.TcpTracker;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.conntrack.protocol.Verdict;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * One packet thread's way into the connection table. Belongs to that thread; the table behind it is
 * shared.
 *
 * <p>A packet goes: key and checks that need no connection ({@link KeyReader}); lookup, which locks
 * the record; the protocol's verdict, which moves the record on; what a gateway reads in the
 * payload; the packet's fields; unlock. A packet without a connection may start one: it is looked
 * up among the expectations and, if the request commits, put into the table.
 */
public final class Tracker {
  private static final int TCP_ESTABLISHED = Timer.TCP_ESTABLISHED.index();

  private final Conntrack conntrack;
  private final ConnectionTable table;
  private final ConnectionSlab slab;
  private final Expectations expectations;
  private final KeyReader reader;
  private final TcpTracker tcp = new TcpTracker();
  private final GatewayReader gateways;
  private final Announcement announcement = new Announcement();
  private boolean isAnnounced;

  Tracker(Conntrack conntrack) {
    this.conntrack = conntrack;
    this.table = conntrack.table();
    this.slab = table.slab();
    this.expectations = conntrack.expectations();
    this.reader = new KeyReader(conntrack.salt());
    this.gateways = new GatewayReader(expectations);
  }

  /**
   * Finds out what a parsed packet is to its connection and writes {@code ct_state}, zone, mark,
   * labels, original tuple and connection handle into it; commits if asked to.
   *
   * @return null, or why the verdict is {@code inv}
   */
  public DropReason track(Packet packet, TrackRequest request, long nowMs) {
    if (isAgain(packet, request) && touchAgain(packet, request)) {
      return null;
    }
    boolean trusted = (packet.ctState & (CtState.TRACKED | CtState.INVALID)) == CtState.TRACKED;
    packet.resetTracking();
    packet.ctZone = request.zone();
    DropReason reason = reader.read(packet, request.zone(), trusted);
    return reason == null ? classify(packet, request, nowMs) : invalid(packet, reason);
  }

  private static DropReason invalid(Packet packet, DropReason reason) {
    packet.ctState = CtState.TRACKED | CtState.INVALID;
    return reason;
  }

  // --- A further action on a packet that has been through the same zone.

  private static boolean isAgain(Packet packet, TrackRequest request) {
    boolean isReplaced = request.force() && (packet.ctState & CtState.REPLY) != 0;
    return packet.connection != 0
        && packet.ctZone == request.zone()
        && (packet.ctState & CtState.TRACKED) != 0
        && !isReplaced;
  }

  /** Writes mark and labels; the state has been moved on before. False if the connection went. */
  private boolean touchAgain(Packet packet, TrackRequest request) {
    long record = slab.address((int) packet.connection);
    int word = ConnectionRecord.lockWordOf(packet.connection);
    if (request.set().isNone()) {
      return (ConnectionRecord.lockWord(record) & ~1) == word;
    }
    if (!table.lockIfSame(packet.connection)) {
      return false;
    }
    setMarkAndLabel(packet, record, request.set());
    return true;
  }

  // --- The general path.

  private DropReason classify(Packet packet, TrackRequest request, long nowMs) {
    for (; ; ) {
      int match = table.findLocked(reader.key());
      if (match != ConnectionRecord.NIL && isToKeep(match, request, nowMs)) {
        int verdict = found(match, packet, request, nowMs);
        if (verdict == Verdict.INVALID) {
          return tcp.reason();
        }
        if (verdict != Verdict.RESTART) {
          return null;
        }
      }
      DropReason reason = mayStart(packet);
      if (reason != null) {
        return invalid(packet, reason);
      }
      if (begin(packet, request, nowMs)) {
        return null;
      }
    }
  }

  /** Unlocks, and removes if replaced by force, a connection that does not count. */
  private boolean isToKeep(int match, TrackRequest request, long nowMs) {
    long record = slab.address(match >>> 1);
    boolean isReplaced = request.force() && (match & 1) != 0;
    if (ConnectionRecord.expiresMs(record) > nowMs && !isReplaced) {
      return true;
    }
    long handle = handle(match >>> 1, record);
    ConnectionRecord.unlock(record);
    if (isReplaced) {
      table.remove(handle);
    }
    return false;
  }

  private static long handle(int index, long record) {
    return ConnectionRecord.handle(index, ConnectionRecord.lockWord(record));
  }

  /** The packet belongs to the connection found, whose record is locked. */
  private int found(int match, Packet packet, TrackRequest request, long nowMs) {
    int index = match >>> 1;
    int direction = match & 1;
    long record = slab.address(index);
    if (reader.isIcmpError()) {
      describe(packet, record, CtState.RELATED, direction);
      setMarkAndLabel(packet, record, request.set());
      packet.connection = 0;
      return Verdict.ESTABLISHED;
    }
    int verdict = advance(record, packet, direction);
    if (verdict == Verdict.RESTART) {
      long handle = handle(index, record);
      ConnectionRecord.unlock(record);
      table.remove(handle);
      return verdict;
    }
    if (verdict == Verdict.INVALID) {
      describe(packet, record, CtState.INVALID, 0);
      ConnectionRecord.unlock(record);
      return verdict;
    }
    return accept(index, packet, direction, verdict, request, nowMs);
  }

  private int advance(long record, Packet packet, int direction) {
    return packet.ipProtocol == IpProtocol.TCP
        ? tcp.update(record, packet, direction, conntrack.checksTcpWindow())
        : PlainTracker.update(record, direction);
  }

  private int accept(
      int index, Packet packet, int direction, int verdict, TrackRequest request, long nowMs) {
    long record = slab.address(index);
    boolean isEarlier = refresh(record, packet, nowMs);
    int gateway = ConnectionRecord.gateway(record);
    if (gateway != Gateway.NONE.index() && (packet.ipProtocol != IpProtocol.TCP || tcp.isNext())) {
      gateways.read(index, record, packet, direction);
    }
    int related = related(record);
    if (verdict == Verdict.NEW) {
      describe(packet, record, CtState.NEW | related, 0);
    } else {
      describe(packet, record, CtState.ESTABLISHED | related, direction);
    }
    packet.connection = handle(index, record);
    setMarkAndLabel(packet, record, request.set());
    if (isEarlier) {
      table.rearm(index, nowMs);
    }
    return verdict;
  }

  private static int related(long record) {
    return (ConnectionRecord.flags(record) & ConnectionRecord.RELATED) != 0 ? CtState.RELATED : 0;
  }

  /** Sets when the connection expires; whether that is earlier than before. */
  private boolean refresh(long record, Packet packet, long nowMs) {
    if (packet.ipProtocol == IpProtocol.TCP && !tcp.isRefresh()) {
      return false;
    }
    long before = ConnectionRecord.expiresMs(record);
    long expiresMs = nowMs + conntrack.timeouts().ms(ConnectionRecord.timer(record));
    ConnectionRecord.putExpiresMs(record, expiresMs);
    return expiresMs < before;
  }

  // --- What is written into the packet.

  private void describe(Packet packet, long record, int state, int direction) {
    packet.ctState = CtState.TRACKED | state | (direction != 0 ? CtState.REPLY : 0);
    packet.ctMark = ConnectionRecord.mark(record);
    packet.ctLabelHi = ConnectionRecord.labelHi(record);
    packet.ctLabelLo = ConnectionRecord.labelLo(record);
    int extension = ConnectionRecord.extension(record);
    long tuple = related(record) != 0 ? slab.address(extension) : record;
    packet.ctSrcHi = ConnectionRecord.srcHi(tuple);
    packet.ctSrcLo = ConnectionRecord.srcLo(tuple);
    packet.ctDstHi = ConnectionRecord.dstHi(tuple);
    packet.ctDstLo = ConnectionRecord.dstLo(tuple);
    describeWord(packet, ConnectionRecord.word(tuple));
  }

  private static void describeKey(Packet packet, ConnectionKey key) {
    packet.ctSrcHi = key.srcHi;
    packet.ctSrcLo = key.srcLo;
    packet.ctDstHi = key.dstHi;
    packet.ctDstLo = key.dstLo;
    describeWord(packet, key.word);
  }

  private static void describeWord(Packet packet, long word) {
    packet.ctProtocol = ConnectionKey.protocol(word);
    packet.ctIpv6 = ConnectionKey.isIpv6(word);
    packet.ctSrcPort = ConnectionTuple.originalSource(word);
    packet.ctDstPort = ConnectionTuple.originalDestination(word);
  }

  /** Writes what the request sets into packet and record, and unlocks the record. */
  private static void setMarkAndLabel(Packet packet, long record, TrackRequest.MarkAndLabel set) {
    if (set.isNone() || related(record) != 0) {
      ConnectionRecord.unlock(record);
      return;
    }
    packet.ctMark = merge(packet.ctMark, set.mark(), set.markMask());
    packet.ctLabelHi = merge(packet.ctLabelHi, set.labelHigh(), set.labelMaskHigh());
    packet.ctLabelLo = merge(packet.ctLabelLo, set.labelLow(), set.labelMaskLow());
    boolean isSame =
        packet.ctMark == ConnectionRecord.mark(record)
            && packet.ctLabelHi == ConnectionRecord.labelHi(record)
            && packet.ctLabelLo == ConnectionRecord.labelLo(record);
    if (isSame) {
      ConnectionRecord.unlock(record);
      return;
    }
    ConnectionRecord.putMark(record, packet.ctMark);
    ConnectionRecord.putLabel(record, packet.ctLabelHi, packet.ctLabelLo);
    int index = (int) packet.connection;
    int word = ConnectionRecord.unlockChanged(record);
    packet.connection = index == 0 ? 0 : ConnectionRecord.handle(index, word);
  }

  private static long merge(long old, long value, long mask) {
    return (value & mask) | (old & ~mask);
  }

  private static int merge(int old, int value, int mask) {
    return (value & mask) | (old & ~mask);
  }

  // --- A packet that no connection is known for.

  private DropReason mayStart(Packet packet) {
    if (reader.isIcmpError()) {
      return DropReason.CT_UNRELATED_ICMP;
    }
    long word = reader.key().word;
    if (ConnectionKey.isIcmp(word)) {
      boolean isAnswer = (word & ConnectionKey.ICMP_ANSWER) != 0;
      return isAnswer ? DropReason.CT_UNRELATED_ICMP : null;
    }
    boolean isFit = packet.ipProtocol != IpProtocol.TCP || TcpSegment.mayStart(packet);
    return isFit ? null : DropReason.CT_INVALID_TCP_FLAGS;
  }

  /** The packet starts a connection; false if another thread has just started the same. */
  private boolean begin(Packet packet, TrackRequest request, long nowMs) {
    packet.ctState = CtState.TRACKED | CtState.NEW;
    isAnnounced = expectations.find(reader.key(), announcement);
    if (isAnnounced) {
      packet.ctState |= CtState.RELATED;
      packet.ctMark = announcement.mark;
      packet.ctLabelHi = announcement.labelHi;
      packet.ctLabelLo = announcement.labelLo;
      describeKey(packet, announcement.parent);
    } else {
      describeKey(packet, reader.key());
    }
    if (!request.commit() || conntrack.limits().reserve(request.zone()) != null) {
      return true;
    }
    int index = table.beginCreate(reader.key(), nowMs);
    if (index <= ConnectionRecord.NIL) {
      conntrack.limits().release(request.zone());
      return index != ConnectionTable.EXISTS;
    }
    fill(index, packet, request, nowMs);
    packet.connection = table.finishCreate(index, nowMs);
    return true;
  }

  private void fill(int index, Packet packet, TrackRequest request, long nowMs) {
    long record = slab.address(index);
    int flags = ConnectionRecord.LIVE;
    if (isAnnounced) {
      flags |= inherit(record);
    }
    if (flags == ConnectionRecord.LIVE) {
      TrackRequest.MarkAndLabel set = request.set();
      packet.ctMark = merge(0, set.mark(), set.markMask());
      packet.ctLabelHi = merge(0L, set.labelHigh(), set.labelMaskHigh());
      packet.ctLabelLo = merge(0L, set.labelLow(), set.labelMaskLow());
    }
    ConnectionRecord.putFlags(record, flags);
    ConnectionRecord.putMark(record, packet.ctMark);
    ConnectionRecord.putLabel(record, packet.ctLabelHi, packet.ctLabelLo);
    boolean isRead = request.gateway().protocol() == packet.ipProtocol;
    ConnectionRecord.putGateway(record, isRead ? request.gateway().index() : 0);
    start(record, packet, nowMs);
    if (isRead && packet.ipProtocol != IpProtocol.TCP) {
      gateways.read(index, record, packet, 0);
    }
  }

  private void start(long record, Packet packet, long nowMs) {
    if (packet.ipProtocol == IpProtocol.TCP) {
      tcp.start(record, packet);
    } else {
      PlainTracker.start(record);
    }
    int timeoutMs = conntrack.timeouts().ms(ConnectionRecord.timer(record));
    ConnectionRecord.putExpiresMs(record, nowMs + timeoutMs);
  }

  /** Notes the announcing connection's tuple; the flag to set, 0 if memory is used up. */
  private int inherit(long record) {
    int extension = slab.allocate();
    if (extension == ConnectionRecord.NIL) {
      return 0;
    }
    ConnectionRecord.putFlags(slab.address(extension), 0);
    ConnectionRecord.putKey(slab.address(extension), announcement.parent);
    ConnectionRecord.putExtension(record, extension);
    return ConnectionRecord.RELATED;
  }

  // --- The microflow cache's way.

  /**
   * Moves a connection met before on by a packet that is known to belong to it, as the microflow
   * cache knows: window check, state, timeout. Leaves the packet's fields alone.
   *
   * <p>The handle goes stale when the connection goes, or its mark or labels change, so a true
   * answer vouches for those as well. Only the frequent cases are answered here: TCP established on
   * both sides, and protocols with ports that have no states.
   *
   * @param connection {@link Packet#connection} as {@link #track} left it for such a packet
   * @param direction 0 = original, 1 = reply
   * @param expectedCtState {@link Packet#ctState} as {@link #track} left it
   * @return true if {@link #track} would have left the same {@code ct_state}, mark, labels and
   *     handle, so that it need not be called; false if nothing was done
   */
  public boolean fastUpdate(
      long connection, Packet packet, int direction, int expectedCtState, long nowMs) {
    if (connection == 0) {
      return false;
    }
    long record = slab.address((int) connection);
    int word = ConnectionRecord.lockWordOf(connection);
    if (ConnectionRecord.lockWord(record) != word
        || ConnectionRecord.expiresMs(record) <= nowMs
        || ConnectionRecord.gateway(record) != 0
        || !KeyReader.isOf(record, packet, direction)) {
      return false;
    }
    int expected = expectedCtState & ~related(record) & ~CtState.TRACKED;
    return packet.ipProtocol == IpProtocol.TCP
        ? fastTcp(record, word, packet, direction, expected, nowMs)
        : fastPlain(record, direction, expected, nowMs);
  }

  private boolean fastTcp(
      long record, int word, Packet packet, int direction, int expected, long nowMs) {
    int state = CtState.ESTABLISHED | (direction != 0 ? CtState.REPLY : 0);
    if (expected != state || !ConnectionRecord.tryLock(record, word)) {
      return false;
    }
    boolean isSteady = TcpSteady.update(record, packet, direction);
    if (isSteady) {
      ConnectionRecord.putExpiresMs(record, nowMs + conntrack.timeouts().ms(TCP_ESTABLISHED));
    }
    ConnectionRecord.unlock(record);
    return isSteady;
  }

  /** Writes but a timestamp, so it needs no lock. */
  private boolean fastPlain(long record, int direction, int expected, long nowMs) {
    int verdict = PlainTracker.steadyVerdict(record, direction);
    int state = CtState.NEW;
    if (verdict == Verdict.ESTABLISHED) {
      state = CtState.ESTABLISHED | (direction != 0 ? CtState.REPLY : 0);
    }
    if (verdict == Verdict.INVALID || expected != state) {
      return false;
    }
    int timeoutMs = conntrack.timeouts().ms(ConnectionRecord.timer(record));
    ConnectionRecord.putExpiresMs(record, nowMs + timeoutMs);
    return true;
  }
}
