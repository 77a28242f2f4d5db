package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.packet.Packet;

/** A rush of connections, and the memory that is left of it when it is over. */
class IdleMemoryTest {
  private static final int CONNECTIONS = 10 * ConnectionSlab.CHUNK_RECORDS;

  /** Small arrays of buckets are kept. */
  private static final int KEPT_BYTES = 400_000;

  private static final End SERVER = new End("10.0.0.2", 53);

  private final Conntrack conntrack = new Conntrack(1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private Packet query(int number) {
    int host = number >>> 15;
    return maker.udp(new End("10.1.0." + host, 1 + (number & 0x7fff)), SERVER, "");
  }

  private void rush(long nowMs) {
    for (int i = 0; i < CONNECTIONS; i++) {
      tracker.track(query(i), TrackRequest.commit(0), nowMs);
    }
  }

  private void idle(long fromMs, long toMs) {
    for (long nowMs = fromMs; nowMs <= toMs; nowMs += 100) {
      conntrack.sweep(nowMs, 100_000);
      conntrack.giveBackMemory(nowMs);
      tracker.maintain();
    }
  }

  @Test
  void shouldGiveMemoryBackWhenTheRushIsOver() {
    final long empty = conntrack.memoryBytes();
    rush(0);
    Packet last = query(CONNECTIONS - 1);
    tracker.track(last, TrackRequest.commit(0), 0);
    final long handle = last.connection;
    final int state = last.ctState;
    final long full = conntrack.memoryBytes();
    assertTrue(tracker.fastUpdate(handle, query(CONNECTIONS - 1), false, state, 0));

    idle(60_000, 90_000);
    assertEquals(0, conntrack.limits().count());
    long left = conntrack.memoryBytes();
    assertTrue(left <= empty + KEPT_BYTES, full + " bytes became " + left + ", not " + empty);
    assertTrue(conntrack.table().isConsistent(0));
    assertFalse(tracker.fastUpdate(handle, query(CONNECTIONS - 1), false, state, 90_000));

    rush(90_000);
    assertEquals(CONNECTIONS, conntrack.limits().count());
    assertFalse(tracker.fastUpdate(handle, query(CONNECTIONS - 1), false, state, 90_000));
    assertTrue(conntrack.table().isConsistent(0));
  }
}
