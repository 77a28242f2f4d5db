package org.sluice.base.linux;

/** Mappings: memory shared with the kernel, and plain memory by the page. Stateless. */
public final class Mmap {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  private static final LibcFunction MMAP = LibcFunction.wide("mmap");
  private static final LibcFunction MUNMAP = LibcFunction.narrow("munmap");
  private static final LibcFunction MADVISE = LibcFunction.narrow("madvise");

  private Mmap() {}

  /**
   * Maps the first {@code bytes} of {@code fd}, readable and writable, shared; the address or a
   * negative errno.
   */
  public static long shared(int fd, long bytes) {
    return shared(fd, bytes, 0);
  }

  /** Maps {@code bytes} of {@code fd} from {@code offset} on; the address or a negative errno. */
  public static long shared(int fd, long bytes, long offset) {
    return MMAP.call(0, bytes, PROT_READ_WRITE, MAP_SHARED, fd, offset);
  }

  /**
   * Maps {@code bytes} of zeroes that nobody else sees and that take memory only where they are
   * written to; the address or a negative errno.
   */
  public static long anonymous(long bytes) {
    return MMAP.call(0, bytes, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }

  /**
   * Asks for huge pages where they fit between {@code address} and {@code address + bytes}; 0 or a
   * negative errno, as where the kernel has none.
   */
  public static int adviseHuge(long address, long bytes) {
    return (int) MADVISE.call(address, bytes, MADV_HUGEPAGE);
  }

  /**
   * Gives the memory of whole pages of an anonymous mapping back: they read as zeroes and take
   * memory again where they are written to; 0 or a negative errno.
   */
  public static int discard(long address, long bytes) {
    return (int) MADVISE.call(address, bytes, MADV_DONTNEED);
  }

  /** Ends a mapping; 0 or a negative errno. */
  public static int unmap(long address, long bytes) {
    return (int) MUNMAP.call(address, bytes);
  }
}
