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
    coverage.addSource("never", () -> 0);
    assertEquals(OptionalLong.of(7), coverage.read("drops"));
    assertEquals(OptionalLong.of(0), coverage.read("never"));
    assertEquals(OptionalLong.empty(), coverage.read("unheard_of"));
  }

  @Test
  void shouldShowRatesWhenSampled() {
    long[] upcalls = {0};
    coverage.addSource("upcalls", () -> upcalls[0]);
    coverage.addSource("never", () -> 0);
    coverage.sample(0);
    for (int i = 1; i <= 24; i++) {
      upcalls[0] += i <= 12 ? 10 : 50;
      coverage.sample(i * 5_000_000_000L - 1);
      coverage.sample(i * 5_000_000_000L);
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
    String text = log.show();
    assertTrue(
        text.startsWith(
            """
            pmd0: 5 times, first 1970-01-01T00:00:00.100Z, last 1970-01-01T00:00:00.104Z
            java.lang.IllegalStateException: packet 0
            """),
        text);
    assertEquals(2, text.lines().filter(line -> line.startsWith("pmd0: ")).count());
    assertEquals("no internal errors\n", new DistinctErrorLog().show());
  }
}
