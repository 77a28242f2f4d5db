package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryRegion;

/**
 * The memory of all records: chunks of fixed size, added as they are needed, addressed by index.
 *
 * <p>Index 0 means no record, so the first slot holds the header:
 *
 * <pre>
 *    0  long  magic "SLUICECT"        16  int  records that were ever used
 *    8  int   layout version          20  int  head of the free list
 *   12  int   bytes per record        24  int  length of the free list
 * </pre>
 *
 * <p>With the header, and indices for links, the chunks mean the same wherever they are mapped. The
 * header belongs to whoever holds this object's lock; shards take and return slots by the batch,
 * and keep a few. Memory of freed records is used again, and never unmapped under a reader: whoever
 * made the region that it lies in gives it back when nobody reads any more.
 */
public final class ConnectionSlab extends SpinLock {
  /** Changes when {@link ConnectionRecord}'s layout does. */
  public static final int LAYOUT_VERSION = 4;

  /** Records in a chunk: three huge pages of them. */
  public static final int CHUNK_RECORDS = 32_768;

  /** Most records that indices reach. */
  public static final int MAX_RECORDS = 1 << 26;

  private static final int CHUNK_SHIFT = 15;
  private static final int PAGE_BYTES = 4096;

  /** Records made ready by one call of {@link #prepare}: less than a huge page of them. */
  private static final int PORTION = CHUNK_RECORDS / 4;

  private static final int CACHE_LINE_BYTES = 64;
  private static final long MAGIC = 0x5443_4543_4955_4c53L;
  private static final int HEADER_VERSION = 8;
  private static final int HEADER_RECORD_BYTES = 12;
  private static final int HEADER_USED = 16;
  private static final int HEADER_FREE_HEAD = 20;
  private static final int HEADER_FREE_COUNT = 24;

  private final MemoryRegion memory;
  private final long[] chunks = new long[MAX_RECORDS / CHUNK_RECORDS];
  private int chunkCount;

  /** Records whose memory is there; belongs to whoever calls {@link #prepare}. */
  private int prepared;

  /** Makes a slab of one chunk, in {@code memory}. */
  public ConnectionSlab(MemoryRegion memory) {
    this.memory = memory;
    assert ConnectionRecord.BYTES % CACHE_LINE_BYTES == 0 && CHUNK_RECORDS == 1 << CHUNK_SHIFT;
    addChunk();
    long header = chunks[0];
    OffHeap.putLong(header, MAGIC);
    OffHeap.putInt(header + HEADER_VERSION, LAYOUT_VERSION);
    OffHeap.putInt(header + HEADER_RECORD_BYTES, ConnectionRecord.BYTES);
    OffHeap.putInt(header + HEADER_USED, 1);
  }

  private void addChunk() {
    chunks[chunkCount] = memory.allocate(recordBytes(CHUNK_RECORDS), CACHE_LINE_BYTES);
    chunkCount++;
  }

  /**
   * Has the kernel provide memory for records that are going to be used, so that packet threads do
   * not wait while it clears pages: a chunk ahead and a quarter of what is in use. Does a portion
   * of it; for one thread at a time.
   *
   * @return whether there was anything to do
   */
  public boolean prepare() {
    int used = usedRecords();
    prepared = Math.max(prepared, used & -PORTION);
    if (prepared >= Math.min(MAX_RECORDS, used + CHUNK_RECORDS + used / 4)) {
      return false;
    }
    long start = chunk(prepared >>> CHUNK_SHIFT) + recordBytes(prepared & (CHUNK_RECORDS - 1));
    for (long at = start; at < start + recordBytes(PORTION); at += PAGE_BYTES) {
      OffHeap.compareAndSetInt(at, 0, 0); // changes nothing, whoever uses it meanwhile
    }
    prepared += PORTION;
    return true;
  }

  private long chunk(int number) {
    lock();
    try {
      if (number == chunkCount) {
        addChunk();
      }
      return chunks[number];
    } finally {
      unlock(); // the system may have no more memory, and packet threads must not wait for ever
    }
  }

  private static long recordBytes(int records) {
    return records * (long) ConnectionRecord.BYTES;
  }

  /** Where the record at {@code index} is; any index once handed out stays readable. */
  public long address(int index) {
    assert index > NIL : "no record " + index;
    return OffHeap.pointer(
        chunks[index >>> CHUNK_SHIFT] + recordBytes(index & (CHUNK_RECORDS - 1)));
  }

  /** Takes a zeroed slot (but for its lock word); {@link ConnectionRecord#NIL} if none is left. */
  public int allocate() {
    lock();
    try {
      return allocateLocked();
    } finally {
      unlock();
    }
  }

  /** Takes slot, with the lock held; its content but for the lock word is undefined. */
  int allocateLocked() {
    long header = chunks[0];
    int head = OffHeap.getInt(header + HEADER_FREE_HEAD);
    if (head != NIL) {
      OffHeap.putInt(header + HEADER_FREE_HEAD, ConnectionRecord.next(address(head)));
      addTo(header + HEADER_FREE_COUNT, -1);
      return head;
    }
    int used = usedRecords();
    if (used == MAX_RECORDS) {
      return NIL;
    }
    if (used == chunkCount * CHUNK_RECORDS) {
      addChunk();
    }
    OffHeap.putIntRelease(header + HEADER_USED, used + 1);
    return used;
  }

  /** Gives a slot back. */
  public void free(int index) {
    lock();
    freeLocked(index);
    unlock();
  }

  /** Gives a slot back, with the lock held. */
  void freeLocked(int index) {
    long header = chunks[0];
    assert (ConnectionRecord.flags(address(index)) & ConnectionRecord.LIVE) == 0 : "in use";
    ConnectionRecord.putNext(address(index), OffHeap.getInt(header + HEADER_FREE_HEAD));
    OffHeap.putInt(header + HEADER_FREE_HEAD, index);
    addTo(header + HEADER_FREE_COUNT, 1);
  }

  private static void addTo(long address, int delta) {
    OffHeap.putInt(address, OffHeap.getInt(address) + delta);
  }

  /** One more than the highest index handed out so far. */
  public int usedRecords() {
    return OffHeap.getIntAcquire(chunks[0] + HEADER_USED);
  }

  /** Slots on the common free list. */
  public int freeRecords() {
    return OffHeap.getInt(chunks[0] + HEADER_FREE_COUNT);
  }

  /** Bytes of memory in all chunks. */
  public long memoryBytes() {
    return chunkCount * recordBytes(CHUNK_RECORDS);
  }
}
