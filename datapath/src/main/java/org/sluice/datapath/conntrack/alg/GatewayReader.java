package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Hands payload to the gateway that a connection has, keeps what a TCP segment leaves unfinished,
 * and rewrites the packet as the gateway has edited it. Belongs to one packet thread.
 */
public final class GatewayReader {
  private static final int UDP_BYTES = 8;

  private final Expectations expectations;
  private final Payload payload;
  private final Carry carry = new Carry();
  private final PayloadReader[] readers = new PayloadReader[Gateway.values().length];
  private final byte[] edited = new byte[Payload.MAX_BYTES + 4096];

  /** Makes a reader that adds to {@code expectations}. */
  public GatewayReader(Expectations expectations) {
    this.expectations = expectations;
    this.payload = new Payload(expectations);
    for (Gateway gateway : Gateway.values()) {
      readers[gateway.index()] = reader(gateway);
    }
  }

  private static PayloadReader reader(Gateway gateway) {
    return switch (gateway) {
      case NONE -> null;
      case FTP -> new FtpReader();
      case TFTP -> new TftpReader();
      case SIP -> new SipReader();
      case IRC -> new IrcReader();
      case AMANDA -> new AmandaReader();
      case PPTP -> new PptpReader();
    };
  }

  /**
   * Reads a packet of the connection at {@code index}, whose record is locked and names a gateway.
   *
   * @param alias where its reply tuple is; 0 if it is not translated
   * @param translate whether the packet is going to be translated
   */
  public void read(
      int index,
      long record,
      long alias,
      Packet packet,
      int direction,
      boolean translate,
      long nowMs) {
    payload.begin(index, record, alias, direction, translate, nowMs);
    PayloadReader reader = readers[ConnectionRecord.gateway(record)];
    if (packet.ipProtocol == IpProtocol.TCP) {
      readSegment(reader, index, record, alias, packet);
    } else {
      readDatagram(reader, packet);
    }
    if (payload.lifetimeMs() != 0) {
      long expiresMs = nowMs + payload.lifetimeMs();
      ConnectionRecord.putExpiresMs(
          record, Math.max(expiresMs, ConnectionRecord.expiresMs(record)));
    }
  }

  private void readDatagram(PayloadReader reader, Packet packet) {
    long transport = packet.address + packet.l4Offset;
    int bytes = OffHeap.getUnsignedShortBe(transport + 4) - UDP_BYTES;
    if (bytes <= 0) {
      return;
    }
    payload.load(transport + UDP_BYTES, bytes);
    reader.read(payload);
    boolean isWhole = bytes == packet.l3End - packet.l4Offset - UDP_BYTES;
    if (!payload.edits().isEmpty() && isWhole) {
      rewrite(packet, transport + UDP_BYTES, payload.length());
    }
  }

  private void readSegment(
      PayloadReader reader, int index, long record, long alias, Packet packet) {
    int bytes = TcpSegment.payloadBytes(packet);
    if (bytes <= 0) {
      return;
    }
    long transport = packet.address + packet.l4Offset;
    int sequence = TcpSegment.sequence(transport);
    long side = (long) ConnectionRecord.hash(record) << 32 | index << 1 | payload.direction();
    Carry.Text earlier = carry.find(side, sequence);
    if (earlier != null) {
      payload.carry(earlier);
    }
    payload.load(transport + Parser.tcpHeaderBytes(transport), bytes);
    int read = payload.length() - payload.carried();
    reader.read(payload);
    keepUnfinished(side, sequence + bytes, read == bytes);
    if (isToRewrite()) {
      payload.edits().dropFrom(payload.holdFrom());
      int longer =
          rewrite(packet, transport + Parser.tcpHeaderBytes(transport), payload.holdFrom());
      if (longer != Replacement.NO_ROOM) {
        shifts(record, alias);
        TcpShift.changed(
            ConnectionRecord.shift(alias, payload.direction()), sequence, bytes, longer);
      }
    }
  }

  /** From now on sequence numbers are shifted; what is left of an earlier life does not count. */
  private static void shifts(long record, long alias) {
    int flags = ConnectionRecord.flags(record);
    if ((flags & ConnectionRecord.SHIFTED) == 0) {
      ConnectionRecord.clearShifts(alias);
      ConnectionRecord.putFlags(record, flags | ConnectionRecord.SHIFTED);
    }
  }

  private boolean isToRewrite() {
    return !payload.edits().isEmpty()
        || payload.held() > 0
        || payload.holdFrom() < payload.length();
  }

  /** What is too long to be kept, or was not read to its end, is lost for the gateway. */
  private void keepUnfinished(long side, int sequence, boolean isWhole) {
    int from = payload.unfinished();
    int bytes = payload.length() - from;
    if (bytes == 0) {
      return;
    }
    if (!isWhole || bytes > Carry.MAX_BYTES) {
      expectations.countUnreadable();
      payload.keep(payload.length());
      payload.sendAll();
      return;
    }
    int held = payload.length() - payload.holdFrom();
    carry.keep(side, sequence, payload.text(), from, bytes, held);
  }

  /**
   * Puts the edited text, up to {@code until}, in the place of the packet's payload.
   *
   * @return by how many bytes it is longer; {@link Replacement#NO_ROOM} and counted if it would be
   *     too long
   */
  private int rewrite(Packet packet, long at, int until) {
    int start = payload.carried() - payload.held();
    int bytes = payload.edits().write(payload.text(), start, until, edited);
    int old = payload.length() - payload.carried();
    int longer =
        bytes < 0 ? Replacement.NO_ROOM : Replacement.replace(packet, at, old, edited, bytes);
    if (longer == Replacement.NO_ROOM) {
      expectations.countUnreadable();
    }
    return longer;
  }
}
