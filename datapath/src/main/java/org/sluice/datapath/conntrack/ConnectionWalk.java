package org.sluice.datapath.conntrack;

import java.util.function.Consumer;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;

/**
 * Shows all connections, a portion at a time, so that whoever goes through millions of them can do
 * other things meanwhile, or let others. As records stay where they are, a connection that is there
 * from the first portion to the last is shown once, whatever comes and goes beside it. Holds
 * nothing of the table between two portions. For one thread at a time.
 */
public final class ConnectionWalk {
  /** Records that are looked at in one portion: a millisecond, if all are made into text. */
  public static final int PORTION = 1024;

  private final ConnectionSlab slab;
  private final int end;
  private int next = 1;

  ConnectionWalk(ConnectionSlab slab) {
    this.slab = slab;
    this.end = slab.usedRecords();
  }

  /**
   * Shows those of the next portion's connections that have not expired, each as it is when its
   * turn comes; false if this was the last portion.
   */
  public boolean next(long nowMs, Consumer<ConnectionSnapshot> visitor) {
    int portionEnd = Math.min(end, next + PORTION);
    for (; next < portionEnd; next++) {
      ConnectionSnapshot snapshot = snapshot(next, nowMs);
      if (snapshot != null) {
        visitor.accept(snapshot);
      }
    }
    return next < end;
  }

  /** The connection at {@code index}; null if there is none. */
  private ConnectionSnapshot snapshot(int index, long nowMs) {
    long record = slab.address(index);
    if (!isLive(record)) {
      return null;
    }
    ConnectionRecord.lock(record);
    boolean isShown = isLive(record) && ConnectionRecord.expiresMs(record) > nowMs;
    ConnectionSnapshot snapshot = isShown ? ConnectionSnapshot.of(slab, record, nowMs) : null;
    ConnectionRecord.unlock(record);
    return snapshot;
  }

  private static boolean isLive(long record) {
    return (ConnectionRecord.flags(record) & ConnectionRecord.LIVE) != 0;
  }
}
