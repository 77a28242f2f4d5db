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
  void shouldHaveHalfAChunkReadyAheadOfWhatIsUsed() {
    assertTrue(prepareAll() > 0);
    assertFalse(slab.prepare(), "nothing is used yet");
    allocate(ConnectionSlab.CHUNK_RECORDS - 1);
    long before = slab.memoryBytes();
    assertTrue(prepareAll() > 0);
    long ready = slab.memoryBytes();
    assertTrue(ready > before);
    allocate(ConnectionSlab.CHUNK_RECORDS / 2);
    assertEquals(ready, slab.memoryBytes(), "no more had to be mapped for these");
  }

  @Test
  void shouldHaveNoMoreReadyHoweverManyAreInUse() {
    int chunk = ConnectionSlab.CHUNK_RECORDS;
    allocate(10 * chunk - 1);
    prepareAll();
    assertEquals(11L * chunk * ConnectionRecord.BYTES, slab.memoryBytes());
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

  private void free(int first, int records) {
    for (int index = first; index < first + records; index++) {
      ConnectionRecord.putFlags(slab.address(index), 0);
      slab.free(index);
    }
  }

  private void releaseAll(long nowMs) {
    while (slab.release(nowMs)) {
      // another chunk
    }
  }

  @Test
  void shouldGiveEmptyChunksBackWhenTheyHaveBeenEmptyForAWhile() {
    int chunk = ConnectionSlab.CHUNK_RECORDS;
    allocate(5 * chunk - 1);
    prepareAll();
    final long full = slab.memoryBytes();
    free(2 * chunk, 3 * chunk);
    releaseAll(1000);
    releaseAll(999 + ConnectionSlab.IDLE_MS);
    assertEquals(full, slab.memoryBytes());
    releaseAll(1000 + ConnectionSlab.IDLE_MS);
    long left = (2 + 1) * (long) chunk * ConnectionRecord.BYTES;
    assertEquals(left, slab.memoryBytes(), "two in use, one ahead");
    assertFalse(slab.prepare(), "what is ready stays");
    assertEquals(3 * chunk, slab.usedRecords());
    assertEquals(chunk, slab.freeRecords());
  }

  @Test
  void shouldUseTheLowestChunkFirst() {
    int chunk = ConnectionSlab.CHUNK_RECORDS;
    allocate(3 * chunk);
    free(chunk + 5, 1);
    free(2 * chunk + 5, 1);
    free(17, 1);
    assertEquals(17, slab.allocate());
    assertEquals(chunk + 5, slab.allocate());
    assertEquals(2 * chunk + 5, slab.allocate());
    assertEquals(3 * chunk + 1, slab.allocate());
  }

  @Test
  void shouldLeaveNoHandleValidWhenMemoryWasGivenBack() {
    int chunk = ConnectionSlab.CHUNK_RECORDS;
    allocate(5 * chunk - 1);
    long record = slab.address(4 * chunk + 7);
    for (int life = 0; life < 3; life++) {
      ConnectionRecord.lock(record);
      ConnectionRecord.unlockChanged(record);
    }
    final int last = ConnectionRecord.lockWord(record);
    free(chunk, 4 * chunk);
    slab.release(1000);
    releaseAll(1000 + ConnectionSlab.IDLE_MS);
    assertEquals(0, ConnectionRecord.lockWord(record), "given back");
    assertFalse(ConnectionRecord.tryLock(record, last));
    allocate(4 * chunk);
    assertTrue(ConnectionRecord.lockWord(record) > last, "a life that nobody has seen");
  }
}
