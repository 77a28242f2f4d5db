package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.table.Cell;
import org.sluice.tools.table.JsonPrinter;
import org.sluice.tools.table.OutputTable;

/**
 * {@code dump}: the contents of one table or all, in an order that does not change from one run to
 * the next. Used by the main thread.
 */
final class Dump {
  private record Part(TableSchema table, List<ColumnSchema> columns) {}

  private final Output output;

  Dump(Output output) {
    this.output = output;
  }

  void run(Call call) throws OvsdbException {
    DatabaseSchema schema = call.server().schema(call.database(), output);
    List<Part> parts = parts(schema, call.words());
    ArrayNode transaction = Server.array().add(call.database());
    parts.forEach(part -> transaction.add(select(part)));
    JsonNode results = call.server().result("transact", transaction, output);
    if (!results.isArray() || results.size() != parts.size()) {
      throw new ClientFailure(
          "reply is not array of %d elements: %s"
              .formatted(parts.size(), JsonPrinter.compact(results)));
    }
    for (int i = 0; i < parts.size(); i++) {
      print(parts.get(i), rows(parts.get(i).table, results.get(i)));
    }
  }

  private static List<Part> parts(DatabaseSchema schema, List<String> words) {
    if (words.isEmpty()) {
      return SchemaCommands.sorted(schema).stream()
          .map(table -> new Part(table, shown(table.columns())))
          .toList();
    }
    TableSchema table = schema.table(words.getFirst());
    if (table == null) {
      throw new ClientFailure("No table \"" + words.getFirst() + "\" found.");
    }
    List<String> names = words.subList(1, words.size());
    List<ColumnSchema> columns =
        names.isEmpty()
            ? table.columns()
            : names.stream().map(name -> column(table, name)).toList();
    return List.of(new Part(table, shown(columns)));
  }

  private static ColumnSchema column(TableSchema table, String name) {
    ColumnSchema column = table.column(name);
    if (column == null) {
      throw new ClientFailure("Table \"%s\" has no column %s.".formatted(table.name(), name));
    }
    return column;
  }

  private static List<ColumnSchema> shown(List<ColumnSchema> columns) {
    return columns.stream()
        .filter(column -> column.index() != TableSchema.VERSION)
        .sorted(Comparator.comparing(ColumnSchema::name))
        .toList();
  }

  private static ObjectNode select(Part part) {
    ObjectNode operation = Server.array().addObject();
    operation.put("op", "select").put("table", part.table.name()).putArray("where");
    ArrayNode columns = operation.putArray("columns");
    part.columns.forEach(column -> columns.add(column.name()));
    return operation;
  }

  static JsonNode rows(TableSchema table, JsonNode result) {
    if (!result.path("rows").isArray()) {
      throw new ClientFailure(
          "%s table reply is not an object with a \"rows\" member array: %s"
              .formatted(table.name(), JsonPrinter.compact(result)));
    }
    return result.get("rows");
  }

  private void print(Part part, JsonNode rowsJson) throws OvsdbException {
    List<List<Datum>> rows = new ArrayList<>();
    for (JsonNode row : rowsJson) {
      rows.add(row(part, row, rows.size()));
    }
    rows.sort(order(part.columns));
    OutputTable table =
        new OutputTable(part.columns.stream().map(ColumnSchema::name).toList())
            .captioned(part.table.name() + " table");
    rows.forEach(row -> table.addRow(cells(part, row)));
    output.printTable(table);
  }

  private static List<Datum> row(Part part, JsonNode json, int number) throws OvsdbException {
    String table = part.table.name();
    if (!json.isObject()) {
      throw new ClientFailure(
          "row %d in table %s response is not a JSON object: %s"
              .formatted(number, table, JsonPrinter.compact(json)));
    }
    List<Datum> row = new ArrayList<>();
    for (ColumnSchema column : part.columns) {
      JsonNode value = json.get(column.name());
      if (value == null) {
        throw new ClientFailure(
            "row %d in table %s response lacks %s column".formatted(number, table, column.name()));
      }
      row.add(DatumReader.read(value, unconstrained(column.type()), null));
    }
    return row;
  }

  /** What the server holds is shown even if it breaks the limits of its schema. */
  private static ColumnType unconstrained(ColumnType type) {
    BaseType value = type.value() == null ? null : BaseType.of(type.value().atomic());
    return new ColumnType(BaseType.of(type.key().atomic()), value, type.min(), type.max());
  }

  private static List<Cell> cells(Part part, List<Datum> row) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      ColumnType type = part.columns.get(i).type();
      cells.add(Cell.of(row.get(i).toJson(type), type));
    }
    return cells;
  }

  /** UUIDs count last: they differ from one run of a test to the next. */
  private static Comparator<List<Datum>> order(List<ColumnSchema> columns) {
    return byColumns(columns, false).thenComparing(byColumns(columns, true));
  }

  private static Comparator<List<Datum>> byColumns(List<ColumnSchema> columns, boolean uuids) {
    return (a, b) -> {
      for (int i = 0; i < columns.size(); i++) {
        boolean isUuid = columns.get(i).type().key().atomic() == AtomicType.UUID;
        int order = isUuid == uuids ? a.get(i).compareTo(b.get(i)) : 0;
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }
}
