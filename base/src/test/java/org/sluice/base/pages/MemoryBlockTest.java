package org.sluice.base.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;

class MemoryBlockTest {
  private static final long HUGE = 2 << 20;

  @Test
  void shouldBeZeroedAndAlignedWhenSmall() {
    try (MemoryBlock block = new MemoryBlock(4096, 128)) {
      assertEquals(0, block.address() % 128);
      assertZeroes(block.address(), 4096);
    }
  }

  @Test
  void shouldBeginAtAHugePageWhenLarge() {
    long bytes = 3 * HUGE + 64;
    try (MemoryBlock block = new MemoryBlock(bytes, 64)) {
      assertEquals(0, block.address() % HUGE);
      assertZeroes(block.address(), bytes);
      OffHeap.putLong(block.address() + bytes - 8, 42);
      assertEquals(42, OffHeap.getLong(block.address() + bytes - 8));
    }
  }

  @Test
  void shouldGiveMemoryBackWhenClosed() {
    for (int i = 0; i < 10_000; i++) {
      try (MemoryBlock block = new MemoryBlock(1L << 30, 64)) { // more than there is, in the end
        OffHeap.putLong(block.address() + (1L << 30) - 8, i);
      }
    }
  }

  private static void assertZeroes(long address, long bytes) {
    for (long at = address; at < address + bytes; at += 8) {
      assertEquals(0, OffHeap.getLong(at), () -> "at " + address);
    }
  }
}
