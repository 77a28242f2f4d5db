package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Announcement;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.GatewayReader;
import org.sluice.datapath.conntrack.alg.TcpShift;
import org.sluice.datapath.conntrack.event.EventRing;
import org.sluice.datapath.conntrack.fragment.Reassembler;
import org.sluice.datapath.conntrack.nat.PacketTranslator;
import org.sluice.datapath.conntrack.nat.TupleChooser;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.PlainTracker;
import org.sluice.datapath.conntrack.protocol.SctpTracker;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.conntrack.protocol.TcpReopening;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.protocol.TcpSteady;
import org.sluice.datapath.conntrack.protocol.TcpTracker;
import org.sluice.datapath.conntrack.protocol.Timeouts;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.conntrack.protocol.Verdict;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.conntrack.table.SlotSupply;
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
  private static final int ANY_NAT =
      ConnectionRecord.TRANSLATED | ConnectionRecord.SOURCE_NAT | ConnectionRecord.DESTINATION_NAT;
  private static final int CLOCKS_APART_MS = 1000;
  private static final int TCP_ESTABLISHED = Timer.TCP_ESTABLISHED.index();

  private final Conntrack conntrack;
  private final ConnectionTable table;
  private final ConnectionSlab slab;
  private final SlotSupply slots;
  private final Vanguard vanguard;
  private final Timeouts timeouts;
  private final Expectations expectations;
  private final KeyReader reader;
  private final TcpTracker tcp = new TcpTracker();
  private final GatewayReader gateways;
  private final Announcement announcement = new Announcement();
  private final TupleChooser chooser;
  private final Reassembler reassembler;
  private boolean isAnnounced;

  /** Why the packet last looked at may not go on; null if it may. */
  private DropReason refusal;

  /** When the packet last looked at came. */
  private long nowMs;

  Tracker(Conntrack conntrack) {
    this.conntrack = conntrack;
    this.table = conntrack.table();
    this.slab = table.slab();
    this.slots = table.newSupply();
    this.vanguard = new Vanguard(table, conntrack.salt());
    this.timeouts = conntrack.timeouts();
    this.expectations = conntrack.expectations();
    this.reader = conntrack.newReader();
    this.gateways = new GatewayReader(expectations);
    this.reassembler = conntrack.newReassembler();
    this.chooser = new TupleChooser(table, slots, conntrack.portPools(), conntrack.salt());
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
    slots.giveBackIfIdle();
  }

  /** Gives back what it has at hand, fragments too; nothing may be tracked any more. */
  public void close() {
    reassembler.expire(Long.MAX_VALUE);
    table.close(slots);
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
      DropReason reason = mayStart(packet);
      if (reason != null) {
        return invalid(packet, reason);
      }
      if (begin(packet, request, nowMs)) {
        return refusal;
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
      gateways.read(index, record, aliasOf(record), packet, direction, translate, nowMs);
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
      PacketTranslator.translate(packet, otherTuple(record, direction));
    }
    if (isShifted(packet, record) && !TcpSegment.isSyn(packet)) {
      TcpShift.moveSequence(packet, ConnectionRecord.shift(aliasOf(record), direction));
    }
  }

  /** Translates a packet whose connection was met before, without being asked to translate. */
  private void translateAgain(Packet packet, long record) {
    int direction = (packet.ctState & CtState.REPLY) == 0 ? 0 : 1;
    moveAcknowledgement(packet, record, direction);
    if (ConnectionRecord.gateway(record) != Gateway.NONE.index()) {
      int index = (int) packet.connection;
      gateways.read(index, record, aliasOf(record), packet, direction, true, nowMs);
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
      TcpShift.moveAcknowledgement(packet, ConnectionRecord.shift(aliasOf(record), 1 - direction));
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
            ConnectionRecord.shift(aliasOf(record), direction),
            sequence,
            TcpSegment.payloadBytes(packet));
  }

  /** Where the reply tuple of a translated connection is; 0 for one that is not translated. */
  private long aliasOf(long record) {
    return (ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) == 0
        ? 0
        : slab.address(ConnectionRecord.extension(record));
  }

  private void translateError(Packet packet, long record, int direction) {
    int flags = ConnectionRecord.flags(record);
    int ends = PacketTranslator.ends(flags, direction);
    packet.ctState |= CtState.translated(ends);
    if ((flags & ConnectionRecord.TRANSLATED) != 0) {
      PacketTranslator.translateError(packet, reader.quoted(), otherTuple(record, direction), ends);
    }
  }

  /** Where the tuple of a translated connection's other direction is. */
  private long otherTuple(long record, int direction) {
    return direction == 0 ? slab.address(ConnectionRecord.extension(record)) : record;
  }

  private static int related(long record) {
    return relatedBit(ConnectionRecord.flags(record));
  }

  private static int relatedBit(int flags) {
    return (flags & ConnectionRecord.RELATED) != 0 ? CtState.RELATED : 0;
  }

  private int timeoutMs(long record, int timer) {
    return timeouts.ms(ConnectionKey.zone(ConnectionRecord.word(record)), timer);
  }

  /** Sets when the connection expires; whether that is earlier than before. */
  private boolean refresh(long record, Packet packet, long nowMs) {
    if (packet.ipProtocol == IpProtocol.TCP && !tcp.isRefresh()) {
      return false;
    }
    long before = ConnectionRecord.expiresMs(record);
    long expiresMs = nowMs + timeoutMs(record, ConnectionRecord.timer(record));
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
    return switch (packet.ipProtocol) {
      case IpProtocol.TCP ->
          TcpSegment.mayStart(packet)
              ? pickUp(TcpSegment.isOpening(packet), word)
              : DropReason.CT_INVALID_TCP_FLAGS;
      case IpProtocol.SCTP ->
          SctpTracker.mayStart(packet)
              ? pickUp(SctpTracker.isOpening(packet), word)
              : DropReason.CT_STATE;
      default -> null;
    };
  }

  /** Whether a connection may be followed from here; null if so. */
  private DropReason pickUp(boolean isOpening, long word) {
    boolean isFollowed = isOpening || conntrack.zones().picksUp(ConnectionKey.zone(word));
    return isFollowed ? null : DropReason.CT_NOT_OPENED;
  }

  /** The packet starts a connection; false if another thread has just started the same. */
  private boolean begin(Packet packet, TrackRequest request, long nowMs) {
    packet.ctState = CtState.TRACKED | CtState.NEW;
    isAnnounced = expectations.find(reader.key(), announcement, nowMs);
    if (isAnnounced) {
      packet.ctState |= CtState.RELATED;
      packet.ctMark = announcement.mark;
      packet.ctLabelHi = announcement.labelHi;
      packet.ctLabelLo = announcement.labelLo;
      describeKey(packet, announcement.parent);
    } else {
      describeKey(packet, reader.key());
    }
    refusal = null;
    if (!request.commit()) {
      return true;
    }
    long random = reader.key().hash * 0x9e37_79b9_7f4a_7c15L ^ nowMs;
    DropReason full = conntrack.reserve(request.zone(), random);
    if (full != null) {
      refusal = mayTranslate(request) ? full : null;
      return true;
    }
    int alias = ConnectionRecord.NIL;
    if (request.nat() != null) {
      alias =
          isAnnounced
              ? chooser.follow(reader.key(), announcement.wanted, nowMs)
              : chooser.choose(reader.key(), request.nat(), nowMs);
    }
    int index =
        alias == TupleChooser.EXHAUSTED
            ? ConnectionRecord.NIL
            : table.beginCreate(reader.key(), alias, slots, nowMs);
    if (index <= ConnectionRecord.NIL) {
      return refuse(request, alias, index);
    }
    fill(index, packet, request, nowMs);
    conntrack.counts().add(slab.address(index), 1);
    conntrack.tell(EventRing.NEW, slab.address(index), nowMs);
    if (request.nat() != null) {
      translateFirst(packet, alias);
    }
    packet.connection = table.finishCreate(index, nowMs);
    return true;
  }

  /** Whether the packet might be another if there were a connection for it. */
  private boolean mayTranslate(TrackRequest request) {
    return request.nat() != null && (isAnnounced || request.nat().isNew());
  }

  /** A connection was not made; false if the same packet is to be looked up again. */
  private boolean refuse(TrackRequest request, int alias, int index) {
    conntrack.limits().release(request.zone());
    chooser.release(alias);
    if (alias == TupleChooser.EXHAUSTED) {
      conntrack.countExhaustion();
      refusal = DropReason.CT_NAT_EXHAUSTED;
    } else if (index == ConnectionTable.CLASH) {
      refusal = DropReason.CT_NAT_CLASH;
    } else if (index == ConnectionRecord.NIL) {
      conntrack.limits().refused(DropReason.CT_FULL);
      refusal = mayTranslate(request) ? DropReason.CT_FULL : null;
    }
    return index != ConnectionTable.EXISTS;
  }

  /** Rewrites the packet that starts a connection, which is locked, so that its alias stays. */
  private void translateFirst(Packet packet, int alias) {
    packet.ctState |= CtState.translated(PacketTranslator.ends(chooser.flags(), 0));
    if (alias != ConnectionRecord.NIL) {
      PacketTranslator.translate(packet, slab.address(alias));
    }
  }

  private void fill(int index, Packet packet, TrackRequest request, long nowMs) {
    long record = slab.address(index);
    int flags = ConnectionRecord.LIVE;
    if (request.nat() != null) {
      flags |= chooser.flags();
    }
    if (isAnnounced) {
      flags |= inherit(record);
    }
    if ((flags & ConnectionRecord.RELATED) == 0) {
      TrackRequest.MarkAndLabel set = request.set();
      packet.ctMark = merge(0, set.mark(), set.markMask());
      packet.ctLabelHi = merge(0L, set.labelHigh(), set.labelMaskHigh());
      packet.ctLabelLo = merge(0L, set.labelLow(), set.labelMaskLow());
    }
    ConnectionRecord.putFlags(record, flags);
    ConnectionRecord.putMark(record, packet.ctMark);
    ConnectionRecord.putLabel(record, packet.ctLabelHi, packet.ctLabelLo);
    Gateway gateway = gateway(packet, request);
    ConnectionRecord.putGateway(record, gateway.index());
    start(record, packet, nowMs);
    if (gateway != Gateway.NONE && packet.ipProtocol != IpProtocol.TCP) {
      boolean translate = request.nat() != null;
      gateways.read(index, record, aliasOf(record), packet, 0, translate, nowMs);
    }
  }

  /** The gateway of a new connection: its announcer's, what the request names, or its zone's. */
  private Gateway gateway(Packet packet, TrackRequest request) {
    boolean isInherited = isAnnounced && announcement.gateway != Gateway.NONE;
    Gateway gateway = isInherited ? announcement.gateway : request.gateway();
    if (gateway == Gateway.NONE) {
      int port = ConnectionKey.destinationPort(reader.key().word);
      return conntrack.zones().gateway(request.zone(), packet.ipProtocol, port);
    }
    return gateway.reads(packet.ipProtocol) ? gateway : Gateway.NONE;
  }

  private void start(long record, Packet packet, long nowMs) {
    switch (packet.ipProtocol) {
      case IpProtocol.TCP -> tcp.start(record, packet);
      case IpProtocol.SCTP -> SctpTracker.start(record, packet);
      default -> PlainTracker.start(record);
    }
    int timeoutMs = timeoutMs(record, ConnectionRecord.timer(record));
    ConnectionRecord.putExpiresMs(record, nowMs + timeoutMs);
  }

  /** Notes the announcing connection's tuple; the flag to set, 0 if memory is used up. */
  private int inherit(long record) {
    int extension = ConnectionRecord.extension(record);
    if (extension == ConnectionRecord.NIL) {
      extension = slab.allocate();
      if (extension == ConnectionRecord.NIL) {
        return 0;
      }
      ConnectionRecord.putFlags(slab.address(extension), 0);
      ConnectionRecord.putExtension(record, extension);
    }
    ConnectionRecord.putTuple(
        ConnectionRecord.parent(slab.address(extension)), announcement.parent);
    return ConnectionRecord.RELATED;
  }

  // --- The microflow cache's way.

  /** Reads something of a connection's record, so that {@link #fastUpdate} finds it near. */
  public int approach(long connection) {
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
   * @param connection {@link Packet#connection} as {@link #track} left it for such a packet
   * @param expectedCtState {@link Packet#ctState} as {@link #track} left it
   * @param translate whether the request translates packets
   * @return true if {@link #track} would have left the same {@code ct_state}, mark, labels and
   *     handle, so that it need not be called; false if nothing was done
   */
  public boolean fastUpdate(
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
      return fastTranslated(record, word, packet, translate, expectedCtState, nowMs);
    }
    int direction = (expectedCtState & CtState.REPLY) == 0 ? 0 : 1;
    assert isOwn(record, word, packet, expectedCtState) : "another connection's packet";
    if (!reader.isSound(packet)) {
      return false;
    }
    int expected = expectedCtState & ~relatedBit(flags) & ~CtState.TRACKED;
    return packet.ipProtocol == IpProtocol.TCP
        ? fastTcp(record, word, packet, direction, expected, nowMs)
        : fastPlain(record, summary, packet, direction, expected, nowMs);
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

  /** {@link #fastUpdate} for a translated connection, under its lock. */
  private boolean fastTranslated(
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
    int expected = expectedCtState & ~relatedBit(flags) & ~CtState.TRACKED;
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
            ? fastTcpLocked(record, packet, direction, expected, nowMs)
            : fastPlain(
                record, ConnectionRecord.summary(record), packet, direction, expected, nowMs);
    if (isDone && translate && (flags & ConnectionRecord.TRANSLATED) != 0) {
      PacketTranslator.translate(packet, otherTuple(record, direction));
    }
    return isDone;
  }

  private boolean fastTcp(
      long record, int word, Packet packet, int direction, int expected, long nowMs) {
    if (!ConnectionRecord.tryLock(record, word)) {
      return false;
    }
    boolean isSteady = fastTcpLocked(record, packet, direction, expected, nowMs);
    ConnectionRecord.unlock(record);
    return isSteady;
  }

  private boolean fastTcpLocked(
      long record, Packet packet, int direction, int expected, long nowMs) {
    int state = CtState.ESTABLISHED | (direction != 0 ? CtState.REPLY : 0);
    long expiresMs = nowMs + timeoutMs(record, TCP_ESTABLISHED);
    if (expected != state
        || isMuchEarlier(record, expiresMs)
        || !TcpSteady.update(record, packet, direction)) {
      return false;
    }
    ConnectionRecord.putExpiresMs(record, expiresMs);
    return true;
  }

  /** Writes but a timestamp, so it needs no lock. */
  private boolean fastPlain(
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
    long expiresMs = nowMs + timeoutMs(record, timer);
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
