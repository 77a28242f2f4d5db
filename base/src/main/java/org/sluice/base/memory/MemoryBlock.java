package org.sluice.base.memory;

import java.lang.foreign.Arena;

/**
 * Zeroed memory that can be given back, unlike what {@link OffHeap#allocate} gives: for tables that
 * are replaced by bigger ones, and for whoever may go before the process does.
 *
 * <p>Reads and writes by address do not notice that it is closed: whoever closes it sees to it that
 * nobody uses it any more. Immutable.
 */
public final class MemoryBlock implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final long address;

  /** Allocates {@code bytes} bytes, aligned to {@code alignment} bytes. */
  public MemoryBlock(long bytes, long alignment) {
    address = arena.allocate(bytes, alignment).address();
  }

  public long address() {
    return address;
  }

  @Override
  public void close() {
    arena.close();
  }
}
