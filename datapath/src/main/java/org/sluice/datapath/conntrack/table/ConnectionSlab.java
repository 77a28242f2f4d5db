package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.util.BitSet;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryRegion;

/**
 * The memory of all records: chunks of fixed size, added as they are needed, addressed by index.
 *
 * <p>Index 0 means no record, so the first slot holds the header:
 *
 * <pre>
 *    0  long  magic "SLUICECT"        16  int  one more than the highest index in use
 *    8  int   layout version          20  int  lock word that a slot's life begins with
 *   12  int   bytes per record        24  int  records in use
 * </pre>
 *
 * <p>With the header, and indices for links, the chunks mean the same wherever they are mapped.
 * Each chunk has a list of its free slots, and slots behind them that are fresh; the lowest chunk
 * with room is used first, so that the upper ones become empty when there is less to remember.
 * {@link #release} gives the memory of an empty chunk back to the system; its addresses stay, so
 * that readers astray see a slot that is nobody's: no lock word of a life is 0. And as slots begin
 * their next life with a lock word that none of them had before, handles from before mean nothing.
 *
 * <p>All this belongs to whoever holds this object's lock; packet threads take slots by the batch
 * ({@link SlotSupply}), and shards return them so, and keep a few. Nothing is unmapped under a
 * reader: whoever made the region that it lies in does that when nobody reads any more.
 */
public final class ConnectionSlab extends SpinLock {
  /** Changes when {@link ConnectionRecord}'s layout does. */
  public static final int LAYOUT_VERSION = 7;

  /** Records in a chunk: five huge pages of them. */
  public static final int CHUNK_RECORDS = 65_536;

  /** Most records that indices reach. */
  public static final int MAX_RECORDS = 1 << 26;

  /** How long a chunk has been empty when its memory is given back. */
  public static final long IDLE_MS = 10_000;

  private static final int CHUNK_SHIFT = 16;
  private static final int MAX_CHUNKS = MAX_RECORDS / CHUNK_RECORDS;
  private static final int PAGE_BYTES = 4096;

  /** Records made ready by one call of {@link #prepare}: less than a huge page of them. */
  private static final int PORTION = CHUNK_RECORDS / 8;

  /** Records that there is room for beyond what is in use. */
  private static final int AHEAD = CHUNK_RECORDS / 2;

  /** And as many as a quarter of that, which comes soon, but no more than these. */
  private static final int MOST_FURTHER = CHUNK_RECORDS / 4;

  private static final int CACHE_LINE_BYTES = 64;
  private static final long MAGIC = 0x5443_4543_4955_4c53L;
  private static final int HEADER_VERSION = 8;
  private static final int HEADER_RECORD_BYTES = 12;
  private static final int HEADER_USED = 16;
  private static final int HEADER_FIRST_WORD = 20;
  private static final int HEADER_IN_USE = 24;

  /** One life further, unlocked. */
  private static final int NEXT_LIFE = 2;

  private final MemoryRegion memory;
  private final long[] chunks = new long[MAX_CHUNKS];
  private volatile int chunkCount;
  private final int[] freeHeads = new int[MAX_CHUNKS];
  private final int[] freeCounts = new int[MAX_CHUNKS];

  /** Slots of a chunk that were used since its memory came. */
  private final int[] used = new int[MAX_CHUNKS];

  /** A bit for each chunk that has room. */
  private final BitSet roomy = new BitSet(MAX_CHUNKS);

  /** Records of a chunk whose memory is there; belongs to whoever calls {@link #prepare}. */
  private final int[] prepared = new int[MAX_CHUNKS];

  /** Since when a chunk has been empty; belongs to whoever calls {@link #release}. */
  private final long[] emptySinceMs = new long[MAX_CHUNKS];

  /** Makes a slab of one chunk, in {@code memory}. */
  public ConnectionSlab(MemoryRegion memory) {
    this.memory = memory;
    assert ConnectionRecord.BYTES % (CACHE_LINE_BYTES / 2) == 0
        && CHUNK_RECORDS == 1 << CHUNK_SHIFT;
    if (!addChunk()) {
      throw new OutOfMemoryError("no memory for connections");
    }
    used[0] = 1;
    long header = chunks[0];
    OffHeap.putLong(header, MAGIC);
    OffHeap.putInt(header + HEADER_VERSION, LAYOUT_VERSION);
    OffHeap.putInt(header + HEADER_RECORD_BYTES, ConnectionRecord.BYTES);
    OffHeap.putInt(header + HEADER_USED, 1);
    OffHeap.putInt(header + HEADER_FIRST_WORD, NEXT_LIFE);
  }

