package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;
import org.sluice.datapath.packet.IpProtocol;

/** Where the system has no more memory, nothing is made, and nobody waits for it. */
class MemoryUsedUpTest {
  private static final int CHUNK = ConnectionSlab.CHUNK_RECORDS;
  private static final int INDEX_BYTES = 1 << 20;

  private final ConnectionTable table =
      new ConnectionTable(
          (_, _) -> {}, new MemoryRegion((long) CHUNK * ConnectionRecord.BYTES + INDEX_BYTES));
  private final SlotSupply slots = table.newSupply();

  private static ConnectionKey key(int number) {
    ConnectionKey key = new ConnectionKey();
    key.srcLo = number;
    key.dstLo = 0x0a00_0002;
    key.setWord(1000 << 16 | 80, 1, IpProtocol.UDP, 0);
    key.computeHash(1);
    return key;
  }

  private boolean make(int number) {
    int index = table.beginCreate(key(number), NIL, slots, 0);
    if (index == NIL) {
      return false;
    }
    long record = table.slab().address(index);
    ConnectionRecord.putFlags(record, ConnectionRecord.LIVE);
    ConnectionRecord.putExpiresMs(record, 1000);
    table.finishCreate(index, 0);
    return true;
  }

  @Test
  void shouldMakeNoConnectionsUntilOthersHaveGone() {
    for (int number = 1; number < CHUNK; number++) {
      assertTrue(make(number), "connection " + number);
    }
    assertFalse(table.slab().prepare(), "there is nothing to prepare");
    for (int number = CHUNK; number < CHUNK + 1000; number++) {
      assertFalse(make(number), "in whatever shard");
      assertEquals(NIL, table.reserve(key(number), slots, 0));
    }
    for (int number = 1; number < CHUNK; number++) {
      int found = table.findLocked(key(number));
      assertNotEquals(NIL, found, "chains may be long");
      ConnectionRecord.unlock(table.slab().address(found >>> 1));
    }
    assertTrue(table.isConsistent(0));
  }

  @Test
  void shouldGoOnWhenOthersHaveGone() {
    for (int number = 1; number < CHUNK; number++) {
      make(number);
    }
    table.sweep(10_000, CHUNK);
    for (int number = 1; number < CHUNK; number++) {
      assertTrue(make(number), "connection " + number);
    }
    assertTrue(table.isConsistent(0));
  }
}
