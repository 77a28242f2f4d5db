package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.FtpReader;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.TftpReader;
import org.sluice.datapath.conntrack.protocol.TcpSegment;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/** Hands payload to the gateway that a connection has. Belongs to one packet thread. */
final class GatewayReader {
  private static final int UDP_BYTES = 8;

  private final Expectations expectations;
  private final FtpReader ftp = new FtpReader();
  private final TftpReader tftp = new TftpReader();

  GatewayReader(Expectations expectations) {
    this.expectations = expectations;
  }

  /** Reads a packet of the connection at {@code index}, whose record is locked. */
  void read(int index, long record, Packet packet, int direction) {
    long transport = packet.address + packet.l4Offset;
    if (ConnectionRecord.gateway(record) == Gateway.FTP.index()) {
      int bytes = TcpSegment.payloadBytes(packet);
      long payload = transport + TcpSegment.headerBytes(transport);
      if (bytes > 0 && ftp.read(record, payload, bytes, direction)) {
        expectations.add(ftp.expected(), index);
      }
    } else {
      int bytes = packet.l3End - packet.l4Offset - UDP_BYTES;
      if (tftp.read(record, transport + UDP_BYTES, bytes, direction)) {
        expectations.add(tftp.expected(), index);
      }
    }
  }
}
