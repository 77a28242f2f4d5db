package org.sluice.datapath.conntrack.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sluice.base.pages.MemoryRegion;

/** Slots that a thread has at hand before it makes a connection. */
final class SlotSupplyTest {
  private final ConnectionSlab slab = new ConnectionSlab(new MemoryRegion());
  private final SlotSupply supply = new SlotSupply(slab);

  private int takenFromSlab() {
    return slab.usedRecords() - 1 - slab.freeRecords();
  }

  @Test
  void shouldHandOutFreshSlotsInTheOrderInWhichTheyLie() {
    for (int i = 1; i <= 100; i++) {
      assertEquals(i, supply.take());
    }
  }

  @Test
  void shouldTakeNoMoreFromTheSlabThanItHandsOutAndHasAtHand() {
    for (int i = 1; i <= 100; i++) {
      supply.take();
      assertEquals(takenFromSlab(), i + supply.size());
    }
  }

  @Test
  void shouldGiveBackWhatNobodyHasWantedSinceTheLastTime() {
    supply.take();
    supply.giveBackIfIdle();
    assertEquals(takenFromSlab(), 1 + supply.size());
    supply.take();
    supply.giveBackIfIdle();
    supply.giveBackIfIdle();
    assertEquals(0, supply.size());
    assertEquals(2, takenFromSlab());
  }

  @Test
  void shouldGoOnAfterItHasGivenBack() {
    int first = supply.take();
    supply.giveBack();
    assertEquals(first + 1, lowestOf(supply.take(), supply.take()));
  }

  private static int lowestOf(int one, int other) {
    return Math.min(one, other);
  }
}
