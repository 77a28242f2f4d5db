package org.sluice.datapath.conntrack.nat;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.SpinLock;

/**
 * Which ports of a translated address are in use towards one remote end. A port may be used again
 * towards every other end, so there is a pool for each pair; it comes with its first port and goes
 * with its last.
 *
 * <p>A pool answers at once, "full" included. With few ports it is a list: among one more candidate
 * than the list is long one must be free. Beyond that it is a map of 65,536 bits, read 64 at a
 * time. So taking a port never costs more than about a thousand steps, however full the pool, and
 * no other lock is held meanwhile.
 *
 * <pre>
 *   a pool's record     0: as a connection's: chain, key (local address, remote address and port)
 *                       8: nothing, see ConnectionRecord
 *                      64: address of the bit map, or 0     72: ports in use, int
 *                      76: 42 ports, 16 bits each
 * </pre>
 *
 * <p>Any thread may call any method; pools are spread over {@value #STRIPES} locks.
 */
public final class PortPools {
  /** Answer of {@link #take}: all ports are in use. */
  public static final long FULL = -1;

  /** Sees pools one by one, with a lock held. */
  @FunctionalInterface
  public interface Visitor {
    /** A pool's record, read as a connection's, and the ports in use. */
    void visit(long pool, int used);
  }

  private static final int STRIPES = 64;

  /** Slots that are shown at a time, each of which has one pool or so. */
  private static final int PORTION = 256;

  private static final int MAP = 64;
  private static final int COUNT = 72;
  private static final int LIST = 76;
  private static final int LIST_PORTS = (ConnectionRecord.BYTES - LIST) / 2;
  private static final int MAP_BYTES = 65_536 / 8;
  private static final int PORTS = 65_536;

  private final ConnectionSlab slab;
  private final Stripe[] stripes = new Stripe[STRIPES];
  private final FreeMaps maps = new FreeMaps();
  private final AtomicInteger pools = new AtomicInteger();
  private final LongAdder ports = new LongAdder();

