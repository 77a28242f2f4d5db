package org.sluice.datapath.conntrack.table;

import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryRegion;

/**
 * Memory for shards' hash buckets, in powers of two, used again by the next shard that grows to
 * that size. Never unmapped, and never holds anything but indices: a reader with an outdated array
 * finds records, only not the right ones. Guarded by its own lock.
 */
final class BucketArrays extends SpinLock {
  private static final int SIZES = 32;

  private final long[][] free = new long[SIZES][];
  private final int[] freeCounts = new int[SIZES];
  private final MemoryRegion memory;
  private final int shards;
  private long bytes;

  BucketArrays(MemoryRegion memory, int shards) {
    this.memory = memory;
    this.shards = shards;
  }

  /** An array of {@code 1 << log2} empty buckets, aligned to 64 bytes. */
  long take(int log2) {
    long arrayBytes = 4L << log2;
    lock();
    if (freeCounts[log2] == 0) {
      bytes += arrayBytes;
      unlock();
      return memory.allocate(arrayBytes, 64);
    }
    freeCounts[log2]--;
    long array = free[log2][freeCounts[log2]];
    unlock();
    OffHeap.clear(array, arrayBytes);
    return array;
  }

  /** Gives an array back. */
  void give(long array, int log2) {
    lock();
    if (free[log2] == null) {
      free[log2] = new long[shards];
    }
    free[log2][freeCounts[log2]++] = array;
    unlock();
  }

  /** Bytes of all arrays, in use or not. */
  long memoryBytes() {
    return bytes;
  }
}
