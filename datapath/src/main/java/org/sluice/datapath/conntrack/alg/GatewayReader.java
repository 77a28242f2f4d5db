package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/**
 * Hands payload to the gateway that a connection has, expects what it announces, and where the
 * announcer is translated rewrites the announcement. Belongs to one packet thread.
 */
public final class GatewayReader {
  private static final int UDP_BYTES = 8;

  private final Expectations expectations;
  private final ExpectedTuples tuples = new ExpectedTuples();
  private final FtpReader ftp = new FtpReader(tuples);
  private final TftpReader tftp = new TftpReader(tuples);
  private final Replacement replacement = new Replacement();

  /** Makes a reader that adds to {@code expectations}. */
  public GatewayReader(Expectations expectations) {
    this.expectations = expectations;
  }

  /**
   * Reads a packet of the connection at {@code index}, whose record is locked.
   *
   * @param alias where its reply tuple is; 0 if it is not translated
   * @param translate whether the packet is going to be translated
   */
  public void read(
      int index, long record, long alias, Packet packet, int direction, boolean translate) {
    tuples.begin(record, alias);
    if (ConnectionRecord.gateway(record) == Gateway.FTP.index()) {
      readFtp(index, packet, direction, translate ? alias : 0);
    } else {
      readTftp(index, packet, direction);
    }
  }

  private void readTftp(int index, Packet packet, int direction) {
    long payload = packet.address + packet.l4Offset + UDP_BYTES;
    int bytes = packet.l3End - packet.l4Offset - UDP_BYTES;
    if (tftp.read(payload, bytes, direction)) {
      expectations.add(tuples, index, false);
    }
  }

  private void readFtp(int index, Packet packet, int direction, long alias) {
    long transport = packet.address + packet.l4Offset;
    int bytes = TcpSegment.payloadBytes(packet);
    long payload = transport + TcpSegment.headerBytes(transport);
    if (bytes <= 0) {
      return;
    }
    if (!ftp.read(payload, bytes, direction)) {
      expectations.countUnreadable(ftp.isUnreadable());
      return;
    }
    boolean isToRewrite = alias != 0 && tuples.isHidden(direction);
    if (expectations.add(tuples, index, isToRewrite) && isToRewrite) {
      rewrite(packet, direction, alias);
    }
  }

  private void rewrite(Packet packet, int direction, long alias) {
    ftp.write(replacement);
    int longer = replacement.replace(packet, ftp.textStart(), ftp.textBytes());
    if (longer == Integer.MIN_VALUE) {
      expectations.countUnreadable(true);
      return;
    }
    int sequence = TcpSegment.sequence(packet.address + packet.l4Offset);
    TcpShift.changed(ConnectionRecord.shift(alias, direction), sequence, longer);
    long parent = tuples.parent();
    ConnectionRecord.putFlags(parent, ConnectionRecord.flags(parent) | ConnectionRecord.SHIFTED);
  }
}
