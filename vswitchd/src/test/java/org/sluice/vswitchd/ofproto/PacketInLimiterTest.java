package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A burst, and then so many a second. */
class PacketInLimiterTest {
  private static final long SECOND_NS = 1_000_000_000;

  private static int admitted(PacketInLimiter limiter, int offered, long nowNs) {
    int admitted = 0;
    for (int i = 0; i < offered; i++) {
      admitted += limiter.admits(nowNs) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void shouldLetABurstThroughAndThenTheRate() {
    PacketInLimiter limiter = new PacketInLimiter(PacketInLimit.of(100, 25), 0);
    assertEquals(25, admitted(limiter, 1000, 0));
    assertEquals(1, admitted(limiter, 1000, SECOND_NS / 100));
    assertEquals(10, admitted(limiter, 1000, SECOND_NS / 100 + SECOND_NS / 10));
    assertEquals(25, admitted(limiter, 1000, 60 * SECOND_NS), "no more than a burst is saved up");
    assertEquals(
        Map.of(
            "packet-in-miss-backlog", "0",
            "packet-in-miss-bypassed", "61",
            "packet-in-miss-queued", "0",
            "packet-in-miss-dropped", "3939"),
        limiter.status("miss"));
  }

  @Test
  void shouldLetEverythingThroughWithoutALimit() {
    PacketInLimiter limiter = new PacketInLimiter(PacketInLimit.of(0, 0), 0);
    assertEquals(10_000, admitted(limiter, 10_000, 0));
    assertEquals(Map.of(), limiter.status("action"));
  }

  @Test
  void shouldTakeAQuarterOfTheRateForABurstThatIsNotSet() {
    assertEquals(new PacketInLimit(100, 25), PacketInLimit.of(100, 0));
    assertEquals(new PacketInLimit(1, 1), PacketInLimit.of(1, 0));
    assertEquals(new PacketInLimit(Integer.MAX_VALUE, 7), PacketInLimit.of(1L << 40, 7));
  }
}
