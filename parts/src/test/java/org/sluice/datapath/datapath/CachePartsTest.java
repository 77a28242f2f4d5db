package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.packet.PacketBatch;

/** The caches know all flows that are measured. */
class CachePartsTest {
  @ParameterizedTest
  @ValueSource(ints = {32, 1000, 100_000})
  void shouldFindEveryFlowWhenAllHaveBeenSeen(int flows) {
    CacheParts parts = new CacheParts();
    parts.flows = flows;
    parts.open();
    long microflows = 0;
    long megaflows = 0;
    for (int sent = 0; sent < flows; sent += PacketBatch.CAPACITY) {
      microflows += parts.microflow();
      megaflows += parts.megaflow();
    }
    parts.close();
    int packets = Math.ceilDiv(flows, PacketBatch.CAPACITY) * PacketBatch.CAPACITY;
    assertEquals(packets, megaflows);
    // 100,000 flows fill three quarters of 131,072 places, and some have pushed others out.
    assertEquals(1, (double) microflows / packets, 0.05);
  }
}
