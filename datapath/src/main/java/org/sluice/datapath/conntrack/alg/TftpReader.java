package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * Reads TFTP requests: the server answers a read or write request from a port of its own choice, to
 * the port that asked. Belongs to one packet thread.
 */
public final class TftpReader {
  private static final int READ_REQUEST = 1;
  private static final int WRITE_REQUEST = 2;

  private final ConnectionKey expected = new ConnectionKey();

  /** The first packet of the announced connection; its source port is any. */
  public ConnectionKey expected() {
    return expected;
  }

  /** Reads a datagram's payload; whether it announces a connection: {@link #expected}. */
  public boolean read(long parent, long payload, int bytes, int direction) {
    int opcode = bytes < 2 ? 0 : OffHeap.getUnsignedShortBe(payload);
    if (direction != 0 || (opcode != READ_REQUEST && opcode != WRITE_REQUEST)) {
      return false;
    }
    ConnectionRecord.getKey(parent, expected);
    expected.reverse();
    return true;
  }
}
