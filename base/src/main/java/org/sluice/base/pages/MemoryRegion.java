package org.sluice.base.pages;

import java.lang.foreign.Arena;

/**
 * Zeroed memory that is allocated piece by piece and given back as a whole. Large pieces lie in
 * huge pages, if the system has them, and take memory only where they are used.
 *
 * <p>Reads and writes by address do not notice that it is closed: whoever closes it sees to it that
 * nobody uses it any more. Any thread may allocate.
 */
public final class MemoryRegion implements AutoCloseable {
  private final Arena arena = Arena.ofShared();

  /**
   * Allocates {@code bytes} bytes, aligned to {@code alignment} bytes, a power of two.
   *
   * @return the address
   * @throws OutOfMemoryError if the system has no more
   */
  public long allocate(long bytes, long alignment) {
    return HugePages.allocate(arena, bytes, alignment);
  }

  @Override
  public void close() {
    arena.close();
  }
}
