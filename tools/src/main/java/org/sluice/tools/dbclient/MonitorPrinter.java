package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sluice.base.clock.Clock;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.tools.table.Cell;
import org.sluice.tools.table.OutputTable;

/**
 * Shows updates of monitored tables, a table for each. A server's update that is not as it should
 * be is complained about and passed over. Used by the main thread.
 */
final class MonitorPrinter {
  private static final List<String> OPERATIONS = List.of("delete", "initial", "modify", "insert");

  private final List<MonitoredTable> tables;
  private final Output output;
  private final Clock clock;
  private final boolean timestamp;
  private final Consumer<String> complaints;

  MonitorPrinter(
      List<MonitoredTable> tables, Output output, Clock timestamps, Consumer<String> complaints) {
    this.tables = tables;
    this.output = output;
    this.clock = timestamps;
    this.timestamp = timestamps != null;
    this.complaints = complaints;
  }

  /** The {@code table-updates} of RFC 7047. */
  void printUpdates(JsonNode updates, boolean initial) {
    print(
        updates,
        "<table-updates>",
        (table, rows, into) -> {
          for (Map.Entry<String, JsonNode> row : rows.properties()) {
            if (row.getValue().isObject()) {
              printRow(table, row, initial, into);
            } else {
              complaints.accept("<row-update> is not object");
            }
          }
        });
  }

  private void printRow(
      MonitoredTable table, Map.Entry<String, JsonNode> row, boolean initial, OutputTable into) {
    JsonNode before = row.getValue().get("old");
    JsonNode after = row.getValue().get("new");
    if (initial) {
      add(table, row.getKey(), "initial", after, into);
    } else if (before == null) {
      add(table, row.getKey(), "insert", after, into);
    } else if (after == null) {
      add(table, row.getKey(), "delete", before, into);
    } else {
      add(table, row.getKey(), "old", before, into);
      add(table, "", "new", after, into);
    }
  }

  /** The {@code table-updates2} of Open vSwitch. */
  void printUpdates2(JsonNode updates) {
    print(
        updates,
        "<table-updates2>",
        (table, rows, into) -> {
          for (Map.Entry<String, JsonNode> row : rows.properties()) {
            if (row.getValue().isObject()) {
              printRow2(table, row, into);
            } else {
              complaints.accept("<row-update2> is not object");
            }
          }
        });
  }

  private void printRow2(MonitoredTable table, Map.Entry<String, JsonNode> row, OutputTable into) {
    for (String operation : OPERATIONS) {
      JsonNode value = row.getValue().get(operation);
      if (value == null) {
        continue;
      }
      if (!operation.equals("delete")) {
        add(table, row.getKey(), operation, value, into);
      } else if (value.isNull()) {
        into.addRow(List.of(Cell.of(row.getKey()), Cell.of(operation)));
      } else {
        complaints.accept("delete method does not expect <row>");
      }
      return;
    }
  }

  private interface RowPrinter {
    void print(MonitoredTable table, JsonNode rows, OutputTable into);
  }

  private void print(JsonNode updates, String what, RowPrinter printer) {
    if (!updates.isObject()) {
      complaints.accept(what + " is not object");
      return;
    }
    for (MonitoredTable table : tables) {
      JsonNode rows = updates.get(table.table().name());
      if (rows != null && rows.isObject()) {
        OutputTable into = empty(table);
        printer.print(table, rows, into);
        output.printTable(into);
      } else if (rows != null) {
        complaints.accept("<table-update> for table " + table.table().name() + " is not object");
      }
    }
  }

  private OutputTable empty(MonitoredTable table) {
    List<String> headings = new ArrayList<>(List.of("row", "action"));
    table.columns().forEach(column -> headings.add(column.name()));
    OutputTable into = new OutputTable(headings);
    if (tables.size() > 1) {
      into.captioned(table.table().name());
    }
    return timestamp ? into.stamped(clock.wallMs()) : into;
  }

  private void add(
      MonitoredTable table, String uuid, String action, JsonNode row, OutputTable into) {
    if (row == null) {
      complaints.accept("missing " + action + " row");
      return;
    }
    if (!row.isObject()) {
      complaints.accept("<row> is not object");
      return;
    }
    List<Cell> cells = new ArrayList<>(List.of(Cell.of(uuid), Cell.of(action)));
    for (ColumnSchema column : table.columns()) {
      JsonNode value = row.get(column.name());
      cells.add(value == null ? Cell.empty() : Cell.of(value, column.type()));
    }
    into.addRow(cells);
  }
}
