package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.IpProtocol;

/**
 * A lookup that is held up between a record's lock word and its lock may find another connection in
 * the slot. It must not get the lock then, since the key that it compared was the one before.
 */
class ReusedSlotTest {
  private final ConnectionTable table = new ConnectionTable((_, _) -> {});
  private final SlotSupply slots = table.newSupply();
  private final ConnectionKey key = key();

  private static ConnectionKey key() {
    ConnectionKey key = new ConnectionKey();
    key.srcLo = 0x0a00_0001;
    key.dstLo = 0x0a00_0002;
    key.setWord(1 << 16 | 80, 1, IpProtocol.UDP, 0);
    key.computeHash(1);
    return key;
  }

  private long make() {
    int index = table.beginCreate(key, ConnectionRecord.NIL, slots, 0);
    long record = table.slab().address(index);
    ConnectionRecord.putFlags(record, ConnectionRecord.LIVE);
    ConnectionRecord.putExpiresMs(record, 1);
    return table.finishCreate(index, 0);
  }

  @Test
  void shouldNotBeLockedByWhoSawTheSlotWhileItWasFree() {
    long first = make();
    long record = table.slab().address((int) first);
    assertTrue(table.remove(first));
    int free = ConnectionRecord.lockWord(record);

    long second = make();
    assertEquals((int) first, (int) second, "the slot is used again");
    assertFalse(ConnectionRecord.tryLock(record, free));
    assertTrue(table.lockIfSame(second));
    ConnectionRecord.unlock(record);
    assertFalse(table.lockIfSame(first));
  }
}
