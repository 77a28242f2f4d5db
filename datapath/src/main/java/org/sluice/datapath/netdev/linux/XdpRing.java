package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Mmap;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;

/**
 * A ring of an AF_XDP socket: one side puts entries in and moves the producer on, the other takes
 * them and moves the consumer on. Belongs to one thread on our side; the kernel is the other.
 *
 * <pre>
 *   producer (int) ... consumer (int) ... flags (int) ... SIZE entries of 8 or 16 bytes
 * </pre>
 *
 * <p>Both positions count on without end; an entry's place is its position modulo the size.
 */
final class XdpRing {
  static final int SIZE = 1024;

  /** The four rings, in the kernel's order. */
  enum Kind {
    RECEIVE(2, 0, 16),
    TRANSMIT(3, 0x8000_0000L, 16),
    FILL(5, 0x1_0000_0000L, 8),
    COMPLETION(6, 0x1_8000_0000L, 8);

    private final int option;
    private final long mapAt;
    private final int entryBytes;

    Kind(int option, long mapAt, int entryBytes) {
      this.option = option;
      this.mapAt = mapAt;
      this.entryBytes = entryBytes;
    }
  }

  private static final int XDP_MMAP_OFFSETS = 1;
  private static final int OFFSETS_BYTES = 32;
  private static final int NEED_WAKEUP = 1;
  private static final int POSITIONS_BYTES = 16;

  private final long memory;
  private final long mappedBytes;
  private final long producer;
  private final long consumer;
  private final long flags;
  private final long entries;
  private final int entryBytes;

  XdpRing(int socket, Kind kind) throws LinuxException {
    String attempted = "set up an AF_XDP ring";
    check(Sockets.setOption(socket, Sockets.SOL_XDP, kind.option, SIZE), attempted);
    this.entryBytes = kind.entryBytes;
    try (Arena arena = Arena.ofConfined()) {
      int bytes = OFFSETS_BYTES * Kind.values().length;
      long all = arena.allocate(bytes, 8).address();
      check(Sockets.getOption(socket, Sockets.SOL_XDP, XDP_MMAP_OFFSETS, all, bytes), attempted);
      long offsets = all + (long) kind.ordinal() * OFFSETS_BYTES;
      this.mappedBytes = OffHeap.getLong(offsets + 16) + (long) SIZE * entryBytes;
      this.memory = check(Mmap.shared(socket, mappedBytes, kind.mapAt), attempted);
      this.producer = memory + OffHeap.getLong(offsets);
      this.consumer = memory + OffHeap.getLong(offsets + 8);
      this.entries = memory + OffHeap.getLong(offsets + 16);
      this.flags = memory + OffHeap.getLong(offsets + 24);
    }
  }

  /** A ring of {@code kind} at {@code memory}, with its positions in front of the entries. */
  XdpRing(long memory, Kind kind) {
    this.memory = memory;
    this.entryBytes = kind.entryBytes;
    this.mappedBytes = bytes(kind);
    this.producer = memory;
    this.consumer = memory + 4;
    this.flags = memory + 8;
    this.entries = memory + POSITIONS_BYTES;
  }

  /** What such a ring takes. */
  static long bytes(Kind kind) {
    return POSITIONS_BYTES + (long) SIZE * kind.entryBytes;
  }

  private long entry(int position) {
    return entries + (long) (position & SIZE - 1) * entryBytes;
  }

  /** The next entry to take, or 0 where there is none. */
  long next() {
    int at = OffHeap.getInt(consumer);
    return at == OffHeap.getIntAcquire(producer) ? 0 : entry(at);
  }

  /** The entry of {@link #next} is the kernel's again. */
  void taken() {
    OffHeap.putIntRelease(consumer, OffHeap.getInt(consumer) + 1);
  }

  /** The next entry to write, or 0 where the ring is full. */
  long free() {
    int at = OffHeap.getInt(producer);
    return at - OffHeap.getIntAcquire(consumer) == SIZE ? 0 : entry(at);
  }

  /** The entry of {@link #free} is written. */
  void put() {
    OffHeap.putIntRelease(producer, OffHeap.getInt(producer) + 1);
  }

  /** Whether the kernel has entries that it has not taken yet. */
  boolean isPending() {
    return OffHeap.getInt(producer) != OffHeap.getIntAcquire(consumer);
  }

  /** Whether the kernel looks at new entries only when it is called. */
  boolean needsWakeUp() {
    return (OffHeap.getIntAcquire(flags) & NEED_WAKEUP) != 0;
  }

  void close() {
    Mmap.unmap(memory, mappedBytes);
  }
}