  /** False if there is no memory for another chunk, or no index. */
  private boolean addChunk() {
    int number = chunkCount;
    long chunk =
        number == MAX_CHUNKS
            ? MemoryRegion.NONE
            : memory.allocate(recordBytes(CHUNK_RECORDS), CACHE_LINE_BYTES);
    if (chunk == MemoryRegion.NONE) {
      return false;
    }
    chunks[number] = chunk;
    roomy.set(number);
    chunkCount = number + 1;
    return true;
  }

  // --- Memory that comes before it is needed, and goes after.

  /** Records that there shall be room for: half a chunk ahead and up to a quarter of one. */
  private int wanted() {
    int now = inUse();
    return Math.min(MAX_RECORDS, now + AHEAD + Math.min(now / 4, MOST_FURTHER));
  }

  /**
   * Has the kernel provide memory for records that are going to be used, so that packet threads do
   * not wait while it clears pages. Does a portion of it; for one thread at a time, the same as for
   * {@link #release}.
   *
   * @return whether there was anything to do
   */
  public boolean prepare() {
    int wanted = wanted();
    for (int number = 0; number << CHUNK_SHIFT < wanted; number++) {
      prepared[number] = Math.max(prepared[number], used[number] & -PORTION);
      if (prepared[number] < Math.min(CHUNK_RECORDS, wanted - (number << CHUNK_SHIFT))) {
        return preparePortion(number);
      }
    }
    return false;
  }

  /** False if there is no memory for it. */
  private boolean preparePortion(int number) {
    if (!hasChunk(number)) {
      return false;
    }
    long start = chunks[number] + recordBytes(prepared[number]);
    for (long at = start; at < start + recordBytes(PORTION); at += PAGE_BYTES) {
      OffHeap.compareAndSetInt(at, 0, 0); // changes nothing, whoever uses it meanwhile
    }
    prepared[number] += PORTION;
    return true;
  }

  private boolean hasChunk(int number) {
    lock();
    boolean has = number < chunkCount || addChunk();
    unlock();
    return has;
  }

  /** Whether chunks hold memory beyond what {@link #prepare} would provide. */
  boolean isToRelease() {
    return firstIdle() < chunkCount;
  }

  /** The lowest chunk that is not wanted and has memory; the number of chunks if there is none. */
  private int firstIdle() {
    int number = Math.max(1, (wanted() + CHUNK_RECORDS - 1) >>> CHUNK_SHIFT);
    while (number < chunkCount && !hasMemory(number)) {
      number++;
    }
    return number;
  }

  private boolean hasMemory(int number) {
    return number == 0 || used[number] > 0 || prepared[number] > 0;
  }

  /**
   * Gives back the memory of a chunk that has been empty for {@link #IDLE_MS} and is not wanted.
   * For one thread at a time, the same as for {@link #prepare}.
   *
   * @return whether it did: there may be more
   */
  public boolean release(long nowMs) {
    for (int number = firstIdle(); number < chunkCount; number++) {
      if (!hasMemory(number) || freeCounts[number] != used[number]) {
        emptySinceMs[number] = 0;
      } else if (emptySinceMs[number] == 0) {
        emptySinceMs[number] = Math.max(1, nowMs);
      } else if (nowMs - emptySinceMs[number] >= IDLE_MS && close(number)) {
        discard(number);
        return true;
      }
    }
    return false;
  }

  /** Has an empty chunk have no room, so that nobody comes; false if somebody has. */
  private boolean close(int number) {
    lock();
    boolean isEmpty = freeCounts[number] == used[number];
    if (isEmpty) {
      roomy.clear(number);
    }
    unlock();
    return isEmpty;
  }

