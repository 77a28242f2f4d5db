package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Announcement;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.GatewayReader;
import org.sluice.datapath.conntrack.event.EventRing;
import org.sluice.datapath.conntrack.nat.PacketTranslator;
import org.sluice.datapath.conntrack.nat.TupleChooser;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.PlainTracker;
import org.sluice.datapath.conntrack.protocol.SctpTracker;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.protocol.TcpTracker;
import org.sluice.datapath.conntrack.protocol.Timeouts;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.conntrack.table.SlotSupply;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * A packet that no connection is known for: whether it may start one, whether it was announced, and
 * the connection that it starts if the request commits. Belongs to one packet thread, as its {@link
 * Tracker} does.
 */
final class Opening {
  private final Conntrack conntrack;
  private final ConnectionTable table;
  private final ConnectionSlab slab;
  private final SlotSupply slots;
  private final Timeouts timeouts;
  private final Expectations expectations;
  private final KeyReader reader;
  private final TcpTracker tcp;
  private final GatewayReader gateways;
  private final Announcement announcement = new Announcement();
  private final TupleChooser chooser;
  private boolean isAnnounced;

  /** Why the packet last looked at may not go on; null if it may. */
  private DropReason refusal;

  /** Makes one for keys that {@code reader} has read, with what else its tracker has. */
  Opening(Conntrack conntrack, KeyReader reader, TcpTracker tcp, GatewayReader gateways) {
    this.conntrack = conntrack;
    this.table = conntrack.table();
    this.slab = table.slab();
    this.slots = table.newSupply();
    this.timeouts = conntrack.timeouts();
    this.expectations = conntrack.expectations();
    this.reader = reader;
    this.tcp = tcp;
    this.gateways = gateways;
    this.chooser = new TupleChooser(table, slots, conntrack.portPools(), conntrack.salt());
  }

  /** Why the packet last looked at may not go on; null if it may. */
  DropReason refusal() {
    return refusal;
  }

  /** Gives slots back that nobody has wanted for a while. */
  void maintain() {
    slots.giveBackIfIdle();
  }

  /** Gives all slots back. */
  void close() {
    table.close(slots);
  }

  /** Whether a packet may start a connection; null if so. */
  DropReason mayStart(Packet packet) {
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
  boolean begin(Packet packet, TrackRequest request, long nowMs) {
    describe(packet, nowMs);
    refusal = null;
    if (!request.commit()) {
      return true;
    }
    long random = reader.key().hash * 0x9e37_79b9_7f4a_7c15L ^ nowMs;
    DropReason full = conntrack.reserve(request.zone(), random);
    if (full == null) {
      return make(packet, request, nowMs);
    }
    refusal = mayTranslate(request) ? full : null;
    return true;
  }

  /** Says that the packet is new, and what it inherits if it was announced. */
  private void describe(Packet packet, long nowMs) {
    packet.ctState = CtState.TRACKED | CtState.NEW;
    isAnnounced = expectations.find(reader.key(), announcement, nowMs);
    if (isAnnounced) {
      packet.ctState |= CtState.RELATED;
      packet.ctMark = announcement.mark;
      packet.ctLabelHi = announcement.labelHi;
      packet.ctLabelLo = announcement.labelLo;
    }
    Tracker.describeKey(packet, isAnnounced ? announcement.parent : reader.key());
  }

  /** Makes a connection for which there is room; false if another thread has just made it. */
  private boolean make(Packet packet, TrackRequest request, long nowMs) {
    int alias = request.nat() == null ? ConnectionRecord.NIL : chooseTuple(request, nowMs);
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

  /** What the connection is translated to, as {@link TupleChooser#choose} says it. */
  private int chooseTuple(TrackRequest request, long nowMs) {
    return isAnnounced
        ? chooser.follow(reader.key(), announcement.wanted, nowMs)
        : chooser.choose(reader.key(), request.nat(), nowMs);
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
      packet.ctMark = Tracker.merge(0, set.mark(), set.markMask());
      packet.ctLabelHi = Tracker.merge(0L, set.labelHigh(), set.labelMaskHigh());
      packet.ctLabelLo = Tracker.merge(0L, set.labelLow(), set.labelMaskLow());
    }
    ConnectionRecord.putFlags(record, flags);
    ConnectionRecord.putMark(record, packet.ctMark);
    ConnectionRecord.putLabel(record, packet.ctLabelHi, packet.ctLabelLo);
    Gateway gateway = gateway(packet, request);
    ConnectionRecord.putGateway(record, gateway.index());
    start(record, packet, nowMs);
    if (gateway != Gateway.NONE && packet.ipProtocol != IpProtocol.TCP) {
      boolean translate = request.nat() != null;
      gateways.read(index, record, table.aliasOf(record), packet, 0, translate, nowMs);
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
    int timeoutMs = timeouts.msFor(record, ConnectionRecord.timer(record));
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
}
