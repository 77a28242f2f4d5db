package org.sluice.base.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Memory that comes piece by piece until there is no more. */
class MemoryRegionTest {
  private static final long PIECE_BYTES = 4 << 20;

  @Test
  void shouldAnswerThatThereIsNoMoreWhenItsShareIsUsedUp() {
    try (MemoryRegion memory = new MemoryRegion(2 * PIECE_BYTES)) {
      assertNotEquals(MemoryRegion.NONE, memory.allocate(PIECE_BYTES, 64));
      assertEquals(MemoryRegion.NONE, memory.allocate(2 * PIECE_BYTES, 64));
      assertNotEquals(MemoryRegion.NONE, memory.allocate(PIECE_BYTES, 64));
      assertEquals(MemoryRegion.NONE, memory.allocate(1, 64));
    }
  }

  @Test
  void shouldAnswerThatThereIsNoMoreWhenTheSystemSaysSo() {
    try (MemoryRegion memory = new MemoryRegion()) {
      assertEquals(MemoryRegion.NONE, memory.allocate(1L << 60, 64));
      assertNotEquals(MemoryRegion.NONE, memory.allocate(PIECE_BYTES, 64));
    }
  }
}
