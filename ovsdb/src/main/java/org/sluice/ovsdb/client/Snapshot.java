package org.sluice.ovsdb.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * All monitored tables as they were after one update, and what the client knew then. Immutable, so
 * any thread may keep and read it.
 */
public final class Snapshot {
  /** What a client has before its first contact with a server. */
  public static final Snapshot NONE = new Snapshot(0, Map.of(), new State(false, false, false));

  /**
   * What the client knew.
   *
   * @param complete whether a whole copy was ever received
   * @param connected whether the server is there and the copy up to date
   * @param holdsLock whether the lock that was asked for is ours; true if none was
   */
  record State(boolean complete, boolean connected, boolean holdsLock) {}

  private final long number;
  private final Map<String, Map<UUID, Row>> tables;
  private final State state;

  Snapshot(long number, Map<String, Map<UUID, Row>> tables, State state) {
    this.number = number;
    this.tables = Map.copyOf(tables);
    this.state = state;
  }

  /** Grows with every snapshot of one client. */
  public long number() {
    return number;
  }

  /** Whether there is a whole copy of the monitored tables, though perhaps not the newest. */
  public boolean isComplete() {
    return state.complete();
  }

  /** Whether the server is there and the copy up to date. */
  public boolean isConnected() {
    return state.connected();
  }

  /** Whether the lock that the client asked for is its own; true if it asked for none. */
  public boolean holdsLock() {
    return state.holdsLock();
  }

  /** The rows of a table, in no order; none if the table is not monitored. */
  public Collection<Row> rows(String table) {
    return tables.getOrDefault(table, Map.of()).values();
  }

  /** A row, or null. */
  public Row row(String table, UUID uuid) {
    return uuid == null ? null : tables.getOrDefault(table, Map.of()).get(uuid);
  }

  /** The rows that {@code uuids} name, those that are there. */
  public List<Row> rows(String table, Collection<UUID> uuids) {
    List<Row> rows = new ArrayList<>(uuids.size());
    for (UUID uuid : uuids) {
      Row row = row(table, uuid);
      if (row != null) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** The only row of a table such as {@code Open_vSwitch}, or null. */
  public Row onlyRow(String table) {
    Collection<Row> rows = rows(table);
    return rows.size() == 1 ? rows.iterator().next() : null;
  }

  /** What differs from an earlier snapshot; quick for tables without change. */
  public List<RowChange> changesSince(Snapshot earlier) {
    List<RowChange> changes = new ArrayList<>();
    tables.forEach(
        (name, rows) -> compare(earlier.tables.getOrDefault(name, Map.of()), rows, changes));
    return changes;
  }

  @SuppressWarnings("ReferenceEquality") // tables and rows without change are shared
  private static void compare(
      Map<UUID, Row> before, Map<UUID, Row> after, List<RowChange> changes) {
    if (before == after) {
      return;
    }
    for (Row row : after.values()) {
      Row old = before.get(row.uuid());
      if (old != row) {
        changes.add(new RowChange(old, row));
      }
    }
    for (Row row : before.values()) {
      if (!after.containsKey(row.uuid())) {
        changes.add(new RowChange(row, null));
      }
    }
  }
}
