package org.sluice.datapath.conntrack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.protocol.Timeouts;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;

/**
 * The connection table and its settings. Settings may be changed by any thread; packets go through
 * the {@link Tracker} of their thread; {@link #sweep} belongs to one thread at a time. Dumps and
 * flushes lock one record after the other, never the table, so packets do not wait for them.
 */
public final class Conntrack {
  /** Connections at most, unless set otherwise. */
  public static final int DEFAULT_MAX_CONNECTIONS = 3_000_000;

  private final long salt;
  private final ConnectionLimits limits = new ConnectionLimits(DEFAULT_MAX_CONNECTIONS);
  private final Timeouts timeouts = new Timeouts();
  private final ConnectionTable table;
  private final Expectations expectations;
  private volatile boolean checksTcpWindow = true;

  /**
   * Makes an empty table.
   *
   * @param salt makes the hash unpredictable; random in production, fixed in tests
   */
  public Conntrack(long salt) {
    assert salt != 0 : "salt";
    this.salt = salt;
    this.table = new ConnectionTable(this::removing);
    this.expectations = new Expectations(table.slab(), salt);
  }

  /** A connection goes; its shard and record are locked. */
  private void removing(int index, long record) {
    limits.release(ConnectionKey.zone(ConnectionRecord.word(record)));
    if (ConnectionRecord.gateway(record) != 0) {
      expectations.forget(index);
    }
  }

  /** A new packet thread's tracker. */
  public Tracker newTracker() {
    return new Tracker(this);
  }

  /**
   * Removes expired connections.
   *
   * @param maxWork connections to look at, at most
   * @return how many were looked at; less than {@code maxWork} if there is nothing left to do now
   */
  public int sweep(long nowMs, int maxWork) {
    return table.sweep(nowMs, maxWork);
  }

  // --- Settings and counts.

  /** Counts and limits, in all and per zone. */
  public ConnectionLimits limits() {
    return limits;
  }

  /** How long connections stay without traffic. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** Whether TCP segments must be in the window. */
  public boolean checksTcpWindow() {
    return checksTcpWindow;
  }

  /** Sets whether TCP segments must be in the window. */
  public void setChecksTcpWindow(boolean checks) {
    checksTcpWindow = checks;
  }

  /** Announced connections waited for. */
  public int expectationCount() {
    return expectations.count();
  }

  /** Bytes of memory that the table has taken. */
  public long memoryBytes() {
    return table.memoryBytes();
  }

  long salt() {
    return salt;
  }

  ConnectionTable table() {
    return table;
  }

  Expectations expectations() {
    return expectations;
  }

  // --- Dumps and flushes.

  /** Shows every connection that has not expired, as it is when its turn comes. */
  public void visit(long nowMs, Consumer<ConnectionSnapshot> visitor) {
    int end = table.slab().usedRecords();
    for (int index = 1; index < end; index++) {
      ConnectionSnapshot snapshot = snapshot(index, nowMs);
      if (snapshot != null) {
        visitor.accept(snapshot);
      }
    }
  }

  /** The connection at {@code index}; null if there is none. */
  private ConnectionSnapshot snapshot(int index, long nowMs) {
    ConnectionSlab slab = table.slab();
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

  /** The connections that were announced and may still come. */
  public List<ExpectationSnapshot> expectationsNow() {
    List<ExpectationSnapshot> all = new ArrayList<>();
    expectations.visit((record, parent) ->
        all.add(
            new ExpectationSnapshot(
                ConnectionTuple.of(record),
                ConnectionKey.zone(ConnectionRecord.word(record)),
                ConnectionRecord.mark(record),
                ConnectionRecord.labelHi(record),
                ConnectionRecord.labelLo(record),
                ConnectionTuple.of(parent))));
    return all;
  }

  /** Removes all connections; returns how many. */
  public int flush() {
    return flushRecords(_ -> true);
  }

  /** Removes a zone's connections; returns how many. */
  public int flushZone(int zone) {
    return flushRecords(record -> ConnectionKey.zone(ConnectionRecord.word(record)) == zone);
  }

  /** Removes the connections that {@code isMeant} picks; returns how many. */
  public int flush(Predicate<ConnectionSnapshot> isMeant) {
    ConnectionSlab slab = table.slab();
    return flushRecords(record -> isMeant.test(ConnectionSnapshot.of(slab, record, 0)));
  }

  /** Picks locked records. */
  @FunctionalInterface
  private interface RecordFilter {
    boolean isMeant(long record);
  }

  private int flushRecords(RecordFilter filter) {
    int removed = 0;
    int end = table.slab().usedRecords();
    for (int index = 1; index < end; index++) {
      if (flushRecord(index, filter)) {
        removed++;
      }
    }
    return removed;
  }

  private boolean flushRecord(int index, RecordFilter filter) {
    long record = table.slab().address(index);
    while (isLive(record)) {
      ConnectionRecord.lock(record);
      boolean isMeant = isLive(record) && filter.isMeant(record);
      long handle = ConnectionRecord.handle(index, ConnectionRecord.lockWord(record));
      ConnectionRecord.unlock(record);
      if (!isMeant || table.remove(handle)) {
        return isMeant;
      }
    }
    return false;
  }
}
