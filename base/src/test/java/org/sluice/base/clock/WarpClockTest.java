package org.sluice.base.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Stopping and warping a clock that follows another. */
class WarpClockTest {
  private final ManualClock followed = new ManualClock(1_000_000_000L, 5_000);
  private final WarpClock clock = new WarpClock(followed);

  @Test
  void shouldFollowUntilStopped() {
    followed.advanceNs(7);
    assertEquals(1_000_000_007L, clock.nowNs());
    clock.stop();
    followed.advanceNs(7);
    clock.stop();
    assertEquals(1_000_000_007L, clock.nowNs());
  }

  @Test
  void shouldMoveForwardWhetherStoppedOrNot() {
    clock.advanceNs(3_000_000L);
    assertEquals(1_003_000_000L, clock.nowNs());
    assertEquals(5_003, clock.wallMs());
    clock.stop();
    clock.advanceNs(2);
    assertEquals(1_003_000_002L, clock.nowNs());
    assertThrows(IllegalArgumentException.class, () -> clock.advanceNs(-1));
  }
}
