package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sluice.base.pages.MemoryRegion;

/**
 * Finds, makes and removes connections: the index over the records of a {@link ConnectionSlab}.
 *
 * <p>The hash is the same for both directions of a connection, so one lookup finds it from either
 * side. Its high bits choose one of 256 shards, its low bits a bucket there. Looking up takes no
 * lock but that of the record it finds; making and removing connections take their shard's lock;
 * the only lock for all is the slab's, taken for many slots at a time mostly. Any thread may call
 * any method, except that {@link #sweep} is for one thread at a time.
 */
public final class ConnectionTable implements AutoCloseable {
  /** Told when a connection goes; called with its shard and its record locked. */
  public interface RemovalListener {
    /** The record at {@code index} is about to be freed. */
    void removing(int index, long record);
  }

  /** Result of {@link #beginCreate}: somebody else made it meanwhile. */
  public static final int EXISTS = -1;

  /** Result of {@link #beginCreate}: its answers would be taken for a translated connection's. */
  public static final int CLASH = -2;

  private static final int SHARDS = 256;
  private static final int SHARD_SHIFT = 24;
  private static final int RETRY = -1;
  private static final int MAX_WALK = 4096;
  private static final int SWEEP_BURST = 64;

  /** In so many calls all shards are asked for what they can give back. */
  private static final int SHRINKING_TURNS = 16;

  /** Records that may be moved in one call, or a shard's. */
  private static final int SHRINKING_WORK = 4096;

  private final MemoryRegion memory;
  private final ConnectionSlab slab;
  private final BucketArrays arrays;
  private final Shard[] shards = new Shard[SHARDS];
  private final RemovalListener listener;
  private final List<SlotSupply> supplies = new CopyOnWriteArrayList<>();
  private int sweeping;
  private int givingBack;

  /** Makes an empty table that may take as much memory as the system has. */
  public ConnectionTable(RemovalListener listener) {
    this(listener, new MemoryRegion());
  }

