package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;

/** Memory that is there before it is needed. */
final class ConnectionSlabTest {
  private final ConnectionSlab slab = new ConnectionSlab(new MemoryRegion());

  private int prepareAll() {
    int portions = 0;
    while (slab.prepare()) {
      portions++;
    }
    return portions;
  }

  private void allocate(int records) {
    for (int i = 0; i < records; i++) {
      int index = slab.allocate();
      ConnectionRecord.putFlags(slab.address(index), ConnectionRecord.LIVE);
    }
  }

  @Test
  void shouldHaveAChunkReadyAheadOfWhatIsUsed() {
    assertTrue(prepareAll() > 0);
    assertFalse(slab.prepare(), "nothing is used yet");
    allocate(ConnectionSlab.CHUNK_RECORDS);
    long before = slab.memoryBytes();
    assertTrue(prepareAll() > 0);
    long ready = slab.memoryBytes();
    assertTrue(ready > before);
    allocate(ConnectionSlab.CHUNK_RECORDS);
    assertEquals(ready, slab.memoryBytes(), "no more had to be mapped for these");
  }

  @Test
  void shouldLeaveAloneWhatIsInUse() {
    allocate(3 * ConnectionSlab.CHUNK_RECORDS);
    prepareAll();
    for (int i = 1; i <= 3 * ConnectionSlab.CHUNK_RECORDS; i++) {
      assertEquals(ConnectionRecord.LIVE, ConnectionRecord.flags(slab.address(i)));
    }
    assertEquals(3 * ConnectionSlab.CHUNK_RECORDS + 1, slab.usedRecords());
  }
}
