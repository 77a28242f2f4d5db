package org.sluice.datapath.conntrack.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;
import org.sluice.datapath.conntrack.Seeds;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;

/** Pools of ports against sets of numbers. */
class PortPoolsTest {
  private final ConnectionSlab slab = new ConnectionSlab(new MemoryRegion());
  private final PortPools pools = new PortPools(slab);

  private static ConnectionKey remote(int address) {
    ConnectionKey key = new ConnectionKey();
    key.srcLo = 1;
    key.dstLo = address;
    key.setWord(80, 0, 6, 0);
    key.computeHash(77);
    return key;
  }

  @Test
  void shouldGiveEveryPortOfTheRangeOnceAndThenSayFull() {
    for (int i = 0; i < 1000; i++) {
      assertEquals(5000 + (i + 300) % 1000, take(remote(2), 5300, 5000, 5999));
    }
    assertEquals(PortPools.FULL, pools.take(remote(2), 5300, 5000, 5999));
    assertEquals(6000, take(remote(2), 6000, 6000, 6000));
    assertEquals(5300, take(remote(3), 5300, 5000, 5999));
    assertEquals(2, pools.count());
  }

  @Test
  void shouldGiveTheWholeRangeOfPorts() {
    for (int port = 0; port <= 65_535; port++) {
      assertEquals(port, take(remote(2), 0, 0, 65_535));
    }
    assertEquals(PortPools.FULL, pools.take(remote(2), 40_000, 0, 65_535));
    assertEquals(65_536, pools.portsInUse());
  }

  private int take(ConnectionKey pool, int preferred, int min, int max) {
    return (int) pools.take(pool, preferred, min, max) & 0xffff;
  }

  private record Taken(int pool, int remote, int port) {}

  @Test
  void shouldAgreeWithSetsWhenOperationsAreRandom() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<Set<Integer>> used = new ArrayList<>();
    List<Taken> taken = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      used.add(new HashSet<>());
    }
    int bias = 0;
    for (int i = 0; i < 60_000; i++) {
      bias = i % 5000 == 0 ? random.nextInt(100) : bias;
      if (random.nextInt(100) < bias || taken.isEmpty()) {
        takeOne(random, used, taken, "seed " + seed + " step " + i);
      } else {
        Taken last = taken.remove(random.nextInt(taken.size()));
        pools.release(last.pool(), last.port());
        used.get(last.remote()).remove(last.port());
      }
      long inUse = used.stream().filter(ports -> !ports.isEmpty()).count();
      assertEquals(inUse, pools.count(), "seed " + seed);
    }
    taken.forEach(each -> pools.release(each.pool(), each.port()));
    assertEquals(0, pools.count(), "seed " + seed);
    assertEquals(0, pools.portsInUse(), "seed " + seed);
    assertEquals(slab.usedRecords() - 1, slab.freeRecords(), "seed " + seed);
  }

  private void takeOne(Random random, List<Set<Integer>> used, List<Taken> taken, String message) {
    int remote = random.nextInt(used.size());
    int min = random.nextInt(100) + 1000;
    int max = min + random.nextInt(remote < 3 ? 3000 : 30);
    int preferred = min + random.nextInt(max - min + 1);
    long answer = pools.take(remote(remote + 2), preferred, min, max);
    int expected = firstFree(used.get(remote), preferred, min, max);
    if (expected < 0) {
      assertEquals(PortPools.FULL, answer, message);
      return;
    }
    assertEquals(expected, (int) answer & 0xffff, message);
    assertTrue(used.get(remote).add(expected), message);
    taken.add(new Taken((int) (answer >>> 32), remote, expected));
  }

  private static int firstFree(Set<Integer> used, int preferred, int min, int max) {
    int port = preferred;
    do {
      if (!used.contains(port)) {
        return port;
      }
      port = port == max ? min : port + 1;
    } while (port != preferred);
    return -1;
  }

  /** Stripes grow while they are gone through. */
  @Test
  void shouldShowOncePoolsThatStayWhateverComesAndGoes() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int staying = 40_000;
    for (int remote = 1; remote <= staying; remote++) {
      take(remote(remote), 5000, 5000, 5999);
    }
    Map<Long, Integer> shown = new HashMap<>();
    int portions = 1;
    PortPools.Cursor cursor = pools.cursor();
    while (cursor.next((pool, _) -> shown.merge(ConnectionRecord.dstLo(pool), 1, Integer::sum))) {
      portions++;
      for (int i = 0; i < 2000 && portions < 60; i++) {
        long taken = pools.take(remote(staying + 1 + random.nextInt(100_000)), 5000, 5000, 5999);
        if (random.nextInt(4) == 0) {
          pools.release((int) (taken >>> 32), (int) taken & 0xffff);
        }
      }
    }
    for (long remote = 1; remote <= staying; remote++) {
      assertEquals(1, shown.get(remote), "seed " + seed);
    }
    assertTrue(portions > 64, portions + " portions");
  }
}
