package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads TFTP requests: the server answers a read or write request from a port of its own choice, to
 * the port that asked. Belongs to one packet thread.
 */
final class TftpReader implements PayloadReader {
  private static final int READ_REQUEST = 1;
  private static final int WRITE_REQUEST = 2;
  private static final int LAST_OPCODE = 6;

  @Override
  public void read(Payload payload) {
    if (payload.direction() != 0) {
      return;
    }
    byte[] text = payload.text();
    int opcode = payload.length() < 2 ? 0 : (text[0] & 0xff) << 8 | (text[1] & 0xff);
    if (opcode == READ_REQUEST || opcode == WRITE_REQUEST) {
      payload.tuples().announceOwnPort(IpProtocol.UDP);
      payload.expect();
    } else if (opcode == 0 || opcode > LAST_OPCODE) {
      payload.countUnreadable();
    }
  }
}
