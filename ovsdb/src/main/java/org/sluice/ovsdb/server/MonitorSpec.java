package org.sluice.ovsdb.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Condition;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * What a monitor wants to be told, and how changes look through it. Immutable; equal specs see the
 * same, so the work for many clients of a kind is done once.
 *
 * @param tables what is wanted of each table, by its name
 * @param differences whether updates are told as differences ({@code update2}) or in full ({@code
 *     update})
 */
record MonitorSpec(Map<String, TableSpec> tables, boolean differences) {
  /** What a column takes, roughly. */
  private static final long COLUMN_BYTES = 50;

  /** What may happen to a row. */
  enum Event {
    INITIAL,
    INSERT,
    DELETE,
    MODIFY
  }

  /**
   * What is wanted of one table.
   *
   * @param events what is told at all; a row comes and goes even for those who want none of its
   *     columns
   * @param columns the columns, each with the events on which it is told
   * @param where which rows
   */
  record TableSpec(
      TableSchema table,
      Set<Event> events,
      Map<ColumnSchema, Set<Event>> columns,
      Condition where) {
    List<ColumnSchema> columns(Event event) {
      return columns.entrySet().stream()
          .filter(entry -> entry.getValue().contains(event))
          .map(Map.Entry::getKey)
          .toList();
    }

    /** About what memory it takes. */
    long bytes() {
      return COLUMN_BYTES * (1 + columns.size()) + where.bytes();
    }

    boolean wants(Event event) {
      return events.contains(event);
    }
  }

  /** About what memory it takes. */
  long bytes() {
    return tables.values().stream().mapToLong(TableSpec::bytes).sum();
  }

  /** All rows, as of now, encoded. */
  byte[] initial(Database database) {
    UpdateWriter out = new UpdateWriter();
    for (TableSpec spec : tables.values()) {
      if (spec.wants(Event.INITIAL)) {
        out.table(spec.table().name());
        List<ColumnSchema> columns = spec.columns(Event.INITIAL);
        for (Row row : database.table(spec.table().name()).rows()) {
          if (spec.where().matchesAny(row)) {
            out.row(differences ? "initial" : "new", row, columns, differences);
          }
        }
      }
    }
    return out.done();
  }

  /** What these changes look like, encoded; no bytes if nothing of them is to be seen. */
  byte[] updates(Collection<RowChange> changes) {
    return updatesTo(changes, new UpdateWriter()).doneUnlessEmpty();
  }

  /** The same, but an empty object if nothing is to be seen. */
  byte[] updatesObject(Collection<RowChange> changes) {
    return updatesTo(changes, new UpdateWriter()).done();
  }

  private UpdateWriter updatesTo(Collection<RowChange> changes, UpdateWriter out) {
    Map<String, List<RowChange>> byTable = new LinkedHashMap<>();
    for (RowChange change : changes) {
      String table = change.table().name();
      if (tables.containsKey(table)) {
        byTable.computeIfAbsent(table, _ -> new ArrayList<>()).add(change);
      }
    }
    byTable.forEach((table, rows) -> {
      TableSpec spec = tables.get(table);
      out.table(table);
      for (RowChange row : rows) {
        update(spec, visible(spec.where(), row.before()), visible(spec.where(), row.after()), out);
      }
    });
    return out;
  }

  /**
   * What changes in a client's view when its conditions change to those of {@code next}, encoded;
   * no bytes if nothing does.
   */
  byte[] transition(MonitorSpec next, Database database) {
    UpdateWriter out = new UpdateWriter();
    for (TableSpec spec : tables.values()) {
      Condition then = next.tables.get(spec.table().name()).where();
      if (!then.equals(spec.where())) {
        out.table(spec.table().name());
        for (Row row : database.table(spec.table().name()).rows()) {
          Row before = visible(spec.where(), row);
          Row after = visible(then, row);
          if (before != after) {
            update(spec, before, after, out);
          }
        }
      }
    }
    return out.doneUnlessEmpty();
  }

  private static Row visible(Condition where, Row row) {
    return row != null && where.matchesAny(row) ? row : null;
  }

  private void update(TableSpec spec, Row before, Row after, UpdateWriter out) {
    if (before == null && after == null) {
      return;
    }
    Event event = before == null ? Event.INSERT : after == null ? Event.DELETE : Event.MODIFY;
    if (!spec.wants(event)) {
      return;
    }
    List<ColumnSchema> columns = spec.columns(event);
    switch (event) {
      case INSERT -> out.row(differences ? "insert" : "new", after, columns, differences);
      case DELETE -> {
        if (differences) {
          out.deleted(before.uuid());
        } else {
          out.row("old", before, columns, false);
        }
      }
      default -> {
        if (differences) {
          out.differences(before, after, columns);
        } else {
          out.values(before, after, columns);
        }
      }
    }
  }

  /** The same wishes with other conditions for some tables. */
  MonitorSpec withConditions(Map<String, Condition> conditions) {
    Map<String, TableSpec> changed = new LinkedHashMap<>(tables);
    conditions.forEach((name, where) -> {
      TableSpec old = tables.get(name);
      changed.put(name, new TableSpec(old.table(), old.events(), old.columns(), where));
    });
    return new MonitorSpec(changed, differences);
  }

  static Set<Event> allEvents() {
    return EnumSet.allOf(Event.class);
  }
}
