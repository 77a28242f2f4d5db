package org.sluice.base.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private final Coverage coverage = new Coverage();

  @Test
  void shouldAddUpWhenSeveralOwnersShareName() {
    coverage.addSource("drops", () -> 3);
    coverage.addSource("drops", () -> 4);
    coverage.counter("drops").increment();
    coverage.counter("never");
    assertEquals(OptionalLong.of(8), coverage.read("drops"));
    assertEquals(OptionalLong.of(0), coverage.read("never"));
    assertEquals(OptionalLong.empty(), coverage.read("unheard_of"));
  }

  @Test
  void shouldShowRatesWhenSampled() {
    Counter counter = coverage.counter("upcalls");
    coverage.counter("never");
    for (int i = 0; i < 24; i++) {
      counter.add(i < 12 ? 10 : 50);
      coverage.sample();
    }
    String[] lines = coverage.show().split("\n", -1);
    assertTrue(
        lines[0].startsWith(
            "Event coverage, avg rate over last: 5 seconds, last minute, last hour,  hash="));
    assertEquals(
        "upcalls                   10.0/sec    10.000/sec        0.2000/sec   total: 720",
        lines[1]);
    assertEquals("2 events never hit", lines[2]);
    assertEquals(OptionalLong.of(0), coverage.read("dp_packet_batch_grow"));
  }

  @Test
  void shouldKeepFailureOnceWhenItStrikesAgain() {
    DistinctErrorLog log = new DistinctErrorLog();
    boolean isNew = false;
    for (int i = 0; i < 5; i++) {
      isNew = log.record("pmd0", new IllegalStateException("packet " + i), 100 + i);
      assertEquals(i == 0, isNew);
    }
    assertTrue(log.record("pmd0", new IllegalStateException("elsewhere"), 200));
    assertFalse(isNew);
    var first = log.observations().getFirst();
    assertEquals(2, log.observations().size());
    assertEquals(5, first.count());
    assertEquals(100, first.firstMs());
    assertEquals(104, first.lastMs());
    assertEquals("packet 0", first.failure().getMessage());
  }
}