  private void discard(int number) {
    int word = NEXT_LIFE;
    for (int slot = 0; slot < used[number]; slot++) {
      int last = ConnectionRecord.lockWord(chunks[number] + recordBytes(slot));
      word = Math.max(word, (last & -NEXT_LIFE) + NEXT_LIFE);
    }
    boolean isGone = memory.discard(chunks[number], recordBytes(CHUNK_RECORDS));
    lock();
    if (isGone) {
      long first = chunks[0] + HEADER_FIRST_WORD;
      OffHeap.putInt(first, Math.max(OffHeap.getInt(first), word));
      freeHeads[number] = NIL;
      freeCounts[number] = 0;
      used[number] = 0;
      prepared[number] = 0;
      lowerEnd();
    }
    emptySinceMs[number] = 0;
    roomy.set(number);
    unlock();
  }

  private void lowerEnd() {
    int last = chunkCount - 1;
    while (used[last] == 0) {
      last--;
    }
    OffHeap.putIntRelease(chunks[0] + HEADER_USED, (last << CHUNK_SHIFT) + used[last]);
  }

  private static long recordBytes(int records) {
    return records * (long) ConnectionRecord.BYTES;
  }

  // --- Slots.

  /** Where the record at {@code index} is; any index once handed out stays readable. */
  public long address(int index) {
    assert index > NIL : "no record " + index;
    return OffHeap.pointer(
        chunks[index >>> CHUNK_SHIFT] + recordBytes(index & (CHUNK_RECORDS - 1)));
  }

  /** Takes a slot, of undefined content; {@link ConnectionRecord#NIL} if none is left. */
  public int allocate() {
    lock();
    int index = allocateLocked();
    unlock();
    return index;
  }

  /**
   * Takes a slot, with the lock held; its content but for the lock word is undefined. {@link
   * ConnectionRecord#NIL} if none is left.
   */
  int allocateLocked() {
    int number = roomy.nextSetBit(0);
    if (number < 0) {
      if (!addChunk()) {
        return NIL;
      }
      number = chunkCount - 1;
    }
    int index = freeHeads[number];
    if (index != NIL) {
      freeHeads[number] = ConnectionRecord.next(address(index));
      freeCounts[number]--;
    } else {
      index = takeFresh(number);
    }
    if (freeCounts[number] == 0 && used[number] == CHUNK_RECORDS) {
      roomy.clear(number);
    }
    OffHeap.putIntRelease(chunks[0] + HEADER_IN_USE, inUse() + 1);
    return index;
  }

  private int takeFresh(int number) {
    int index = (number << CHUNK_SHIFT) + used[number];
    used[number]++;
    long header = chunks[0];
    ConnectionRecord.begin(address(index), OffHeap.getInt(header + HEADER_FIRST_WORD));
    if (index >= usedRecords()) {
      OffHeap.putIntRelease(header + HEADER_USED, index + 1);
    }
    return index;
  }

  /** Gives a slot back. */
  public void free(int index) {
    lock();
    freeLocked(index);
    unlock();
  }

  /** Gives a slot back, with the lock held. */
  void freeLocked(int index) {
    assert (ConnectionRecord.flags(address(index)) & ConnectionRecord.LIVE) == 0 : "in use";
    int number = index >>> CHUNK_SHIFT;
    ConnectionRecord.putNext(address(index), freeHeads[number]);
    freeHeads[number] = index;
    freeCounts[number]++;
    roomy.set(number);
    OffHeap.putIntRelease(chunks[0] + HEADER_IN_USE, inUse() - 1);
  }

  /** One more than the highest index that may be in use. */
  public int usedRecords() {
    return OffHeap.getIntAcquire(chunks[0] + HEADER_USED);
  }

  private int inUse() {
    return OffHeap.getIntAcquire(chunks[0] + HEADER_IN_USE);
  }

  /** Slots below {@link #usedRecords} that nobody has. */
  public int freeRecords() {
    return usedRecords() - 1 - inUse();
  }

  /** Bytes of memory in all chunks that were not given back. */
  public long memoryBytes() {
    int held = 0;
    for (int number = 0; number < chunkCount; number++) {
      held += hasMemory(number) ? 1 : 0;
    }
    return held * recordBytes(CHUNK_RECORDS);
  }
}
