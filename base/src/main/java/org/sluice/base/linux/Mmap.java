package org.sluice.base.linux;

/** Memory shared with the kernel. Stateless. */
public final class Mmap {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private static final LibcFunction MMAP = LibcFunction.wide("mmap");
  private static final LibcFunction MUNMAP = LibcFunction.narrow("munmap");

  private Mmap() {}

  /**
   * Maps the first {@code bytes} of {@code fd}, readable and writable, shared; the address or a
   * negative errno.
   */
  public static long shared(int fd, long bytes) {
    return MMAP.call(0, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  }

  /** Ends a mapping; 0 or a negative errno. */
  public static int unmap(long address, long bytes) {
    return (int) MUNMAP.call(address, bytes);
  }
}
