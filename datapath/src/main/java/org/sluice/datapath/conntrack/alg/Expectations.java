package org.sluice.datapath.conntrack.alg;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.SpinLock;

/**
 * Connections that have been announced: from a known address and any port to a known address and
 * port. They live as long as the connection that announced them.
 *
 * <p>An expectation is a record of the slab that holds the tuple (source port 0), mark and labels,
 * in {@link ConnectionRecord#parent}'s place the tuple that it is translated to, and in {@code
 * extension} the index of the announcing connection, whose record stays as long as the expectation
 * does. It hangs in a chain by tuple ({@code next}) and in one by announcer ({@code wheelNext}).
 * All of it is guarded by this object's lock, which is taken for a packet only if there are
 * expectations at all and it starts a connection.
 */
public final class Expectations extends SpinLock {
  /** Expectations at most. */
  public static final int MAX_EXPECTATIONS = 4096;

  /** Expectations of one connection at most; a further one takes the place of the oldest. */
  public static final int MAX_PER_CONNECTION = 16;

  /** Sees expectations one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** Called with the lock held. */
    void visit(long expectation, long parent);
  }

  private static final int BUCKETS = 1024;
  private static final int MAX_TRIES = 64;
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;
  private static final long SOURCE_PORT = 0xffffL << 48;
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Expectations.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ConnectionSlab slab;
  private final long salt;
  private final int[] byTuple = new int[BUCKETS];
  private final int[] byParent = new int[BUCKETS];
  private final ConnectionKey scratch = new ConnectionKey();
  private final LongAdder unreadable = new LongAdder();
  private int count;

  /** Makes an empty set whose records are in {@code slab}. */
  public Expectations(ConnectionSlab slab, long salt) {
    this.slab = slab;
    this.salt = salt;
  }

  /** How many there are. */
  public int count() {
    return (int) COUNT.getOpaque(this);
  }

  /** Counts a message that a gateway could not read, or not rewrite, and left alone. */
  void countUnreadable(boolean isUnreadable) {
    if (isUnreadable) {
      unreadable.increment();
    }
  }

  /** Messages that gateways could not read, or not rewrite, and left alone. */
  public long unreadable() {
    return unreadable.sum();
  }

  /**
   * Adds one. If another connection waits for the same, and the port may be another, the next free
   * one is taken; if this connection does already, nothing is done.
   *
   * @param tuples what is expected, and what it becomes; the public port is as it was chosen
   * @param parentIndex the announcing connection, whose record is locked
   * @return false if there are too many
   */
  public boolean add(ExpectedTuples tuples, int parentIndex, boolean mayMove) {
    lock();
    boolean isAdded = addFirstFree(tuples, parentIndex, mayMove);
    unlock();
    return isAdded;
  }

  private boolean addFirstFree(ExpectedTuples tuples, int parentIndex, boolean mayMove) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      setScratch(tuples.expected);
      int index = findLocked();
      if (index == NIL) {
        return addLocked(tuples.wanted, parentIndex);
      }
      if (!mayMove || isSame(index, tuples.wanted, parentIndex)) {
        return true;
      }
      int port = tuples.publicPort();
      tuples.setPublicPort(port >= MAX_PORT ? MIN_PORT : port + 1);
    }
    return false;
  }

  private boolean isSame(int index, ConnectionKey wanted, int parentIndex) {
    long record = slab.address(index);
    return ConnectionRecord.extension(record) == parentIndex
        && ConnectionRecord.matchesForward(ConnectionRecord.parent(record), wanted);
  }

  private void setScratch(ConnectionKey packet) {
    scratch.srcHi = packet.srcHi;
    scratch.srcLo = packet.srcLo;
    scratch.dstHi = packet.dstHi;
    scratch.dstLo = packet.dstLo;
    scratch.word = packet.word & (-1L >>> 16);
    scratch.swapped = ConnectionKey.swap(scratch.word);
    scratch.computeHash(salt);
  }

  private int findLocked() {
    int index = byTuple[scratch.hash & (BUCKETS - 1)];
    while (index != NIL && !ConnectionRecord.matchesForward(slab.address(index), scratch)) {
      index = ConnectionRecord.next(slab.address(index));
    }
    return index;
  }

  private boolean addLocked(ConnectionKey wanted, int parentIndex) {
    dropOldestIfFull(parentIndex);
    int index = count >= MAX_EXPECTATIONS ? NIL : slab.allocate();
    if (index == NIL) {
      return false;
    }
    long record = slab.address(index);
    long parent = slab.address(parentIndex);
    ConnectionRecord.putKey(record, scratch);
    ConnectionRecord.putFlags(record, 0);
    ConnectionRecord.putMark(record, ConnectionRecord.mark(parent));
    ConnectionRecord.putLabel(
        record, ConnectionRecord.labelHi(parent), ConnectionRecord.labelLo(parent));
    ConnectionRecord.putExtension(record, parentIndex);
    ConnectionRecord.putKey(ConnectionRecord.parent(record), wanted);
    link(index, record, parentIndex);
    COUNT.setOpaque(this, count + 1);
    return true;
  }

  private void link(int index, long record, int parentIndex) {
    int tupleBucket = scratch.hash & (BUCKETS - 1);
    ConnectionRecord.putNext(record, byTuple[tupleBucket]);
    byTuple[tupleBucket] = index;
    int parentBucket = parentIndex & (BUCKETS - 1);
    ConnectionRecord.putWheelNext(record, byParent[parentBucket]);
    byParent[parentBucket] = index;
  }

  /** New ones are put first, so the last of a parent is its oldest. */
  private void dropOldestIfFull(int parentIndex) {
    int oldest = NIL;
    int siblings = 0;
    int index = byParent[parentIndex & (BUCKETS - 1)];
    while (index != NIL) {
      if (ConnectionRecord.extension(slab.address(index)) == parentIndex) {
        oldest = index;
        siblings++;
      }
      index = ConnectionRecord.wheelNext(slab.address(index));
    }
    if (siblings >= MAX_PER_CONNECTION) {
      drop(oldest);
    }
  }

  private void drop(int index) {
    long record = slab.address(index);
    unlinkByTuple(index, record);
    unlinkByParent(index, record);
    ConnectionRecord.putExtension(record, NIL);
    slab.free(index);
    COUNT.setOpaque(this, count - 1);
  }

  private void unlinkByTuple(int index, long record) {
    int bucket = ConnectionRecord.hash(record) & (BUCKETS - 1);
    int next = ConnectionRecord.next(record);
    int at = byTuple[bucket];
    if (at == index) {
      byTuple[bucket] = next;
      return;
    }
    while (ConnectionRecord.next(slab.address(at)) != index) {
      at = ConnectionRecord.next(slab.address(at));
    }
    ConnectionRecord.putNext(slab.address(at), next);
  }

  private void unlinkByParent(int index, long record) {
    int bucket = ConnectionRecord.extension(record) & (BUCKETS - 1);
    int next = ConnectionRecord.wheelNext(record);
    int at = byParent[bucket];
    if (at == index) {
      byParent[bucket] = next;
      return;
    }
    while (ConnectionRecord.wheelNext(slab.address(at)) != index) {
      at = ConnectionRecord.wheelNext(slab.address(at));
    }
    ConnectionRecord.putWheelNext(slab.address(at), next);
  }

  /** Whether a packet that starts a connection was announced; if so fills {@code found}. */
  public boolean find(ConnectionKey packet, Announcement found) {
    if (count() == 0) {
      return false;
    }
    lock();
    setScratch(packet);
    int index = findLocked();
    if (index != NIL) {
      long record = slab.address(index);
      found.mark = ConnectionRecord.mark(record);
      found.labelHi = ConnectionRecord.labelHi(record);
      found.labelLo = ConnectionRecord.labelLo(record);
      ConnectionRecord.getKey(slab.address(ConnectionRecord.extension(record)), found.parent);
      ConnectionRecord.getKey(ConnectionRecord.parent(record), found.wanted);
      found.wanted.word |= packet.word & SOURCE_PORT;
      found.wanted.swapped = ConnectionKey.swap(found.wanted.word);
    }
    unlock();
    return index != NIL;
  }

  /** Forgets all that a connection, which is going, has announced. */
  public void forget(int parentIndex) {
    if (count() == 0) {
      return;
    }
    lock();
    int index = byParent[parentIndex & (BUCKETS - 1)];
    while (index != NIL) {
      long record = slab.address(index);
      int next = ConnectionRecord.wheelNext(record);
      if (ConnectionRecord.extension(record) == parentIndex) {
        drop(index);
      }
      index = next;
    }
    unlock();
  }

  /** Shows every expectation to {@code visitor}, which must be brief. */
  public void visit(Visitor visitor) {
    lock();
    for (int head : byTuple) {
      for (int index = head; index != NIL; ) {
        long record = slab.address(index);
        visitor.visit(record, slab.address(ConnectionRecord.extension(record)));
        index = ConnectionRecord.next(record);
      }
    }
    unlock();
  }
}
