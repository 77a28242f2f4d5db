package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryRegion;

/**
 * One part of the hash index, with the timer wheel and a few slots that its connections have left.
 *
 * <p>Chains of indices hang from an array of buckets that grows fourfold when there are more
 * connections than buckets: seldom, because each time every record has to be fetched from memory.
 * It shrinks when it has been nearly empty for a while, because then few have to be. Whoever
 * changes any of it holds the lock. Readers do not: they follow a chain that may change under them,
 * check what they find by the record's own lock word, and trust a miss only if {@link #sequence} is
 * even and has not changed, because a record that leaves a chain may take them into another one.
 */
final class Shard extends SpinLock {
  private static final int INITIAL_LOG2 = 4;
  private static final int MAX_LOG2 = 24;
  private static final int GROWTH_LOG2 = 2;

  /** Less than one connection in so many buckets, as a logarithm, are few. */
  private static final int SPARSE_LOG2 = 4;

  private static final int LOG2_MASK = 63;
  private static final int CACHE_BATCH = 16;
  private static final VarHandle BUCKETS;
  private static final VarHandle SEQUENCE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BUCKETS = lookup.findVarHandle(Shard.class, "buckets", long.class);
      SEQUENCE = lookup.findVarHandle(Shard.class, "sequence", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final TimerWheel wheel;
  private final ConnectionSlab slab;
  private final BucketArrays arrays;
  private final int number;

  /** Address of the buckets, and the logarithm of their number in the low six bits. */
  private long buckets;

  /** Odd while chains are rebuilt; moves on by two for each record that leaves a chain. */
  private int sequence;

  private int count;
  private int aliases;
  private int retired = NIL;
  private int cachedHead = NIL;
  private int cachedCount;

  /** Since when there have been far too many buckets; 0 where there are not. */
  private long sparseSinceMs;

  /** The shard of that number, without connections. */
  Shard(ConnectionSlab slab, BucketArrays arrays, int number) {
    this.slab = slab;
    this.arrays = arrays;
    this.number = number;
    this.wheel = new TimerWheel(slab);
    long array = arrays.take(INITIAL_LOG2, number);
    if (array == MemoryRegion.NONE) {
      throw new OutOfMemoryError("no memory for an index of connections");
    }
    this.buckets = array | INITIAL_LOG2;
  }

  /** Read before walking a chain without the lock. */
  int sequence() {
    return (int) SEQUENCE.getAcquire(this);
  }

  /** Whether a walk begun at {@code before} saw a whole chain. */
  boolean isUnchanged(int before) {
    VarHandle.acquireFence();
    return (before & 1) == 0 && before == (int) SEQUENCE.getOpaque(this);
  }

  /** The first record of the chain for {@code hash}. */
  int head(int hash) {
    return OffHeap.getIntAcquire(bucket((long) BUCKETS.getAcquire(this), hash));
  }

  private static long bucket(long buckets, int hash) {
    int log2 = (int) buckets & LOG2_MASK;
    return (buckets & ~LOG2_MASK) + ((long) (hash & ((1 << log2) - 1)) << 2);
  }

  /** Records in this shard's chains. */
  int count() {
    return count;
  }

  /** Those of them that are aliases. */
  int aliases() {
    return aliases;
  }

  // --- With the lock held.

  /** A slot that was left here, else one of {@code supply}; NIL if memory is used up. */
  int allocate(SlotSupply supply) {
    assert isLocked();
    return cachedHead == NIL ? supply.take() : takeCached();
  }

  private int takeCached() {
    int index = cachedHead;
    cachedHead = ConnectionRecord.next(slab.address(index));
    cachedCount--;
    return index;
  }

  /** Gives a slot back. */
  void free(int index) {
    assert isLocked();
    ConnectionRecord.putNext(slab.address(index), cachedHead);
    cachedHead = index;
    cachedCount++;
    if (cachedCount > 2 * CACHE_BATCH) {
      emptyCache();
    }
  }

  private void emptyCache() {
    slab.lock();
    for (int i = 0; i < CACHE_BATCH; i++) {
      slab.freeLocked(takeCached());
    }
    slab.unlock();
  }

  /** Gives all free slots kept here back, so that the chunks they are in can become empty. */
  void giveCacheBack() {
    assert isLocked();
    if (cachedCount == 0) {
      return;
    }
    slab.lock();
    while (cachedCount > 0) {
      slab.freeLocked(takeCached());
    }
    slab.unlock();
  }

  /** Free slots kept here. */
  int cachedSlots() {
    return cachedCount;
  }

  /** Makes a record visible to everybody. */
  void link(int index) {
    assert isLocked();
    long record = slab.address(index);
    long bucket = bucket(buckets, ConnectionRecord.hash(record));
    ConnectionRecord.putNext(record, OffHeap.getInt(bucket));
    OffHeap.putIntRelease(bucket, index);
    count++;
    if (count > 1 << (buckets & LOG2_MASK)) {
      grow();
    }
  }

  /** Takes a record out of its chain. */
  void unlink(int index) {
    assert isLocked();
    long record = slab.address(index);
    int next = ConnectionRecord.next(record);
    long bucket = bucket(buckets, ConnectionRecord.hash(record));
    int at = OffHeap.getInt(bucket);
    if (at == index) {
      OffHeap.putIntRelease(bucket, next);
    } else {
      while (ConnectionRecord.next(slab.address(at)) != index) {
        at = ConnectionRecord.next(slab.address(at));
      }
      ConnectionRecord.putNext(slab.address(at), next);
    }
    SEQUENCE.setRelease(this, sequence + 2);
    VarHandle.fullFence();
    count--;
  }

  /** {@link #link} for an alias. */
  void linkAlias(int index) {
    aliases++;
    link(index);
  }

  /** {@link #unlink} for an alias. */
  void unlinkAlias(int index) {
    aliases--;
    unlink(index);
  }

  /** Makes the alias of a connection that goes invisible, until somebody can release it. */
  void retire(int alias) {
    long record = slab.address(alias);
    ConnectionRecord.putOwner(record, NIL);
    ConnectionRecord.putRetiredNext(record, retired);
    retired = alias;
  }

  /** The retired aliases, chained by {@code retiredNext}; the caller releases them. */
  int takeRetired() {
    int first = retired;
    retired = NIL;
    return first;
  }

  private void grow() {
    int log2 = (int) buckets & LOG2_MASK;
    if (log2 < MAX_LOG2) {
      resize(log2 + GROWTH_LOG2);
    }
  }

  /**
   * Takes fewer buckets if there have been far too many for {@code idleMs}. To be called now and
   * then, by one thread.
   *
   * @return how much work that was: records moved and buckets looked at, sixteen counting as one
   */
  int shrink(long nowMs, long idleMs) {
    assert isLocked();
    int log2 = (int) buckets & LOG2_MASK;
    if (log2 == INITIAL_LOG2 || count > 1 << (log2 - SPARSE_LOG2)) {
      sparseSinceMs = 0;
      return 0;
    }
    if (sparseSinceMs == 0) {
      sparseSinceMs = Math.max(1, nowMs);
    }
    if (nowMs - sparseSinceMs < idleMs) {
      return 0;
    }
    sparseSinceMs = 0;
    int wanted = INITIAL_LOG2;
    while (count > 1 << (wanted - GROWTH_LOG2)) {
      wanted += GROWTH_LOG2;
    }
    resize(wanted);
    return count + (1 << (log2 - SPARSE_LOG2));
  }

  /** Leaves everything as it is if there is no memory for it: chains are longer then. */
  private void resize(int log2) {
    long array = arrays.take(log2, number);
    if (array == MemoryRegion.NONE) {
      return;
    }
    long old = buckets;
    int oldLog2 = (int) old & LOG2_MASK;
    long other = array | log2;
    SEQUENCE.setOpaque(this, sequence + 1);
    VarHandle.fullFence();
    for (int i = 0; i < 1 << oldLog2; i++) {
      moveChain(OffHeap.getInt((old & ~LOG2_MASK) + 4L * i), other);
    }
    BUCKETS.setRelease(this, other);
    SEQUENCE.setRelease(this, sequence + 1);
    arrays.give(oldLog2);
  }

  private void moveChain(int head, long target) {
    int index = head;
    while (index != NIL) {
      long record = slab.address(index);
      int next = ConnectionRecord.next(record);
      long bucket = bucket(target, ConnectionRecord.hash(record));
      ConnectionRecord.putNext(record, OffHeap.getInt(bucket));
      OffHeap.putInt(bucket, index);
      index = next;
    }
  }
}
