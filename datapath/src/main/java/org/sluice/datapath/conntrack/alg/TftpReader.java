package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads TFTP requests: the server answers a read or write request from a port of its own choice, to
 * the port that asked. Belongs to one packet thread.
 */
final class TftpReader {
  private static final int READ_REQUEST = 1;
  private static final int WRITE_REQUEST = 2;

  private final ExpectedTuples tuples;

  TftpReader(ExpectedTuples tuples) {
    this.tuples = tuples;
  }

  /** Reads a datagram's payload; whether it announces a connection. */
  boolean read(long payload, int bytes, int direction) {
    int opcode = bytes < 2 ? 0 : OffHeap.getUnsignedShortBe(payload);
    if (direction != 0 || (opcode != READ_REQUEST && opcode != WRITE_REQUEST)) {
      return false;
    }
    tuples.announceOwnPort(IpProtocol.UDP);
    return true;
  }
}