  /** Makes an empty table in {@code memory}, which it closes. */
  ConnectionTable(RemovalListener listener, MemoryRegion memory) {
    this.memory = memory;
    this.slab = new ConnectionSlab(memory);
    this.arrays = new BucketArrays(memory, SHARDS);
    this.listener = listener;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard(slab, arrays, i);
    }
  }

  /** Gives all memory back; nothing may be asked of it any more. */
  @Override
  public void close() {
    memory.close();
  }

  /** The records' memory. */
  public ConnectionSlab slab() {
    return slab;
  }

  /** Free slots for a thread of its own that makes connections. */
  public SlotSupply newSupply() {
    SlotSupply made = new SlotSupply(slab);
    supplies.add(made);
    return made;
  }

  /** Gives back what is left of {@code supply}; nothing may be taken from it any more. */
  public void close(SlotSupply supply) {
    supply.giveBack();
    supplies.remove(supply);
  }

  private Shard shard(int hash) {
    return shards[hash >>> SHARD_SHIFT];
  }

  /**
   * Finds the connection that {@code key} belongs to, expired or not, and locks its record.
   *
   * @return index &lt;&lt; 1 | direction, 1 being the reply direction; 0 if there is none
   */
  public int findLocked(ConnectionKey key) {
    Shard shard = shard(key.hash);
    for (int spins = 1; ; spins++) {
      int sequence = shard.sequence();
      int match = walk(shard, key);
      if (match > 0) {
        return match;
      }
      if (match == NIL && shard.isUnchanged(sequence)) {
        return NIL;
      }
      SpinLock.pause(spins);
    }
  }

  /**
   * The first record that a lookup of this hash is going to meet; NIL for none. For whoever has
   * many lookups to make: the accesses to memory do not wait for each other.
   */
  public int firstFor(int hash) {
    return shard(hash).head(hash);
  }

  /** Reads a little of a record, so that a lookup finds it near; gives the next of its chain. */
  public int approach(int index) {
    return index == NIL ? NIL : ConnectionRecord.next(slab.address(index));
  }

  private int walk(Shard shard, ConnectionKey key) {
    int index = shard.head(key.hash);
    for (int steps = 0; index != NIL; steps++) {
      long record = slab.address(index);
      int word = ConnectionRecord.lockWord(record);
      if (ConnectionRecord.matchesForward(record, key)) {
        int flags = ConnectionRecord.flags(record);
        if ((flags & ConnectionRecord.ALIAS) == 0) {
          return lockFound(record, word) ? index << 1 : RETRY;
        }
        if (ConnectionRecord.owner(record) != NIL) {
          return lockOwner(index, record, key, 1);
        }
      } else if (ConnectionRecord.matchesReply(record, key)) {
        int flags = ConnectionRecord.flags(record);
        if ((flags & ConnectionRecord.ALIAS) != 0) {
          if (key.translated && ConnectionRecord.owner(record) != NIL) {
            return lockOwner(index, record, key, 0);
          }
        } else if ((flags & ConnectionRecord.TRANSLATED) == 0 || key.translated) {
          return lockFound(record, word) ? index << 1 | 1 : RETRY;
        }
      }
      if (steps == MAX_WALK) {
        return RETRY;
      }
      index = ConnectionRecord.next(record);
    }
    return NIL;
  }

  /** Locks the connection that an alias belongs to, if it still does. */
  private int lockOwner(int alias, long aliasRecord, ConnectionKey key, int direction) {
    int owner = ConnectionRecord.owner(aliasRecord);
    if (owner == NIL) {
      return RETRY;
    }
    long record = slab.address(owner);
    if (!ConnectionRecord.tryLock(record, ConnectionRecord.lockWord(record))) {
      return RETRY;
    }
    boolean isSame =
        (ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) != 0
            && ConnectionRecord.extension(record) == alias
            && (direction != 0
                ? ConnectionRecord.matchesForward(aliasRecord, key)
                : ConnectionRecord.matchesReply(aliasRecord, key));
    if (!isSame) {
      ConnectionRecord.unlock(record);
      return RETRY;
    }
    return owner << 1 | direction;
  }

  private static boolean lockFound(long record, int word) {
    if (!ConnectionRecord.tryLock(record, word)) {
      return false;
    }
    if ((ConnectionRecord.flags(record) & ConnectionRecord.LIVE) == 0) {
      ConnectionRecord.unlock(record);
      return false;
    }
    return true;
  }

  /** Where the reply tuple of a translated connection is; 0 for one that is not translated. */
  public long aliasOf(long record) {
    return (ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) == 0
        ? 0
        : slab.address(ConnectionRecord.extension(record));
  }

  /** Where the tuple of a translated connection's other direction is. */
  public long otherTuple(long record, int direction) {
    return direction == 0 ? slab.address(ConnectionRecord.extension(record)) : record;
  }

  // --- Creation.

  /**
   * Reserves the reply tuple of a connection that is going to be translated: from now on nobody
   * else gets it. It is found by packets once {@link #finishCreate} has tied it to its connection;
   * {@link #release} gives it back before.
   *
   * @param supply the calling thread's
   * @return the alias's index; {@link #EXISTS} if some connection has the tuple, NIL if memory is
   *     used up
   */
  public int reserve(ConnectionKey reply, SlotSupply supply, long nowMs) {
    if (lockForCreation(reply, false, nowMs) != NIL) {
      return EXISTS;
    }
    Shard shard = shard(reply.hash);
    int index = shard.allocate(supply);
    if (index != NIL) {
      long record = slab.address(index);
      ConnectionRecord.putKey(record, reply);
      ConnectionRecord.putFlags(record, ConnectionRecord.ALIAS);
      ConnectionRecord.putOwner(record, NIL);
      ConnectionRecord.putPool(record, NIL);
      ConnectionRecord.clearShifts(record);
      shard.linkAlias(index);
    }
    shard.unlock();
    return index;
  }

  /** Gives a tuple that was reserved, or a connection's that is gone, back. */
  public void release(int alias) {
    long record = slab.address(alias);
    Shard shard = shard(ConnectionRecord.hash(record));
    shard.lock();
    shard.unlinkAlias(alias);
    ConnectionRecord.lock(record);
    ConnectionRecord.putFlags(record, 0);
    ConnectionRecord.unlockChanged(record);
    shard.free(alias);
    shard.unlock();
  }

  /** Whether a packet with the tuple would be taken for some connection's. */
  public boolean isTaken(ConnectionKey key, long nowMs) {
    if (lockForCreation(key, false, nowMs) != NIL) {
      return true;
    }
    shard(key.hash).unlock();
    return false;
  }

  /**
   * Locks the key's shard and takes a slot in it for a new connection. The caller fills the record,
   * which is locked too against readers astray, and calls {@link #finishCreate}.
   *
   * @param alias what {@link #reserve} gave for its reply tuple; NIL for one that is not translated
   * @param supply the calling thread's
   * @return the slot's index; {@link #EXISTS} if a connection has the tuple, {@link #CLASH} if its
   *     answers would be taken for another's, NIL if memory is used up: in these cases nothing is
   *     locked
   */
  public int beginCreate(ConnectionKey key, int alias, SlotSupply supply, long nowMs) {
    int conflict = lockForCreation(key, alias == NIL, nowMs);
    if (conflict != NIL) {
      return conflict;
    }
    Shard shard = shard(key.hash);
    int index = shard.allocate(supply);
    if (index == NIL) {
      shard.unlock();
      return NIL;
    }
    long record = slab.address(index);
    ConnectionRecord.lock(record);
    ConnectionRecord.putKey(record, key);
    ConnectionRecord.putExtension(record, alias);
    return index;
  }

  /**
   * Locks the shard of a tuple that nobody has, and returns NIL. Where somebody has it nothing is
   * locked.
   *
   * @param bothWays whether the tuple turned round must be free too
   */
  private int lockForCreation(ConnectionKey key, boolean bothWays, long nowMs) {
    Shard shard = shard(key.hash);
    for (; ; ) {
      shard.lock();
      int conflict = conflict(shard, key, bothWays);
      if (conflict == NIL) {
        return NIL;
      }
      boolean isForward = ConnectionRecord.matchesForward(slab.address(conflict), key);
      int flags = ConnectionRecord.flags(slab.address(conflict));
      boolean isAlias = (flags & ConnectionRecord.ALIAS) != 0;
      int owner = isAlias ? ConnectionRecord.owner(slab.address(conflict)) : conflict;
      long handle = owner == NIL ? 0 : expiredHandle(owner, nowMs);
      shard.unlock();
      if (handle == 0) {
        return isTwoFaced(flags) && !isForward && owner != NIL ? CLASH : EXISTS;
      }
      remove(handle);
    }
  }

  /** Whether a record's tuple turned round is not what its answers look like. */
  private static boolean isTwoFaced(int flags) {
    return (flags & (ConnectionRecord.ALIAS | ConnectionRecord.TRANSLATED)) != 0;
  }

  /** The handle of a connection if it has expired; 0 otherwise. */
  private long expiredHandle(int index, long nowMs) {
    long record = slab.address(index);
    int word = ConnectionRecord.lockWord(record) & ~1;
    return ConnectionRecord.expiresMs(record) <= nowMs ? ConnectionRecord.handle(index, word) : 0;
  }

  /**
   * A record in a locked shard that a packet of the tuple, or also one of the tuple turned round,
   * would be taken for; NIL for none.
   */
  private int conflict(Shard shard, ConnectionKey key, boolean bothWays) {
    int index = shard.head(key.hash);
    while (index != NIL) {
      long record = slab.address(index);
      boolean isTwoFaced = isTwoFaced(ConnectionRecord.flags(record));
      if (ConnectionRecord.matchesForward(record, key)
          || (ConnectionRecord.matchesReply(record, key) && (bothWays || !isTwoFaced))) {
        return index;
      }
      index = ConnectionRecord.next(record);
    }
    return NIL;
  }

  /**
   * Makes the record begun by {@link #beginCreate} visible and unlocks it and the shard. A reader
   * astray may have seen the slot while it was free, with the key that it had before; the lock word
   * of then must not fit any more.
   *
   * @return its handle
   */
  public long finishCreate(int index, long nowMs) {
    long record = slab.address(index);
    assert (ConnectionRecord.flags(record) & ConnectionRecord.LIVE) != 0 : "not filled in";
    Shard shard = shard(ConnectionRecord.hash(record));
    if ((ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) != 0) {
      ConnectionRecord.putOwner(slab.address(ConnectionRecord.extension(record)), index);
    }
    insertInWheel(shard, index, nowMs);
    int word = ConnectionRecord.unlockChanged(record);
    shard.link(index);
    shard.unlock();
    return ConnectionRecord.handle(index, word);
  }

  // --- Removal.

  /** Removes a connection if it still is the one that {@code handle} stands for; whether it was. */
  public boolean remove(long handle) {
    int index = (int) handle;
    long record = slab.address(index);
    Shard shard = shard(ConnectionRecord.hash(record));
    shard.lock();
    boolean locked = lockSame(record, ConnectionRecord.lockWordOf(handle));
    if (locked) {
      listener.removing(index, record);
      shard.wheel.remove(index);
      free(shard, index);
    }
    int retired = shard.takeRetired();
    shard.unlock();
    releaseRetired(retired);
    return locked;
  }

  /** Locks a connection if it still is the one that {@code handle} stands for. */
  public boolean lockIfSame(long handle) {
    return lockSame(slab.address((int) handle), ConnectionRecord.lockWordOf(handle));
  }

  /** Locks the record unless its generation is another than {@code word}'s. */
  private static boolean lockSame(long record, int word) {
    int spins = 0;
    while (!ConnectionRecord.tryLock(record, word)) {
      if (ConnectionRecord.lockWord(record) >>> 1 != word >>> 1) {
        return false;
      }
      SpinLock.pause(++spins);
    }
    return true;
  }

  /**
   * Frees a locked record that is in no timer slot. An alias is in another shard, whose lock may
   * not be taken now: it is retired, which makes it invisible, and released when this shard is
   * unlocked.
   */
  private void free(Shard shard, int index) {
    long record = slab.address(index);
    shard.unlink(index);
    int extension = ConnectionRecord.extension(record);
    if (extension != NIL) {
      if ((ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) != 0) {
        shard.retire(extension);
      } else {
        slab.free(extension);
      }
    }
    ConnectionRecord.putExtension(record, NIL);
    ConnectionRecord.putFlags(record, 0);
    ConnectionRecord.unlockChanged(record);
    shard.free(index);
  }

  private void releaseRetired(int first) {
    int alias = first;
    while (alias != NIL) {
      int next = ConnectionRecord.retiredNext(slab.address(alias));
      release(alias);
      alias = next;
    }
  }

  /** Has the connection looked at by its present expiry, which is earlier than it was. */
  public void rearm(int index, long nowMs) {
    long record = slab.address(index);
    int hash = ConnectionRecord.hash(record);
    Shard shard = shard(hash);
    shard.lock();
    if (hash == ConnectionRecord.hash(record)
        && (ConnectionRecord.flags(record) & ConnectionRecord.LIVE) != 0) {
      shard.wheel.remove(index);
      insertInWheel(shard, index, nowMs);
    }
    shard.unlock();
  }

  private void insertInWheel(Shard shard, int index, long nowMs) {
    long expiresMs = ConnectionRecord.expiresMs(slab.address(index));
    long now = Math.floorDiv(nowMs, (long) TimerWheel.TICK_MS);
    shard.wheel.insert(index, TimerWheel.tickOf(expiresMs), now);
  }

  /**
   * Frees connections that have expired.
   *
   * @param maxWork records to look at, at most
   * @return how many were looked at; less than {@code maxWork} if none is left to look at
   */
  public int sweep(long nowMs, int maxWork) {
    int work = 0;
    for (int visited = 0; visited < SHARDS && work < maxWork; ) {
      int burst = Math.min(maxWork - work, SWEEP_BURST);
      int done = sweepShard(shards[sweeping], nowMs, burst);
      work += done;
      if (done < burst) {
        sweeping = (sweeping + 1) % SHARDS;
        visited++;
      }
    }
    return work;
  }

  private int sweepShard(Shard shard, long nowMs, int maxWork) {
    long now = Math.floorDiv(nowMs, (long) TimerWheel.TICK_MS);
    shard.lock();
    int work = 0;
    while (work < maxWork) {
      int index = shard.wheel.pollDue(now);
      if (index == NIL) {
        break;
      }
      expireOrKeep(shard, index, nowMs);
      work++;
    }
    int retired = shard.takeRetired();
    shard.unlock();
    releaseRetired(retired);
    return work;
  }

  private void expireOrKeep(Shard shard, int index, long nowMs) {
    long record = slab.address(index);
    ConnectionRecord.lock(record);
    if (ConnectionRecord.expiresMs(record) <= nowMs) {
      listener.removing(index, record);
      free(shard, index);
    } else {
      ConnectionRecord.unlock(record);
      insertInWheel(shard, index, nowMs);
    }
  }

  /**
   * Gives memory that connections have left back to the system: some shards' free slots and
   * buckets, a chunk of records at most. For one thread at a time, the same as for {@link
   * ConnectionSlab#prepare}; a few times a second is often enough.
   */
  public void giveBackMemory(long nowMs) {
    int work = 0;
    boolean isToRelease = slab.isToRelease();
    for (int i = 0; i < SHARDS / SHRINKING_TURNS && work < SHRINKING_WORK; i++) {
      Shard shard = shards[givingBack];
      shard.lock();
      work += shard.shrink(nowMs, ConnectionSlab.IDLE_MS);
      if (isToRelease) {
        shard.giveCacheBack();
      }
      shard.unlock();
      givingBack = (givingBack + 1) % SHARDS;
    }
    arrays.release(nowMs, ConnectionSlab.IDLE_MS);
    if (isToRelease) {
      slab.release(nowMs);
    }
  }

  /** Connections, expired ones that have not been swept included. */
  public int count() {
    int count = 0;
    for (Shard shard : shards) {
      count += shard.count() - shard.aliases();
    }
    return count;
  }

  /** Bytes of memory for records and index. */
  public long memoryBytes() {
    return slab.memoryBytes() + arrays.memoryBytes();
  }

  /** Bytes of records in use and of the index. */
  public long usedBytes() {
    int records = slab.usedRecords() - 1 - slab.freeRecords();
    for (Shard shard : shards) {
      records -= shard.cachedSlots();
    }
    for (SlotSupply supply : supplies) {
      records -= supply.size();
    }
    return Math.max(0L, records) * ConnectionRecord.BYTES + arrays.memoryBytes();
  }

  /**
   * Checks that every slot ever used is exactly one of: linked in the bucket of its hash and in a
   * timer slot, an extension, or free. For tests, on a table that nobody else uses.
   *
   * @param others records of the slab that are used for other things
   */
  public boolean isConsistent(int others) {
    return new TableCheck(slab, shards, supplies).isConsistent(others);
  }
}
