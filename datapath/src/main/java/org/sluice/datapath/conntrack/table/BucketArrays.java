package org.sluice.datapath.conntrack.table;

import java.util.BitSet;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryRegion;

/**
 * Memory for shards' hash buckets, in powers of two. For each size there is an area in which every
 * shard has its place; as shards are of much the same size, all of an area is used or none. An area
 * that nobody has used for a while gives its memory back.
 *
 * <p>Never unmapped, and never holds anything but indices: a reader with an outdated array finds
 * records, only not the right ones, or none. Guarded by its own lock.
 */
final class BucketArrays extends SpinLock {
  private static final int SIZES = 32;
  private static final int CACHE_LINE_BYTES = 64;

  /** Memory that can be given back; smaller areas are kept. */
  private static final long LARGE_BYTES = 2 << 20;

  /** Areas of this many bytes are made large. */
  private static final long NEARLY_LARGE_BYTES = 1 << 20;

  private final Area[] areas = new Area[SIZES];
  private final MemoryRegion memory;
  private final int shards;

  BucketArrays(MemoryRegion memory, int shards) {
    this.memory = memory;
    this.shards = shards;
  }

  /** The arrays of one size. */
  private static final class Area {
    final long start;
    final long bytes;
    final long arrayBytes;

    /** Arrays that were used since the area was last given back. */
    final BitSet touched = new BitSet();

    int inUse;
    long unusedSinceMs;

    Area(long start, long bytes, long arrayBytes) {
      this.start = start;
      this.bytes = bytes;
      this.arrayBytes = arrayBytes;
    }

    long touchedBytes() {
      return touched.cardinality() * arrayBytes;
    }
  }

  /**
   * A shard's array of {@code 1 << log2} buckets, which are empty; aligned to 64 bytes. {@link
   * MemoryRegion#NONE} if there is no memory for it.
   */
  long take(int log2, int shard) {
    Area area = use(log2, shard);
    if (area == null) {
      return MemoryRegion.NONE;
    }
    long array = area.start + shard * area.arrayBytes;
    OffHeap.clear(array, area.arrayBytes);
    return array;
  }

  /** Null if there is no memory for it. */
  private Area use(int log2, int shard) {
    lock();
    if (areas[log2] == null) {
      areas[log2] = newArea(4L << log2);
    }
    Area area = areas[log2];
    if (area != null) {
      area.inUse++;
      area.touched.set(shard);
    }
    unlock();
    return area;
  }

  private Area newArea(long arrayBytes) {
    long bytes = shards * arrayBytes;
    if (bytes >= NEARLY_LARGE_BYTES) {
      bytes = Math.max(bytes, LARGE_BYTES);
    }
    long start = memory.allocate(bytes, CACHE_LINE_BYTES);
    return start == MemoryRegion.NONE ? null : new Area(start, bytes, arrayBytes);
  }

  /** A shard uses its array of that size no more. */
  void give(int log2) {
    lock();
    areas[log2].inUse--;
    unlock();
  }

  /**
   * Gives the memory of an area back in which no array has been used for {@code idleMs}, if there
   * is one.
   */
  void release(long nowMs, long idleMs) {
    for (Area area : areas) {
      if (area != null && area.bytes >= LARGE_BYTES && release(area, nowMs, idleMs)) {
        return;
      }
    }
  }

  /** With the lock held all the while, as shards that grow must not come meanwhile: they wait. */
  private boolean release(Area area, long nowMs, long idleMs) {
    lock();
    boolean isIdle = area.inUse == 0 && !area.touched.isEmpty();
    if (!isIdle) {
      area.unusedSinceMs = 0;
    } else if (area.unusedSinceMs == 0) {
      area.unusedSinceMs = Math.max(1, nowMs);
    }
    boolean isDue = isIdle && nowMs - area.unusedSinceMs >= idleMs;
    if (isDue && memory.discard(area.start, area.bytes)) {
      area.touched.clear();
    }
    unlock();
    return isDue;
  }

  /** Bytes of all arrays that have memory, in use or not. */
  long memoryBytes() {
    long bytes = 0;
    lock();
    for (Area area : areas) {
      bytes += area == null ? 0 : area.touchedBytes();
    }
    unlock();
    return bytes;
  }
}
