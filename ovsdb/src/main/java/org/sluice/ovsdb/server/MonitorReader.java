package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.server.MonitorSpec.Event;
import org.sluice.ovsdb.server.MonitorSpec.TableSpec;
import org.sluice.ovsdb.transaction.Condition;
import org.sluice.ovsdb.transaction.Database;

/** Reads monitor requests. Stateless. */
final class MonitorReader {
  private MonitorReader() {}

  /** Reads {@code <monitor-requests>} or, with conditions, {@code <monitor-cond-requests>}. */
  static MonitorSpec spec(JsonNode json, Database database, boolean conditional)
      throws OvsdbException {
    if (!json.isObject()) {
      throw OvsdbError.syntax(json, "monitor-requests must be object").thrown();
    }
    Map<String, TableSpec> tables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      TableSchema table = table(database, entry.getKey());
      tables.put(table.name(), table(table, entry.getValue(), conditional));
    }
    return new MonitorSpec(tables, conditional);
  }

  private static TableSchema table(Database database, String name) throws OvsdbException {
    TableSchema table = database.schema().table(name);
    if (table == null) {
      throw OvsdbError.syntax(null, "no table named " + name).thrown();
    }
    return table;
  }

  private static TableSpec table(TableSchema table, JsonNode json, boolean conditional)
      throws OvsdbException {
    Map<ColumnSchema, Set<Event>> columns = new LinkedHashMap<>();
    Set<Event> allEvents = EnumSet.noneOf(Event.class);
    Condition where = Condition.NONE;
    for (JsonNode request : json.isArray() ? json : List.of(json)) {
      MemberReader members = new MemberReader(request, "table " + table);
      JsonNode whereJson = conditional ? members.optional("where", Kind.ARRAY) : null;
      JsonNode columnsJson = members.optional("columns", Kind.ARRAY);
      JsonNode select = members.optional("select", Kind.OBJECT);
      members.finish();
      Set<Event> events = events(select, table);
      allEvents.addAll(events);
      addColumns(columns, table, columnsJson, events);
      where = whereJson == null ? where : Condition.fromJson(table, whereJson, null);
    }
    return new TableSpec(table, allEvents, columns, where);
  }

  private static Set<Event> events(JsonNode select, TableSchema table) throws OvsdbException {
    if (select == null) {
      return MonitorSpec.allEvents();
    }
    MemberReader members = new MemberReader(select, "table " + table + " select");
    EnumSet<Event> events = EnumSet.noneOf(Event.class);
    addIf(members.flag("initial", true), Event.INITIAL, events);
    addIf(members.flag("insert", true), Event.INSERT, events);
    addIf(members.flag("delete", true), Event.DELETE, events);
    addIf(members.flag("modify", true), Event.MODIFY, events);
    members.finish();
    return events;
  }

  private static void addIf(boolean wanted, Event event, Set<Event> to) {
    if (wanted) {
      to.add(event);
    }
  }

  private static void addColumns(
      Map<ColumnSchema, Set<Event>> columns, TableSchema table, JsonNode json, Set<Event> events)
      throws OvsdbException {
    if (json == null) {
      for (ColumnSchema column : table.columns()) {
        if (column.index() != TableSchema.UUID) {
          add(columns, column, events, null);
        }
      }
      return;
    }
    for (JsonNode name : json) {
      if (!name.isTextual()) {
        throw OvsdbError.syntax(json, "array of column names expected").thrown();
      }
      ColumnSchema column = table.column(name.textValue());
      if (column == null) {
        String text = "%s is not a valid column name".formatted(name.textValue());
        throw OvsdbError.syntax(json, text).thrown();
      }
      add(columns, column, events, json);
    }
  }

  private static void add(
      Map<ColumnSchema, Set<Event>> columns, ColumnSchema column, Set<Event> events, JsonNode json)
      throws OvsdbException {
    if (columns.put(column, events) != null) {
      String text = "column %s mentioned more than once".formatted(column.name());
      throw OvsdbError.syntax(json, text).thrown();
    }
  }

  /** Reads the new conditions of {@code monitor_cond_change}, for tables that {@code spec} has. */
  static Map<String, Condition> conditions(JsonNode json, Database database, MonitorSpec spec)
      throws OvsdbException {
    if (!json.isObject()) {
      String text = "monitor-cond-change-requests must be object";
      throw OvsdbError.syntax(null, text).thrown();
    }
    Map<String, Condition> conditions = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      TableSchema table = table(database, entry.getKey());
      checkMonitored(spec, entry);
      for (JsonNode request : entry.getValue()) {
        conditions.put(table.name(), condition(table, request));
      }
    }
    return conditions;
  }

  private static void checkMonitored(MonitorSpec spec, Map.Entry<String, JsonNode> entry)
      throws OvsdbException {
    if (!spec.tables().containsKey(entry.getKey())) {
      String text = "no table named %s in monitor session".formatted(entry.getKey());
      throw OvsdbError.syntax(null, text).thrown();
    }
    if (!entry.getValue().isArray()) {
      String text = "table %s no monitor-cond-change JSON array".formatted(entry.getKey());
      throw OvsdbError.syntax(null, text).thrown();
    }
  }

  private static Condition condition(TableSchema table, JsonNode json) throws OvsdbException {
    MemberReader members = new MemberReader(json, "table " + table);
    JsonNode columns = members.optional("columns", Kind.ARRAY);
    JsonNode where = members.optional("where", Kind.ARRAY);
    members.finish();
    if (columns != null) {
      throw OvsdbError.syntax(json, "changing columns is unsupported").thrown();
    }
    return where == null ? Condition.NONE : Condition.fromJson(table, where, null);
  }
}
