package org.sluice.datapath.conntrack.alg;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;

/**
 * Expectations by what is expected and by who announced it: each record hangs in a chain of its
 * tuple's bucket and in one of its announcer's, new ones first. Guarded by the lock of {@link
 * Expectations}.
 */
final class ExpectationChains {
  /** Where a record names the next one of its announcer's bucket. */
  private static final int SIBLING = Expectations.PROVISIONAL + 4;

  private final ConnectionSlab slab;
  private final int[] byTuple = new int[Expectations.BUCKETS];
  private final int[] byParent = new int[Expectations.BUCKETS];

  ExpectationChains(ConnectionSlab slab) {
    this.slab = slab;
  }

  private static int bucket(int hash) {
    return hash & (Expectations.BUCKETS - 1);
  }

  /** The first expectation whose tuple has this hash, or another of the same bucket; or NIL. */
  int first(int hash) {
    return byTuple[bucket(hash)];
  }

  /** The one after that; or NIL. */
  int next(int index) {
    return ConnectionRecord.next(slab.address(index));
  }

  /** The newest that a connection has announced, or NIL. */
  int newestOf(int parentIndex) {
    return ofParent(byParent[bucket(parentIndex)], parentIndex);
  }

  /** The one that the same connection has announced before; or NIL. */
  int olderThan(int index) {
    long record = slab.address(index);
    return ofParent(getInt(record + SIBLING), ConnectionRecord.extension(record));
  }

  private int ofParent(int from, int parentIndex) {
    int index = from;
    while (index != NIL && ConnectionRecord.extension(slab.address(index)) != parentIndex) {
      index = getInt(slab.address(index) + SIBLING);
    }
    return index;
  }

  /** Adds a record that has its key and its announcer. */
  void add(int index) {
    long record = slab.address(index);
    int tupleBucket = bucket(ConnectionRecord.hash(record));
    ConnectionRecord.putNext(record, byTuple[tupleBucket]);
    byTuple[tupleBucket] = index;
    int parentBucket = bucket(ConnectionRecord.extension(record));
    putInt(record + SIBLING, byParent[parentBucket]);
    byParent[parentBucket] = index;
  }

  /** Takes a record out of both. */
  void remove(int index) {
    removeByTuple(index, slab.address(index));
    removeByParent(index, slab.address(index));
  }

  private void removeByTuple(int index, long record) {
    int bucket = bucket(ConnectionRecord.hash(record));
    int next = ConnectionRecord.next(record);
    int at = byTuple[bucket];
    if (at == index) {
      byTuple[bucket] = next;
      return;
    }
    while (next(at) != index) {
      at = next(at);
    }
    ConnectionRecord.putNext(slab.address(at), next);
  }

  private void removeByParent(int index, long record) {
    int bucket = bucket(ConnectionRecord.extension(record));
    int next = getInt(record + SIBLING);
    int at = byParent[bucket];
    if (at == index) {
      byParent[bucket] = next;
      return;
    }
    while (getInt(slab.address(at) + SIBLING) != index) {
      at = getInt(slab.address(at) + SIBLING);
    }
    putInt(slab.address(at) + SIBLING, next);
  }
}
