package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;

/** What a connection takes, with all that goes with it. */
class ConnectionMemoryTest {
  private static final int CONNECTIONS = 400_000;
  private static final int FIRST_LOOKED_AT = 10_000;
  private static final int STEP = 1000;
  private static final int PORTS = 40_000;
  private static final int MAX_BYTES = 192;

  private final Conntrack conntrack = new Conntrack(1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  @Test
  void shouldTakeFewBytesForATcpConnectionHoweverFullTheIndexIs() {
    End server = new End("10.2.0.1", 80);
    long worst = 0;
    for (int i = 1; i <= CONNECTIONS; i++) {
      End client = new End("10.1.0." + i / PORTS, 1000 + i % PORTS);
      tracker.track(
          maker.tcp(client, server, Segment.of(2, 1000, 0), ""), TrackRequest.commit(0), 0);
      if (i >= FIRST_LOOKED_AT && i % STEP == 0) {
        worst = Math.max(worst, conntrack.usedBytes() / i);
      }
    }
    assertEquals(CONNECTIONS, conntrack.limits().count());
    assertTrue(worst <= MAX_BYTES, worst + " bytes");
  }
}
