package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Policing by packets and by bits, with one band and with two. */
class MeterTest {
  private static int admitted(Meter meter, int packets, int bytes, long nowMs) {
    int admitted = 0;
    for (int i = 0; i < packets; i++) {
      admitted += meter.admits(bytes, nowMs) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void shouldAdmitABurstAndThenTheRate() {
    Meter meter = new Meter(true, List.of(new Meter.Band(10, 5)), 1000);
    assertEquals(5, admitted(meter, 8, 100, 1000));
    assertEquals(0, admitted(meter, 1, 100, 1099));
    assertEquals(1, admitted(meter, 3, 100, 1100));
    assertEquals(5, admitted(meter, 20, 100, 60_000));
    assertEquals(new Meter.Counts(32, 3200, List.of(21L, 2100L)), meter.counts());
  }

  @Test
  void shouldCountBitsAndHoldOneSecondsWorthUnlessToldOtherwise() {
    Meter meter = new Meter(false, List.of(new Meter.Band(1, 0)), 0);
    assertEquals(1, admitted(meter, 9, 125, 0), "1000 bits");
    assertEquals(0, admitted(meter, 1, 125, 999));
    assertEquals(1, admitted(meter, 1, 125, 1000));
  }

  @Test
  void shouldBlameTheFastestBandThatIsExceeded() {
    Meter meter = new Meter(true, List.of(new Meter.Band(1, 1), new Meter.Band(3, 3)), 0);
    assertEquals(1, admitted(meter, 5, 10, 0));
    assertEquals(List.of(2L, 20L, 2L, 20L), meter.counts().bands());
  }

  @Test
  void shouldNumberMetersAndLetPassWhereThereIsNone() {
    MeterTable table = new MeterTable();
    Meter strict = new Meter(true, List.of(new Meter.Band(0, 0)), 0);
    int first = table.add(strict);
    assertEquals(first + 1, table.add(strict));
    assertFalse(table.admits(first, 100, 0));
    table.remove(first);
    assertNull(table.get(first));
    assertTrue(table.admits(first, 100, 0));
    assertTrue(table.admits(77, 100, 0));
    assertEquals(first, table.add(strict));
  }
}
