package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;
import org.sluice.datapath.conntrack.Seeds;

class TimerWheelTest {
  private final ConnectionSlab slab = new ConnectionSlab(new MemoryRegion());
  private final TimerWheel wheel = new TimerWheel(slab);

  @Test
  void shouldHandOutNothingWhenEmpty() {
    assertEquals(0, wheel.pollDue(1_000_000));
  }

  @Test
  void shouldHandOutAtItsTickWhenItIsNear() {
    int index = slab.allocate();
    wheel.insert(index, 130, 100);
    assertEquals(0, wheel.pollDue(129));
    assertEquals(index, wheel.pollDue(130));
    assertEquals(0, wheel.pollDue(130));
  }

  @Test
  void shouldHandOutAgainAndAgainWhenItIsFar() {
    int index = slab.allocate();
    long day = 86_400;
    wheel.insert(index, day, 0);
    int looks = 0;
    long now = 0;
    while (wheel.count() != 0) {
      now++;
      while (wheel.pollDue(now) != 0) {
        looks++;
        if (now < day) {
          wheel.insert(index, day, now);
        }
      }
    }
    assertEquals(day, now);
    assertTrue(looks < 30, "looked " + looks + " times");
  }

  @Test
  void shouldHandOutEverythingWhenTimeJumps() {
    for (int i = 0; i < 1000; i++) {
      wheel.insert(slab.allocate(), i * 50L, 0);
    }
    int polled = 0;
    while (wheel.pollDue(1L << 40) != 0) {
      polled++;
    }
    assertEquals(1000, polled);
    assertEquals(0, wheel.count());
  }

  /** Beside an oracle that keeps every record's tick in a sorted set. */
  @Test
  void shouldAgreeWithASortedSetUnderRandomOperations() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Map<Integer, Long> ticks = new HashMap<>();
    TreeSet<Long> sorted = new TreeSet<>();
    long now = random.nextInt(1_000_000);
    for (int step = 0; step < 200_000; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          int index = slab.allocate();
          long tick = now + 1 + (long) Math.pow(10, random.nextDouble() * 5);
          ticks.put(index, tick);
          wheel.insert(index, tick, now);
        }
        case 2 -> removeOne(random, ticks);
        case 3 -> extendOne(random, ticks, now);
        default -> {
          now += random.nextInt(10) == 0 ? random.nextInt(10_000) : random.nextInt(10);
          drain(ticks, now, seed);
        }
      }
      assertEquals(ticks.size(), wheel.count(), "seed " + seed);
    }
    sorted.addAll(ticks.values());
    assertTrue(sorted.isEmpty() || sorted.first() > now - 1, "seed " + seed);
  }

  private void removeOne(Random random, Map<Integer, Long> ticks) {
    if (!ticks.isEmpty()) {
      int index = any(random, ticks);
      wheel.remove(index);
      ticks.remove(index);
      slab.free(index);
    }
  }

  /** A packet came: only the record's own time changes. */
  private static void extendOne(Random random, Map<Integer, Long> ticks, long now) {
    if (!ticks.isEmpty()) {
      ticks.computeIfPresent(
          any(random, ticks), (_, tick) -> Math.max(tick, now + random.nextInt(1000)));
    }
  }

  private static int any(Random random, Map<Integer, Long> ticks) {
    List<Integer> few = new ArrayList<>(ticks.keySet().stream().limit(20).toList());
    return few.get(random.nextInt(few.size()));
  }

  private void drain(Map<Integer, Long> ticks, long now, long seed) {
    for (int index = wheel.pollDue(now); index != 0; index = wheel.pollDue(now)) {
      if (ticks.get(index) > now) {
        wheel.insert(index, ticks.get(index), now);
      } else {
        ticks.remove(index);
        slab.free(index);
      }
    }
    assertTrue(ticks.values().stream().allMatch(tick -> tick > now), "seed " + seed);
  }
}
