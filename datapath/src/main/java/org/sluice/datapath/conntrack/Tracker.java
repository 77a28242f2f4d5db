package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.GatewayReader;
import org.sluice.datapath.conntrack.alg.TcpShift;
import org.sluice.datapath.conntrack.event.EventRing;
import org.sluice.datapath.conntrack.fragment.Reassembler;
import org.sluice.datapath.conntrack.nat.PacketTranslator;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.PlainTracker;
import org.sluice.datapath.conntrack.protocol.SctpTracker;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.conntrack.protocol.TcpReopening;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.protocol.TcpTracker;
import org.sluice.datapath.conntrack.protocol.Timeouts;
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
  private final Conntrack conntrack;
  private final ConnectionTable table;
  private final ConnectionSlab slab;
  private final Vanguard vanguard;
  private final Timeouts timeouts;
  private final Expectations expectations;
  private final KeyReader reader;
  private final TcpTracker tcp = new TcpTracker();
  private final GatewayReader gateways;
  private final Opening opening;
  private final SteadyTracker steady;
  private final Reassembler reassembler;

  /** When the packet last looked at came. */
  private long nowMs;

  Tracker(Conntrack conntrack) {
    this.conntrack = conntrack;
    this.table = conntrack.table();
    this.slab = table.slab();
    this.vanguard = new Vanguard(table, conntrack.salt());
    this.timeouts = conntrack.timeouts();
    this.expectations = conntrack.expectations();
    this.reader = conntrack.newReader();
    this.gateways = new GatewayReader(expectations);
    this.reassembler = conntrack.newReassembler();
    this.opening = new Opening(conntrack, reader, tcp, gateways);
    this.steady = new SteadyTracker(conntrack, reader);
  }

  /** Where this thread's fragments wait for each other. */
  public Reassembler reassembler() {
    return reassembler;
  }

  /** Goes ahead of batches whose connections are to be looked up. */
  public Vanguard vanguard() {
    return vanguard;
  }

  /** Housekeeping of this thread, to be called now and then. */
  public void maintain() {
    opening.maintain();
  }

  /** Gives back what it has at hand, fragments too; nothing may be tracked any more. */
  public void close() {
    reassembler.expire(Long.MAX_VALUE);
    opening.close();
    conntrack.forget(reassembler, reader);
  }

  /** Whether a fragment has to be put together with others before it can be tracked. */
  public static boolean isToReassemble(Packet packet, TrackRequest request) {
    return packet.fragment != 0 && !isAgain(packet, request);
  }

  /** Makes a packet that cannot be tracked invalid. */
  public static void refuse(Packet packet, TrackRequest request, DropReason reason) {
    packet.resetTracking();
    packet.ctZone = request.zone();
    invalid(packet, reason);
  }

  /**
   * Finds out what a parsed packet is to its connection and writes {@code ct_state}, zone, mark,
   * labels, original tuple and connection handle into it; commits if asked to.
   *
   * @return null, or why the verdict is {@code inv}, or, where that is {@link DropReason#isFinal},
   *     why the packet may not go on
   */
  public DropReason track(Packet packet, TrackRequest request, long now) {
    nowMs = now;
    if (isAgain(packet, request) && touchAgain(packet, request)) {
      return null;
    }
    if (packet.ctState == 0) {
      vanguard.follow(request.zone());
    }
    boolean trusted = (packet.ctState & (CtState.TRACKED | CtState.INVALID)) == CtState.TRACKED;
    reader.key().translated =
        (packet.ctState & CtState.TRANSLATED) != 0 && packet.ctZone == request.zone();
    packet.resetTracking();
    packet.ctZone = request.zone();
    DropReason reason = reader.read(packet, request.zone(), trusted);
    if (packet.ipProtocol == IpProtocol.GRE && reason == null) {
      readCall(packet);
    }
    return reason == null ? classify(packet, request, nowMs) : invalid(packet, reason);
  }

  /** A packet of a call that a gateway has read of is told from others by both call ids. */
  private void readCall(Packet packet) {
    int receiver = KeyReader.callId(packet);
    if (receiver != 0) {
      reader.setCallIds(0, receiver);
      int sender = expectations.callOf(reader.key(), nowMs);
      reader.setCallIds(sender, sender == 0 ? 0 : receiver);
    }
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
    boolean isToTranslate = request.nat() != null && (packet.ctState & CtState.TRANSLATED) == 0;
    if (request.set().isNone() && !isToTranslate) {
      return (ConnectionRecord.lockWord(record) & ~1) == word;
    }
    if (!table.lockIfSame(packet.connection)) {
      return false;
    }
    if (isToTranslate) {
      translateAgain(packet, record);
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
          return packet.ipProtocol == IpProtocol.TCP ? tcp.reason() : DropReason.CT_SCTP_TAG;
        }
        if (verdict != Verdict.RESTART) {
          return null;
        }
      }
      DropReason reason = opening.mayStart(packet);
      if (reason != null) {
        return invalid(packet, reason);
      }
      if (opening.begin(packet, request, nowMs)) {
        return opening.refusal();
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
      if (request.nat() != null) {
        translateError(packet, record, direction);
      }
      setMarkAndLabel(packet, record, request.set());
      packet.connection = 0;
      return Verdict.ESTABLISHED;
    }
    if (request.nat() != null) {
      moveAcknowledgement(packet, record, direction);
    }
    int timer = ConnectionRecord.timer(record);
    int verdict = advanceAndCount(record, packet, direction);
    if (timer != ConnectionRecord.timer(record) && verdict <= Verdict.NEW) {
      conntrack.tell(EventRing.UPDATE, record, nowMs);
    }
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

  private int advanceAndCount(long record, Packet packet, int direction) {
    if (packet.ipProtocol != IpProtocol.TCP) {
      return advance(record, packet, direction);
    }
    int before = TcpPeer.furthest(record);
    int verdict = advance(record, packet, direction);
    int after = TcpPeer.furthest(record);
    if (before != after) {
      conntrack.counts().move(record, before, after);
    }
    return verdict;
  }

  private int advance(long record, Packet packet, int direction) {
    return switch (packet.ipProtocol) {
      case IpProtocol.TCP -> tcp.update(record, packet, direction, checksWindow(record));
      case IpProtocol.SCTP -> SctpTracker.update(record, packet, direction);
      default -> PlainTracker.update(record, direction);
    };
  }

  private boolean checksWindow(long record) {
    int zone = ConnectionKey.zone(ConnectionRecord.word(record));
    return conntrack.checksTcpWindow() && !conntrack.zones().isLiberal(zone);
  }

  private int accept(
      int index, Packet packet, int direction, int verdict, TrackRequest request, long nowMs) {
    long record = slab.address(index);
    boolean isEarlier = refresh(record, packet, nowMs);
    if (ConnectionRecord.gateway(record) != Gateway.NONE.index()
        && (packet.ipProtocol != IpProtocol.TCP || isToRead(record, packet, direction))) {
      boolean translate = request.nat() != null;
      gateways.read(index, record, table.aliasOf(record), packet, direction, translate, nowMs);
    }
    int related = related(record);
    if (verdict == Verdict.NEW) {
      describe(packet, record, CtState.NEW | related, 0);
    } else {
      describe(packet, record, CtState.ESTABLISHED | related, direction);
    }
    packet.connection = handle(index, record);
    if (request.nat() != null) {
      translate(packet, record, direction);
    }
    setMarkAndLabel(packet, record, request.set());
    if (isEarlier) {
      table.rearm(index, nowMs);
    }
    return verdict;
  }

  // --- Translation.

  /** Rewrites a packet if its connection, which is locked, is translated. */
  private void translate(Packet packet, long record, int direction) {
    int flags = ConnectionRecord.flags(record);
    packet.ctState |= CtState.translated(PacketTranslator.ends(flags, direction));
    if ((flags & ConnectionRecord.TRANSLATED) != 0) {
      PacketTranslator.translate(packet, table.otherTuple(record, direction));
    }
    if (isShifted(packet, record) && !TcpSegment.isSyn(packet)) {
      TcpShift.moveSequence(packet, ConnectionRecord.shift(table.aliasOf(record), direction));
    }
  }

  /** Translates a packet whose connection was met before, without being asked to translate. */
  private void translateAgain(Packet packet, long record) {
    int direction = (packet.ctState & CtState.REPLY) == 0 ? 0 : 1;
    moveAcknowledgement(packet, record, direction);
    if (ConnectionRecord.gateway(record) != Gateway.NONE.index()) {
      int index = (int) packet.connection;
      gateways.read(index, record, table.aliasOf(record), packet, direction, true, nowMs);
    }
    translate(packet, record, direction);
  }

  private static boolean isShifted(Packet packet, long record) {
    return packet.ipProtocol == IpProtocol.TCP
        && (ConnectionRecord.flags(record) & ConnectionRecord.SHIFTED) != 0;
  }

  /**
   * Makes a segment acknowledge what the other side has sent, where a gateway has changed that; of
   * a SYN it changes nothing.
   */
  private void moveAcknowledgement(Packet packet, long record, int direction) {
    if (isShifted(packet, record) && !TcpReopening.isAnswer(record, packet, direction)) {
      TcpShift.moveAcknowledgement(
          packet, ConnectionRecord.shift(table.aliasOf(record), 1 - direction));
    }
  }

  /** Whether a segment goes on where its sender left off, or repeats the one changed last. */
  private boolean isToRead(long record, Packet packet, int direction) {
    if (tcp.isNext()) {
      return true;
    }
    int sequence = TcpSegment.sequence(packet.address + packet.l4Offset);
    return isShifted(packet, record)
        && TcpShift.covers(
            ConnectionRecord.shift(table.aliasOf(record), direction),
            sequence,
            TcpSegment.payloadBytes(packet));
  }

  private void translateError(Packet packet, long record, int direction) {
    int flags = ConnectionRecord.flags(record);
    int ends = PacketTranslator.ends(flags, direction);
    packet.ctState |= CtState.translated(ends);
    if ((flags & ConnectionRecord.TRANSLATED) != 0) {
      PacketTranslator.translateError(
          packet, reader.quoted(), table.otherTuple(record, direction), ends);
    }
  }

  private static int related(long record) {
    return CtState.related(ConnectionRecord.flags(record));
  }

  /** Sets when the connection expires; whether that is earlier than before. */
  private boolean refresh(long record, Packet packet, long nowMs) {
    if (packet.ipProtocol == IpProtocol.TCP && !tcp.isRefresh()) {
      return false;
    }
    long before = ConnectionRecord.expiresMs(record);
    long expiresMs = nowMs + timeouts.msFor(record, ConnectionRecord.timer(record));
    ConnectionRecord.putExpiresMs(record, expiresMs);
    return expiresMs < before;
  }

  // --- What is written into the packet.

  private void describe(Packet packet, long record, int state, int direction) {
    packet.ctState = CtState.TRACKED | state | (direction != 0 ? CtState.REPLY : 0);
    packet.ctMark = ConnectionRecord.mark(record);
    packet.ctLabelHi = ConnectionRecord.labelHi(record);
    packet.ctLabelLo = ConnectionRecord.labelLo(record);
    long tuple = record;
    if (related(record) != 0) {
      tuple = ConnectionRecord.parent(slab.address(ConnectionRecord.extension(record)));
    }
    packet.ctSrcHi = ConnectionRecord.srcHi(tuple);
    packet.ctSrcLo = ConnectionRecord.srcLo(tuple);
    packet.ctDstHi = ConnectionRecord.dstHi(tuple);
    packet.ctDstLo = ConnectionRecord.dstLo(tuple);
    describeWord(packet, ConnectionRecord.word(tuple));
  }

  static void describeKey(Packet packet, ConnectionKey key) {
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
  private void setMarkAndLabel(Packet packet, long record, TrackRequest.MarkAndLabel set) {
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
    conntrack.tell(EventRing.UPDATE, record, nowMs);
    int index = (int) packet.connection;
    int word = ConnectionRecord.unlockChanged(record);
    packet.connection = index == 0 ? 0 : ConnectionRecord.handle(index, word);
  }

  static long merge(long old, long value, long mask) {
    return (value & mask) | (old & ~mask);
  }

  static int merge(int old, int value, int mask) {
    return (value & mask) | (old & ~mask);
  }

  // --- For the microflow cache.

  /** Reads something of a connection's record, so that {@link #fastUpdate} finds it near. */
  public int approach(long connection) {
    return steady.approach(connection);
  }

  /**
   * Moves a connection met before on by a packet that is known to belong to it: see {@link
   * SteadyTracker#update}.
   */
  public boolean fastUpdate(
      long connection, Packet packet, boolean translate, int expectedCtState, long now) {
    return steady.update(connection, packet, translate, expectedCtState, now);
  }

  /**
   * Writes into a packet what {@link #track} would have written, so that the general path can go on
   * from where the fast one had to stop.
   *
   * @param connection the connection that the packet met in {@code zone}
   * @param ctState the state that it had there
   */
  public void resume(Packet packet, long connection, int ctState, int zone) {
    packet.ctState = ctState;
    packet.ctZone = zone;
    if (connection != 0 && table.lockIfSame(connection)) {
      long record = slab.address((int) connection);
      int direction = (ctState & CtState.REPLY) == 0 ? 0 : 1;
      describe(packet, record, ctState & ~CtState.REPLY, direction);
      packet.connection = connection;
      ConnectionRecord.unlock(record);
    }
  }
}
