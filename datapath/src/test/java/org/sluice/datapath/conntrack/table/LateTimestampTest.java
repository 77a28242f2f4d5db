package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;
import org.sluice.datapath.conntrack.nat.PortPools;
import org.sluice.datapath.packet.IpProtocol;

/**
 * A packet thread that is held up between its look at a connection and its timestamp writes that
 * into whatever has the slot by then: see {@link ConnectionRecord}.
 */
class LateTimestampTest {
  private static final long LATE_MS = 0x1122_3344_5566_7788L;
  private static final long SALT = 1;

  private static ConnectionKey key(int host, int port) {
    ConnectionKey key = new ConnectionKey();
    key.srcLo = host;
    key.dstLo = 0x0a00_0002;
    key.setWord(port << 16 | 80, 1, IpProtocol.UDP, 0);
    key.computeHash(SALT);
    return key;
  }

  /** The alias of a translated connection that was made, and expires at 1. */
  private static int make(ConnectionTable table, SlotSupply slots, ConnectionKey key, int port) {
    int alias = table.reserve(key(0x0a09_0909, port), slots, 0);
    int index = table.beginCreate(key, alias, slots, 0);
    long record = table.slab().address(index);
    ConnectionRecord.putFlags(record, ConnectionRecord.LIVE | ConnectionRecord.TRANSLATED);
    ConnectionRecord.putExpiresMs(record, 1);
    table.finishCreate(index, 0);
    return alias;
  }

  /** Two connections of one shard expire together, so that one alias waits for the other. */
  @Test
  void shouldNotMisleadWhoeverReleasesAliases() {
    int[] aliases = new int[2];
    ConnectionTable[] table = new ConnectionTable[1];
    table[0] =
        new ConnectionTable((_, _) -> {
          for (int alias : aliases) {
            ConnectionRecord.putExpiresMs(table[0].slab().address(alias), LATE_MS);
          }
        });
    SlotSupply slots = table[0].newSupply();
    ConnectionKey first = key(0x0a00_0001, 1);
    ConnectionKey second = key(0x0a00_0001, 2);
    for (int port = 3; second.hash >>> 24 != first.hash >>> 24; port++) {
      second = key(0x0a00_0001, port);
    }
    aliases[0] = make(table[0], slots, first, 1000);
    aliases[1] = make(table[0], slots, second, 1001);
    table[0].sweep(10_000, 1000);
    assertEquals(0, table[0].count());
    assertTrue(table[0].isConsistent(0));
  }

  @Test
  void shouldNotChangeWhichPortsAPoolHasGivenAway() {
    ConnectionSlab slab = new ConnectionSlab(new MemoryRegion());
    PortPools pools = new PortPools(slab);
    ConnectionKey pool = key(0x0a09_0909, 0);
    int index = (int) (pools.take(pool, 1000, 1000, 1001) >>> 32);
    ConnectionRecord.putExpiresMs(slab.address(index), LATE_MS);
    assertEquals(1001, (int) pools.take(pool, 1000, 1000, 1001));
    assertEquals(PortPools.FULL, pools.take(pool, 1000, 1000, 1001));
    pools.release(index, 1000);
    pools.release(index, 1001);
    assertEquals(0, pools.count());
  }
}
