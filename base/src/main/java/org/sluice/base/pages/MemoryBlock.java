package org.sluice.base.pages;

import java.lang.foreign.Arena;

/**
 * Zeroed memory that can be given back: for tables that are replaced by bigger ones, and for
 * whoever may go before the process does. Where it is large it lies in huge pages, if the system
 * has them.
 *
 * <p>Reads and writes by address do not notice that it is closed: whoever closes it sees to it that
 * nobody uses it any more. Immutable.
 */
public final class MemoryBlock implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final long address;

  /**
   * Allocates {@code bytes} bytes, aligned to {@code alignment} bytes, a power of two.
   *
   * @throws OutOfMemoryError if the system has no more
   */
  public MemoryBlock(long bytes, long alignment) {
    address = HugePages.allocate(arena, bytes, alignment);
  }

  public long address() {
    return address;
  }

  @Override
  public void close() {
    arena.close();
  }
}
