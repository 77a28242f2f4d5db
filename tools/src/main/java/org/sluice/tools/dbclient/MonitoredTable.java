package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * A table that is watched, and the columns to be shown of it.
 *
 * @param columns in the order in which they are shown
 * @param requests the table's member of a monitor request
 */
record MonitoredTable(TableSchema table, List<ColumnSchema> columns, ArrayNode requests) {
  private static final Set<String> KINDS = Set.of("initial", "insert", "delete", "modify");

  /**
   * Reads words of column names apart by commas, with {@code !KIND} for kinds of changes not to be
   * shown; no word stands for all columns.
   *
   * @param condition which rows are wanted, or null for all
   * @param where the words' context, for complaints
   */
  static MonitoredTable of(TableSchema table, List<String> words, JsonNode condition, Where where) {
    MonitoredTable monitored = new MonitoredTable(table, new ArrayList<>(), Server.array());
    List<String> all = words.isEmpty() ? List.of("") : words;
    for (String word : all) {
      ObjectNode request = monitored.requests.addObject();
      monitored.read(word, request, where);
      if (condition != null && monitored.requests.size() == 1) {
        request.set("where", condition);
      }
    }
    return monitored;
  }

  /** What complaints name. */
  record Where(String server, String database) {}

  private void read(String word, ObjectNode request, Where where) {
    ArrayNode names = request.putArray("columns");
    Set<String> unwanted = new TreeSet<>();
    for (String token : word.split(",", -1)) {
      if (token.startsWith("!") && KINDS.contains(token.substring(1))) {
        unwanted.add(token.substring(1));
      } else if (!token.isEmpty()) {
        add(column(token, where), names, where);
      }
    }
    if (names.isEmpty()) {
      addAll(names, where);
    }
    if (!unwanted.isEmpty()) {
      ObjectNode select = request.putObject("select");
      KINDS.forEach(kind -> select.put(kind, !unwanted.contains(kind)));
    }
  }

  private ColumnSchema column(String name, Where where) {
    ColumnSchema column = table.column(name);
    if (column == null) {
      throw new ClientFailure(
          "%s: table \"%s\" in %s does not have a column named \"%s\""
              .formatted(where.server, table.name(), where.database, name));
    }
    return column;
  }

  private void add(ColumnSchema column, ArrayNode names, Where where) {
    if (columns.contains(column)) {
      throw new ClientFailure(
          "%s: column \"%s\" mentioned multiple times".formatted(where.server, column.name()));
    }
    columns.add(column);
    names.add(column.name());
  }

  private void addAll(ArrayNode names, Where where) {
    for (ColumnSchema column : SchemaCommands.sortedColumns(table)) {
      if (column.index() >= TableSchema.FIRST_OWN) {
        add(column, names, where);
      }
    }
    add(table.columns().get(TableSchema.VERSION), names, where);
  }
}