  /** Makes an empty set whose records are in {@code slab}. */
  public PortPools(ConnectionSlab slab) {
    this.slab = slab;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Pools there are. */
  public int count() {
    return pools.get();
  }

  /** Ports in use, in all pools. */
  public long portsInUse() {
    return ports.sum();
  }

  /**
   * Takes the first free port from {@code preferred} on, going round.
   *
   * @param pool source = the translated address, destination = the remote end; hash computed
   * @return pool's index &lt;&lt; 32 | port, or {@link #FULL}
   */
  public long take(ConnectionKey pool, int preferred, int min, int max) {
    assert preferred >= min && preferred <= max : preferred;
    Stripe stripe = stripe(pool.hash);
    stripe.lock();
    long taken = stripe.take(pool, preferred, min, max);
    stripe.unlock();
    return taken;
  }

  /** Gives a port back to the pool at {@code index}. */
  public void release(int index, int port) {
    Stripe stripe = stripe(ConnectionRecord.hash(slab.address(index)));
    stripe.lock();
    stripe.release(index, port);
    stripe.unlock();
  }

  /** A walk over the pools. */
  public Cursor cursor() {
    return new Cursor();
  }

  private Stripe stripe(int hash) {
    return stripes[hash & (STRIPES - 1)];
  }

  /** Some of the pools, under one lock. */
  private final class Stripe extends SpinLock {
    private int[] heads = new int[16];
    private int size;

    long take(ConnectionKey pool, int preferred, int min, int max) {
      int index = find(pool);
      if (index == NIL) {
        index = add(pool);
      }
      if (index == NIL) {
        return FULL;
      }
      int port = firstFree(slab.address(index), preferred, min, max);
      if (port < 0) {
        return FULL;
      }
      mark(slab.address(index), port);
      ports.increment();
      return (long) index << 32 | port;
    }

    private int find(ConnectionKey pool) {
      int index = heads[slot(pool.hash)];
      while (index != NIL && !ConnectionRecord.matchesForward(slab.address(index), pool)) {
        index = ConnectionRecord.next(slab.address(index));
      }
      return index;
    }

    private int slot(int hash) {
      return hash >>> 6 & (heads.length - 1);
    }

    private int add(ConnectionKey pool) {
      int index = slab.allocate();
      if (index == NIL) {
        return NIL;
      }
      long record = slab.address(index);
      ConnectionRecord.putKey(record, pool);
      ConnectionRecord.putFlags(record, 0);
      OffHeap.putInt(record + COUNT, 0);
      OffHeap.putLong(record + MAP, 0);
      if (size == heads.length) {
        grow();
      }
      link(index, record);
      size++;
      pools.incrementAndGet();
      return index;
    }

    private void link(int index, long record) {
      int slot = slot(ConnectionRecord.hash(record));
      ConnectionRecord.putNext(record, heads[slot]);
      heads[slot] = index;
    }

    private void grow() {
      int[] old = heads;
      heads = new int[old.length * 4];
      for (int head : old) {
        for (int index = head; index != NIL; ) {
          long record = slab.address(index);
          int next = ConnectionRecord.next(record);
          link(index, record);
          index = next;
        }
      }
    }

    void release(int index, int port) {
      long record = slab.address(index);
      unmark(record, port);
      ports.decrement();
      if (OffHeap.getInt(record + COUNT) == 0) {
        remove(index, record);
      }
    }

    private void remove(int index, long record) {
      int slot = slot(ConnectionRecord.hash(record));
      if (heads[slot] == index) {
        heads[slot] = ConnectionRecord.next(record);
      } else {
        int at = heads[slot];
        while (ConnectionRecord.next(slab.address(at)) != index) {
          at = ConnectionRecord.next(slab.address(at));
        }
        ConnectionRecord.putNext(slab.address(at), ConnectionRecord.next(record));
      }
      size--;
      pools.decrementAndGet();
      long map = OffHeap.getLong(record + MAP);
      if (map != 0) {
        maps.give(map);
      }
      slab.free(index);
    }

    /**
     * Shows the pools of a slot, and of those that it has become where there are more than then.
     */
    void visit(int slot, int slotsThen, Visitor visitor) {
      for (int at = slot; at < heads.length; at += slotsThen) {
        for (int index = heads[at]; index != NIL; ) {
          long record = slab.address(index);
          visitor.visit(record, OffHeap.getInt(record + COUNT));
          index = ConnectionRecord.next(record);
        }
      }
    }
  }

  /**
   * A walk over the pools, a portion at a time; a lock is held during a portion, which packets of
   * translated connections may wait for. A pool that is there from the first portion to the last is
   * shown once, also if a stripe grows meanwhile: a slot of then is some whole slots of now. For
   * one thread at a time.
   */
  public final class Cursor {
    private int stripe;
    private int slot;
    private int slots;

    private Cursor() {}

    /** Shows the next portion to {@code visitor}, which must be brief; false if it was the last. */
    public boolean next(Visitor visitor) {
      Stripe here = stripes[stripe];
      here.lock();
      if (slot == 0) {
        slots = here.heads.length;
      }
      int end = Math.min(slots, slot + PORTION);
      for (; slot < end; slot++) {
        here.visit(slot, slots, visitor);
      }
      here.unlock();
      if (slot == slots) {
        slot = 0;
        stripe++;
      }
      return stripe < STRIPES;
    }
  }

  // --- One pool.

  private static int firstFree(long pool, int preferred, int min, int max) {
    long map = OffHeap.getLong(pool + MAP);
    if (map != 0) {
      int port = firstClear(map, preferred, max);
      return port >= 0 ? port : firstClear(map, min, preferred - 1);
    }
    int count = OffHeap.getInt(pool + COUNT);
    int candidates = Math.min(count + 1, max - min + 1);
    int port = preferred;
    for (int i = 0; i < candidates; i++) {
      if (find(pool, count, port) == count) {
        return port;
      }
      port = port == max ? min : port + 1;
    }
    return -1;
  }

  /** The first clear bit in {@code from..to}; -1 if there is none. */
  private static int firstClear(long map, int from, int to) {
    int bit = from;
    while (bit <= to) {
      long free = ~OffHeap.getLong(map + (bit >>> 6 << 3)) >>> (bit & 63);
      if (free != 0) {
        int found = bit + Long.numberOfTrailingZeros(free);
        return found <= to ? found : -1;
      }
      bit = (bit | 63) + 1;
    }
    return -1;
  }

  private static int find(long pool, int count, int port) {
    for (int i = 0; i < count; i++) {
      if (OffHeap.getUnsignedShortBe(pool + LIST + 2L * i) == port) {
        return i;
      }
    }
    return count;
  }

  private void mark(long pool, int port) {
    int count = OffHeap.getInt(pool + COUNT);
    if (count == LIST_PORTS && OffHeap.getLong(pool + MAP) == 0) {
      becomeMap(pool, count);
    }
    long map = OffHeap.getLong(pool + MAP);
    if (map != 0) {
      flip(map, port);
    } else {
      OffHeap.putShortBe(pool + LIST + 2L * count, port);
    }
    OffHeap.putInt(pool + COUNT, count + 1);
  }

  private void becomeMap(long pool, int count) {
    long map = maps.take();
    for (int i = 0; i < count; i++) {
      flip(map, OffHeap.getUnsignedShortBe(pool + LIST + 2L * i));
    }
    OffHeap.putLong(pool + MAP, map);
  }

  private static void flip(long map, int port) {
    assert port < PORTS : port;
    long word = map + (port >>> 6 << 3);
    OffHeap.putLong(word, OffHeap.getLong(word) ^ 1L << (port & 63));
  }

  private static void unmark(long pool, int port) {
    int count = OffHeap.getInt(pool + COUNT);
    long map = OffHeap.getLong(pool + MAP);
    if (map != 0) {
      flip(map, port);
    } else {
      int at = find(pool, count, port);
      assert at < count : "port " + port + " is not in use";
      int last = OffHeap.getUnsignedShortBe(pool + LIST + 2L * (count - 1));
      OffHeap.putShortBe(pool + LIST + 2L * at, last);
    }
    OffHeap.putInt(pool + COUNT, count - 1);
  }

  /** Bit maps to be used again. */
  private static final class FreeMaps extends SpinLock {
    private long[] free = new long[16];
    private int count;

    long take() {
      lock();
      long map = count == 0 ? 0 : free[--count];
      unlock();
      if (map == 0) {
        return OffHeap.allocate(MAP_BYTES, 64);
      }
      OffHeap.clear(map, MAP_BYTES);
      return map;
    }

    void give(long map) {
      lock();
      if (count == free.length) {
        free = Arrays.copyOf(free, count * 2);
      }
      free[count++] = map;
      unlock();
    }
  }
}
