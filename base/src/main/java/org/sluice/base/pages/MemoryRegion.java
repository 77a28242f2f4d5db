package org.sluice.base.pages;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.base.linux.Mmap;

/**
 * Zeroed memory that is allocated piece by piece and given back as a whole. Large pieces lie in
 * huge pages, if the system has them, and take memory only where they are used. Where there is no
 * more, that is an answer and no error: whoever asks may hold locks.
 *
 * <p>Reads and writes by address do not notice that it is closed: whoever closes it sees to it that
 * nobody uses it any more. Any thread may allocate.
 */
public final class MemoryRegion implements AutoCloseable {
  /** Answer of {@link #allocate}: there is no more memory. */
  public static final long NONE = 0;

  private final Arena arena = Arena.ofShared();
  private final AtomicLong left;

  /** Makes one that has as much memory as the system. */
  public MemoryRegion() {
    this(Long.MAX_VALUE);
  }

  /** Makes one of which no more than {@code maxBytes} are to be had. */
  public MemoryRegion(long maxBytes) {
    left = new AtomicLong(maxBytes);
  }

  /**
   * Allocates {@code bytes} bytes, aligned to {@code alignment} bytes, a power of two.
   *
   * @return the address; {@link #NONE} if there is no more
   */
  public long allocate(long bytes, long alignment) {
    if (left.addAndGet(-bytes) < 0) {
      left.addAndGet(bytes);
      return NONE;
    }
    try {
      return HugePages.allocate(arena, bytes, alignment);
    } catch (OutOfMemoryError e) {
      left.addAndGet(bytes);
      return NONE;
    }
  }

  /**
   * Gives the memory of a large piece back to the system while its addresses stay: it reads as
   * zeroes and takes memory again where it is written to.
   *
   * @param address where a piece of at least 2 MB that was allocated here begins
   * @param bytes all of it
   * @return whether the system has taken it
   */
  public boolean discard(long address, long bytes) {
    return Mmap.discard(address, bytes) == 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
