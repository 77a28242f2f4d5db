package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The numbers are Open vSwitch's, but for how quickly it grows. */
class FlowLimitTest {
  private static final int CONFIGURED = 200_000;
  private final FlowLimit limit = new FlowLimit();

  private int after(int flows, long roundMs) {
    limit.adapt(flows, roundMs * 1_000_000, true, CONFIGURED);
    return limit.get(CONFIGURED);
  }

  @Test
  void shouldGrowWhileRoundsAreQuickForHowManyFlowsThereAre() {
    assertEquals(10_000, limit.get(CONFIGURED));
    assertEquals(10_000, after(10, 1), "ten in a millisecond would be as many in a second");
    assertEquals(11_000, after(11, 1), "as many as it could look at in a second");
    assertEquals(22_000, after(11_000, 20), "but no more than twice as many as before");
    assertEquals(22_023, after(22_001, 1000 - 1));
    assertEquals(22_023, after(30_000, 1000), "a second is not quick");
  }

  @Test
  void shouldFallWhenRoundsAreSlow() {
    assertEquals(10_000, after(10_000, 1300));
    assertEquals(7_500, after(10_000, 1301));
    assertEquals(7_500 / 3, after(10_000, 3999));
    assertEquals(1_000, after(10_000, 20_000), "but not without end");
  }

  @Test
  void shouldNeverExceedWhatIsConfigured() {
    limit.set(CONFIGURED);
    assertEquals(CONFIGURED, after(1_000_000, 1));
    assertEquals(500, limit.get(500));
  }

  @Test
  void shouldRememberWhatRoundsMet() {
    after(100, 7);
    after(50, 3);
    assertEquals(new FlowLimit.History(50, 100, 3_000_000), limit.history());
  }
}
