package org.sluice.vswitchd.l2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.vswitchd.l2.MacTable.Sighting;

class MacTableTest {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long HOST_A = 0x0200_0000_000aL;
  private static final long HOST_B = 0x0200_0000_000bL;

  private final MacTable table = new MacTable();

  private static Sighting plain(long mac, int vlan, int bundleId) {
    return new Sighting(mac, vlan, bundleId, false, false);
  }

  @Test
  void shouldAnswerTheBundleOfTheLastSighting() {
    assertTrue(table.learn(plain(HOST_A, 5, 1), 0));
    assertFalse(table.learn(plain(HOST_A, 5, 1), 1));
    assertEquals(1, table.lookup(HOST_A, 5));
    assertEquals(MacTable.UNKNOWN, table.lookup(HOST_A, 6));
    assertTrue(table.learn(plain(HOST_A, 5, 2), 2));
    assertEquals(2, table.lookup(HOST_A, 5));
    assertEquals(1, table.statistics().moved());
  }

  @Test
  void shouldNotLearnGroupAddresses() {
    assertFalse(table.learn(plain(0x0100_5e00_0001L, 0, 1), 0));
    assertEquals(0, table.statistics().entries());
  }

  @Test
  void shouldForgetStationsThatWereSilentForTheIdleTime() {
    table.configure(100, 15);
    table.learn(plain(HOST_A, 0, 1), 0);
    table.learn(plain(HOST_B, 0, 1), 0);
    table.learn(plain(HOST_A, 0, 1), 10 * SECOND_NS);
    assertEquals(0, table.expire(14 * SECOND_NS));
    assertEquals(1, table.expire(15 * SECOND_NS));
    assertEquals(1, table.lookup(HOST_A, 0));
    assertEquals(MacTable.UNKNOWN, table.lookup(HOST_B, 0));
  }

  @Test
  void shouldKeepStaticStationsWhateverHappens() {
    table.addStatic(HOST_A, 0, 7);
    assertFalse(table.learn(plain(HOST_A, 0, 1), 0));
    table.flush();
    table.expire(1000 * SECOND_NS);
    assertEquals(7, table.lookup(HOST_A, 0));
    assertTrue(table.removeStatic(HOST_A, 0));
    assertFalse(table.removeStatic(HOST_A, 0));
    assertEquals(0, table.statistics().staticEntries());
  }

  @Test
  void shouldMakeRoomAtTheExpenseOfTheBundleWithMostStations() {
    table.configure(10, 300);
    table.learn(plain(HOST_A, 0, 1), 0);
    for (int i = 0; i < 1000; i++) {
      table.learn(plain(0x0600_0000_0000L + i, 0, 2), i);
    }
    assertEquals(1, table.lookup(HOST_A, 0));
    assertEquals(10, table.statistics().entries());
    assertEquals(991, table.statistics().evicted());
  }

  @Test
  void shouldIgnoreTheReflectionOfAGratuitousArp() {
    table.learn(new Sighting(HOST_A, 0, 1, true, false), 0);
    assertFalse(table.learn(new Sighting(HOST_A, 0, 2, true, true), SECOND_NS));
    assertEquals(1, table.lookup(HOST_A, 0));
    assertTrue(table.learn(new Sighting(HOST_A, 0, 2, true, true), 6 * SECOND_NS));
  }

  @Test
  void shouldShowEntriesInTheOrderOfTheirUse() {
    table.learn(plain(HOST_A, 0, 1), 0);
    table.learn(plain(HOST_B, 10, 2), SECOND_NS);
    table.learn(plain(HOST_A, 0, 1), 2 * SECOND_NS);
    table.addStatic(0x0200_0000_000cL, 1, 3);
    String text =
        FdbText.show(
            List.of(new FdbText.Listing("br0", table.entries(3 * SECOND_NS), Integer::toString)));
    assertEquals(
        """
         Port  VLAN  MAC                Age
            2    10  02:00:00:00:00:0b    2
            1     0  02:00:00:00:00:0a    1
            3     1  02:00:00:00:00:0c  static
        """,
        text);
  }

  @Test
  void shouldAgreeWithAPlainListUnderRandomOperations() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<long[]> oracle = new ArrayList<>();
    table.configure(1_000_000, 20);
    for (long nowNs = 0; nowNs < 2000 * SECOND_NS; nowNs += SECOND_NS) {
      long mac = 2L + random.nextInt(40);
      int vlan = random.nextInt(2);
      int bundle = random.nextInt(4);
      switch (random.nextInt(20)) {
        case 0 -> forget(oracle, bundle);
        case 1 -> {
          table.flush();
          oracle.clear();
        }
        default -> {
          boolean news = lookup(oracle, mac, vlan) != bundle;
          Sighting sighting = plain(mac, vlan, bundle);
          assertEquals(news, table.learn(sighting, nowNs), "seed " + seed);
          oracle.removeIf(row -> row[0] == mac && row[1] == vlan);
          oracle.add(new long[] {mac, vlan, bundle, nowNs});
        }
      }
      table.expire(nowNs);
      long limitNs = nowNs - 20 * SECOND_NS;
      oracle.removeIf(row -> row[3] <= limitNs);
      assertEquals(rows(oracle), shown(nowNs), "seed " + seed);
    }
  }

  private void forget(List<long[]> oracle, int bundle) {
    table.forgetBundle(bundle);
    oracle.removeIf(row -> row[2] == bundle);
  }

  private static long lookup(List<long[]> oracle, long mac, int vlan) {
    for (long[] row : oracle) {
      if (row[0] == mac && row[1] == vlan) {
        return row[2];
      }
    }
    return MacTable.UNKNOWN;
  }

  private static List<String> rows(List<long[]> oracle) {
    return oracle.stream().map(row -> row[0] + " " + row[1] + " " + row[2]).toList();
  }

  private List<String> shown(long nowNs) {
    return table.entries(nowNs).stream()
        .map(row -> row.mac() + " " + row.vlan() + " " + row.bundleId())
        .toList();
  }
}
