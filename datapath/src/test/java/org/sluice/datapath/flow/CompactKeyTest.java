package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keys that are put together and spread out again. */
class CompactKeyTest {
  private static final long SEED = Long.getLong("seed", 4711);

  private final Random random = new Random(SEED);

  @Test
  void shouldGiveBackEveryKey() {
    for (int percent = 0; percent <= 100; percent++) {
      FlowKey key = new FlowKey();
      for (int i = 0; i < Word.COUNT; i++) {
        key.words()[i] = random.nextInt(100) < percent ? random.nextLong() : 0;
      }
      FlowKey again = new CompactKey(key).toFlowKey();
      assertArrayEquals(key.words(), again.words(), "seed " + SEED);
    }
  }
}
