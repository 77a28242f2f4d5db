package org.sluice.base.pages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.sluice.base.linux.Mmap;

/**
 * Large memory in huge pages, if the system has them.
 *
 * <p>A packet touches a cache entry and a connection that no packet before it touched for a long
 * time; with pages of 4 kB the processor has to look up where each of them is as well, which takes
 * as long as fetching it. So large memory is mapped from a huge page's boundary on, and the kernel
 * asked for huge pages. Such a mapping also takes memory only where it is used, while other memory
 * of an arena is written to once to clear it.
 */
final class HugePages {
  private static final long PAGE_BYTES = 2 << 20;

  private HugePages() {}

  /**
   * Allocates zeroed memory, large or not, that lives as long as {@code arena}, aligned to {@code
   * alignment} bytes, a power of two.
   *
   * @throws OutOfMemoryError if the system has no more
   */
  static long allocate(Arena arena, long bytes, long alignment) {
    return bytes >= PAGE_BYTES && alignment <= PAGE_BYTES
        ? map(arena, bytes)
        : arena.allocate(bytes, alignment).address();
  }

  private static long map(Arena arena, long bytes) {
    long mappedBytes = bytes + PAGE_BYTES;
    long start = Mmap.anonymous(mappedBytes);
    if (start < 0) {
      throw new OutOfMemoryError("cannot map " + mappedBytes + " bytes");
    }
    MemorySegment.ofAddress(start).reinterpret(arena, _ -> Mmap.unmap(start, mappedBytes));
    long address = (start + PAGE_BYTES - 1) & -PAGE_BYTES;
    Mmap.adviseHuge(address, bytes);
    return address;
  }
}
