package org.sluice.ovsdb.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * A snapshot that can be changed: what was written so far is what the next look sees. Used by one
 * thread, once.
 *
 * <p>It keeps no list of changes. What has to be sent is found by comparing the changed rows with
 * the snapshot when all is written ({@link #toEdit}). A column that was {@linkplain #set set} is
 * sent as a whole; of one that elements were {@linkplain #insertInto added to} or {@linkplain
 * #deleteFrom taken from}, only the difference is sent, so that a thousand other elements neither
 * travel nor get lost when somebody else changes them meanwhile.
 *
 * <p>A deleted row is gone from the draft, but references to it stay where they are. Rows of tables
 * that are not roots are not deleted by request: the server does it when nothing refers to them any
 * more.
 */
public final class Draft {
  private record ColumnOf(UUID row, String column) {}

  private final DatabaseSchema schema;
  private final Snapshot basis;
  private final Map<UUID, Row> changed = new LinkedHashMap<>();
  private final Map<UUID, Row> inserted = new LinkedHashMap<>();
  private final Map<UUID, Row> deleted = new LinkedHashMap<>();
  private final Set<UUID> chosen = new HashSet<>();
  private final Set<ColumnOf> whole = new HashSet<>();
  private final Set<ColumnOf> verified = new LinkedHashSet<>();
  private final Map<UUID, Row> verifiedRows = new LinkedHashMap<>();
  private final List<Consumer<Edit>> finish = new ArrayList<>();
  private int changes;

  /** A draft that starts from {@code basis}. */
  public Draft(DatabaseSchema schema, Snapshot basis) {
    this.schema = schema;
    this.basis = basis;
  }

  /** The snapshot that the draft started from. */
  public Snapshot basis() {
    return basis;
  }

  /** Grows with every change, so that whoever derives something from the rows may keep it. */
  public int changes() {
    return changes;
  }

  /** The rows of a table as they are now, in the order of their UUIDs, new ones last. */
  public List<Row> rows(String table) {
    List<Row> rows = new ArrayList<>();
    basis.rows(table).stream()
        .filter(row -> !deleted.containsKey(row.uuid()))
        .sorted((a, b) -> Uuids.compare(a.uuid(), b.uuid()))
        .forEach(row -> rows.add(changed.getOrDefault(row.uuid(), row)));
    for (Row row : inserted.values()) {
      if (row.table().name().equals(table)) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** The row as it is now; null if there is none or it was deleted. */
  public Row row(String table, UUID uuid) {
    if (uuid == null || deleted.containsKey(uuid)) {
      return null;
    }
    Row row = inserted.getOrDefault(uuid, changed.get(uuid));
    return row == null ? basis.row(table, uuid) : row.table().name().equals(table) ? row : null;
  }

  /** The same row as it is now; null if it was deleted. */
  public Row now(Row row) {
    return row(row.table().name(), row.uuid());
  }

  /** Whether the row is new in this draft. */
  public boolean isInserted(Row row) {
    return inserted.containsKey(row.uuid());
  }

  /** A new row with default values. Its UUID holds within the draft; the server gives another. */
  public Row insert(String table) {
    return insertNamed(table, UUID.randomUUID());
  }

  /** The same, under a name that the caller made up and may have used already. */
  public Row insertNamed(String table, UUID uuid) {
    Row row = Row.ofDefaults(schema.table(table), uuid, Uuids.ZERO);
    inserted.put(uuid, row);
    changes++;
    return row;
  }

  /** A new row that is to have this UUID for ever; it must be new to the server. */
  public Row insertAs(String table, UUID uuid) {
    chosen.add(uuid);
    return insertNamed(table, uuid);
  }

  /** Deletes a row. */
  public void delete(Row row) {
    changes++;
    if (inserted.remove(row.uuid()) == null) {
      changed.remove(row.uuid());
      deleted.put(row.uuid(), row);
    }
  }

  /** Sets a column; returns the row as it is now. */
  public Row set(Row row, String column, Datum value) {
    whole.add(new ColumnOf(row.uuid(), column));
    return write(row, column, value);
  }

  /** Adds elements or pairs to a set or map; a key that is there already keeps its value. */
  public Row insertInto(Row row, String column, Datum elements) {
    return write(row, column, now(row).get(column).union(elements));
  }

  /** Adds pairs to a map; a key that is there already gets the new value. */
  public Row putInto(Row row, String column, Datum pairs) {
    return write(row, column, pairs.union(now(row).get(column)));
  }

  /** Takes elements, pairs or keys out of a set or map. */
  public Row deleteFrom(Row row, String column, Datum elements) {
    return write(row, column, now(row).get(column).subtract(elements));
  }

  private Row write(Row row, String column, Datum value) {
    ColumnSchema columnSchema = row.table().column(column);
    Row next = now(row).edit().set(columnSchema, value).done();
    (inserted.containsKey(row.uuid()) ? inserted : changed).put(row.uuid(), next);
    changes++;
    return next;
  }

  /** Makes the commit fail, to be tried again, if the column has changed since the snapshot. */
  public void verify(Row row, String column) {
    Row before = basis.row(row.table().name(), row.uuid());
    boolean written = whole.contains(new ColumnOf(row.uuid(), column));
    if (before != null && !written && verified.add(new ColumnOf(row.uuid(), column))) {
      verifiedRows.put(row.uuid(), before);
    }
  }

  /** {@link Edit#increment}. */
  public void increment(Row row, String column) {
    finish.add(edit -> edit.increment(row, column));
  }

  /** {@link Edit#comment}. */
  public void comment(String text) {
    finish.add(edit -> edit.comment(text));
  }

  /** {@link Edit#dryRun}. */
  public void dryRun() {
    finish.add(Edit::dryRun);
  }

  /** What has to be sent; empty if nothing would change. */
  public Edit toEdit() {
    Edit edit = new Edit(schema);
    if (!changesAnything()) {
      return edit;
    }
    insertInto(edit);
    changed.values().forEach(row -> update(edit, row));
    for (Row row : deleted.values()) {
      if (row.table().isRoot()) {
        edit.delete(row);
      }
    }
    verifySingletons(edit);
    verified.forEach(each -> edit.verify(verifiedRows.get(each.row), each.column));
    finish.forEach(step -> step.accept(edit));
    return edit;
  }

  private boolean changesAnything() {
    return !inserted.isEmpty()
        || deleted.values().stream().anyMatch(row -> row.table().isRoot())
        || changed.values().stream().anyMatch(row -> !row.sameValues(before(row)));
  }

  private Row before(Row row) {
    return basis.row(row.table().name(), row.uuid());
  }

  /** All rows are named before the first value is written, which may refer to any of them. */
  private void insertInto(Edit edit) {
    Map<Edit.NewRow, Row> made = new LinkedHashMap<>();
    for (Row row : inserted.values()) {
      String table = row.table().name();
      boolean as = chosen.contains(row.uuid());
      made.put(as ? edit.insertAs(table, row.uuid()) : edit.insertNamed(table, row.uuid()), row);
    }
    made.forEach(Draft::fill);
  }

  private static void fill(Edit.NewRow made, Row row) {
    for (ColumnSchema column : row.table().ownColumns()) {
      Datum value = row.get(column);
      if (!value.equals(column.type().defaultValue())) {
        made.set(column.name(), value);
      }
    }
  }

  private void update(Edit edit, Row row) {
    Row before = before(row);
    if (!verifiedRows.containsKey(row.uuid())) {
      edit.verifyExists(before);
    }
    for (ColumnSchema column : row.table().ownColumns()) {
      if (whole.contains(new ColumnOf(row.uuid(), column.name()))) {
        edit.write(before, column.name(), row.get(column));
      } else if (column.type().isComposite()) {
        sendDifference(edit, before, column, row.get(column));
      } else {
        edit.set(before, column.name(), row.get(column));
      }
    }
  }

  private static void sendDifference(Edit edit, Row before, ColumnSchema column, Datum after) {
    Datum old = before.get(column);
    Datum gone = old.subtract(after);
    Datum come = after.subtract(old);
    if (!gone.isEmpty()) {
      edit.deleteFrom(before, column.name(), gone.keys());
    }
    if (!come.isEmpty()) {
      edit.insertInto(before, column.name(), come);
    }
  }

  /** Two clients that both see an empty table must not both put its only row there. */
  private void verifySingletons(Edit edit) {
    for (TableSchema table : schema.tables()) {
      boolean fills =
          table.maxRows() == 1
              && basis.rows(table.name()).isEmpty()
              && inserted.values().stream().anyMatch(row -> row.table() == table);
      if (fills) {
        edit.verifyEmpty(table.name());
      }
    }
  }
}
