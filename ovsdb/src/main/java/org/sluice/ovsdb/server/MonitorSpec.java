package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Condition;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;
import org.sluice.ovsdb.transaction.Table;

/**
 * What a monitor wants to be told, and how changes look through it. Immutable; equal specs see the
 * same, so the work for many clients of a kind is done once.
 *
 * @param tables what is wanted of each table, by its name
 * @param differences whether updates are told as differences ({@code update2}) or in full ({@code
 *     update})
 */
record MonitorSpec(Map<String, TableSpec> tables, boolean differences) {
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

    boolean wants(Event event) {
      return events.contains(event);
    }
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** All rows, as of now. */
  ObjectNode initial(Database database) {
    ObjectNode updates = JSON.objectNode();
    for (TableSpec spec : tables.values()) {
      if (!spec.wants(Event.INITIAL)) {
        continue;
      }
      for (Row row : database.table(spec.table().name()).rows()) {
        if (spec.where().matchesAny(row)) {
          put(updates, row, inserted(spec, Event.INITIAL, row));
        }
      }
    }
    return updates;
  }

  /** What these changes look like; empty if nothing of them is to be seen. */
  ObjectNode updates(Collection<RowChange> changes) {
    ObjectNode updates = JSON.objectNode();
    for (RowChange change : changes) {
      TableSpec spec = tables.get(change.table().name());
      if (spec != null) {
        Row before = visible(spec.where(), change.before());
        Row after = visible(spec.where(), change.after());
        put(
            updates,
            change.after() == null ? change.before() : change.after(),
            update(spec, before, after));
      }
    }
    return updates;
  }

  /** What changes in a client's view when its conditions change to those of {@code next}. */
  ObjectNode transition(MonitorSpec next, Database database) {
    ObjectNode updates = JSON.objectNode();
    for (TableSpec spec : tables.values()) {
      TableSpec nextSpec = next.tables.get(spec.table().name());
      if (nextSpec.where().equals(spec.where())) {
        continue;
      }
      Table table = database.table(spec.table().name());
      for (Row row : table.rows()) {
        Row before = visible(spec.where(), row);
        Row after = visible(nextSpec.where(), row);
        put(updates, row, before == after ? null : update(spec, before, after));
      }
    }
    return updates;
  }

  private static Row visible(Condition where, Row row) {
    return row != null && where.matchesAny(row) ? row : null;
  }

  private static void put(ObjectNode updates, Row row, JsonNode update) {
    if (update != null) {
      updates.withObjectProperty(row.table().name()).set(row.uuid().toString(), update);
    }
  }

  private JsonNode update(TableSpec spec, Row before, Row after) {
    if (before == null) {
      return after == null || !spec.wants(Event.INSERT)
          ? null
          : inserted(spec, Event.INSERT, after);
    }
    if (after == null) {
      return spec.wants(Event.DELETE) ? deleted(spec, before) : null;
    }
    return spec.wants(Event.MODIFY) ? modified(spec, before, after) : null;
  }

  private JsonNode inserted(TableSpec spec, Event event, Row row) {
    if (!differences) {
      ObjectNode update = JSON.objectNode();
      update.set("new", row.toJson(spec.columns(event)));
      return update;
    }
    ObjectNode values = JSON.objectNode();
    for (ColumnSchema column : spec.columns(event)) {
      Datum value = row.get(column);
      if (!value.equals(column.type().defaultValue())) {
        values.set(column.name(), value.toJson(column.type()));
      }
    }
    ObjectNode update = JSON.objectNode();
    update.set(event == Event.INITIAL ? "initial" : "insert", values);
    return update;
  }

  private JsonNode deleted(TableSpec spec, Row row) {
    ObjectNode update = JSON.objectNode();
    if (differences) {
      return update.putNull("delete");
    }
    update.set("old", row.toJson(spec.columns(Event.DELETE)));
    return update;
  }

  private JsonNode modified(TableSpec spec, Row before, Row after) {
    List<ColumnSchema> columns = spec.columns(Event.MODIFY);
    ObjectNode changes = JSON.objectNode();
    for (ColumnSchema column : columns) {
      Datum was = before.get(column);
      Datum is = after.get(column);
      if (!was.equals(is)) {
        Datum told = differences ? was.diffTo(is, column.type()) : was;
        changes.set(column.name(), told.toJson(column.type()));
      }
    }
    if (changes.isEmpty()) {
      return null;
    }
    ObjectNode update = JSON.objectNode();
    if (differences) {
      update.set("modify", changes);
    } else {
      update.set("old", changes);
      update.set("new", after.toJson(columns));
    }
    return update;
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
