package org.sluice.base.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes memory by address.
 *
 * <p>One segment spans the whole address space, so an access compiles to a single load or store
 * with a bounds check against a constant that never fails; no arena is consulted, nothing can be
 * closed under a packet. The price is C's: an address that is wrong ends the process. Callers
 * therefore check lengths once, where bytes enter (the parser), and assert afterwards.
 *
 * <p>{@code get*}/{@code put*} use the machine's byte order; the {@code *Be} forms are network byte
 * order. All accesses may be unaligned. Stateless; visibility between threads is the caller's
 * business.
 *
 * <p>That the check never fails the compiler knows only of an address that it has seen {@link
 * #pointer} make, or of one a little behind such an address. Where a record or a header is read
 * field by field it is worth saying so once.
 */
public final class OffHeap {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfShort SHORT_BE =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BE =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BE =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final VarHandle ATOMIC_INT = ValueLayout.JAVA_INT.varHandle();

  private static final long HIGHEST = Long.MAX_VALUE >>> 1;

  private OffHeap() {}

  /** The same address, known to be in range, so that accesses from it on are not checked. */
  public static long pointer(long address) {
    assert address >= 0 && address <= HIGHEST : address;
    return address & HIGHEST;
  }

  /**
   * Allocates zeroed memory that lives as long as the process, aligned to {@code alignment} bytes.
   */
  public static long allocate(long bytes, long alignment) {
    return Arena.global().allocate(bytes, alignment).address();
  }

  public static byte getByte(long address) {
    return ALL.get(JAVA_BYTE, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(JAVA_BYTE, address, value);
  }

  /** The byte at {@code address} as 0..255. */
  public static int getUnsignedByte(long address) {
    return ALL.get(JAVA_BYTE, address) & 0xff;
  }

  public static short getShort(long address) {
    return ALL.get(JAVA_SHORT_UNALIGNED, address);
  }

  public static void putShort(long address, short value) {
    ALL.set(JAVA_SHORT_UNALIGNED, address, value);
  }

  /** Two bytes in network order as 0..65535. */
  public static int getUnsignedShortBe(long address) {
    return ALL.get(SHORT_BE, address) & 0xffff;
  }

  public static void putShortBe(long address, int value) {
    ALL.set(SHORT_BE, address, (short) value);
  }

  public static int getInt(long address) {
    return ALL.get(JAVA_INT_UNALIGNED, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(JAVA_INT_UNALIGNED, address, value);
  }

  public static int getIntBe(long address) {
    return ALL.get(INT_BE, address);
  }

  public static void putIntBe(long address, int value) {
    ALL.set(INT_BE, address, value);
  }

  public static long getLong(long address) {
    return ALL.get(JAVA_LONG_UNALIGNED, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(JAVA_LONG_UNALIGNED, address, value);
  }

  public static long getLongBe(long address) {
    return ALL.get(LONG_BE, address);
  }

  public static void putLongBe(long address, long value) {
    ALL.set(LONG_BE, address, value);
  }

  /** Reads an aligned int that another thread may write; what it wrote before is seen too. */
  public static int getIntAcquire(long address) {
    return (int) ATOMIC_INT.getAcquire(ALL, address);
  }

  /** Writes an aligned int that other threads read by {@link #getIntAcquire}. */
  public static void putIntRelease(long address, int value) {
    ATOMIC_INT.setRelease(ALL, address, value);
  }

  /** Replaces an aligned int if it is {@code expected}; whether it was. */
  public static boolean compareAndSetInt(long address, int expected, int value) {
    return ATOMIC_INT.compareAndSet(ALL, address, expected, value);
  }

  /** Copies {@code bytes} from one address to another; the ranges may overlap. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Copies a part of {@code from} to {@code to}. */
  public static void copyIn(byte[] from, int offset, long to, int bytes) {
    MemorySegment.copy(from, offset, ALL, JAVA_BYTE, to, bytes);
  }

  /** Copies {@code bytes} at {@code from} into {@code to}. */
  public static void copyOut(long from, byte[] to, int offset, int bytes) {
    MemorySegment.copy(ALL, JAVA_BYTE, from, to, offset, bytes);
  }

  /** Sets {@code bytes} at {@code address} to zero. */
  public static void clear(long address, long bytes) {
    ALL.asSlice(address, bytes).fill((byte) 0);
  }
}
