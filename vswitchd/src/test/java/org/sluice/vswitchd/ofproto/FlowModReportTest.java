package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.openflow.message.FlowMod.Command;

class FlowModReportTest {
  private static final long SECOND = 1_000_000_000L;

  private final FlowModReport report = new FlowModReport();

  @Test
  void shouldSayWhatCameAndWhen() {
    report.count(Command.ADD, 1, 0);
    report.count(Command.ADD, 1, 0);
    report.count(Command.DELETE_STRICT, 1, 0);
    assertEquals("3 flow_mods in the last 0 s (2 adds, 1 deletes)", report.take(SECOND / 2));
    assertNull(report.take(SECOND));

    report.count(Command.MODIFY, 1, SECOND);
    assertEquals("1 flow_mods 3 s ago (1 modifications)", report.take(4 * SECOND));

    report.count(Command.ADD, 1, 0);
    report.count(Command.ADD, 1, 2 * SECOND);
    assertEquals("2 flow_mods in the 2 s starting 9 s ago (2 adds)", report.take(9 * SECOND));
  }

  @Test
  void shouldBeDueTenSecondsAfterTheFirstAndThenEveryMinute() {
    report.count(Command.ADD, 1, 0);
    assertFalse(report.isDue(9 * SECOND));
    assertTrue(report.isDue(10 * SECOND));
    report.take(10 * SECOND);
    report.count(Command.ADD, 1, 11 * SECOND);
    assertFalse(report.isDue(69 * SECOND));
    assertTrue(report.isDue(70 * SECOND));
  }
}
