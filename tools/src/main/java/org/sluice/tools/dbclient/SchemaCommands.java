package org.sluice.tools.dbclient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.table.Cell;
import org.sluice.tools.table.OutputTable;

/** The commands that show what databases, tables and columns there are. Used by one thread. */
final class SchemaCommands {
  private final Output output;

  SchemaCommands(Output output) {
    this.output = output;
  }

  void listDatabases(Call call) {
    call.server().databases(output).forEach(output::println);
  }

  void schema(Call call) throws OvsdbException {
    output.printJson(fetch(call).toJson());
  }

  void version(Call call) throws OvsdbException {
    output.println(fetch(call).version());
  }

  void checksum(Call call) throws OvsdbException {
    output.println(fetch(call).checksum());
  }

  void listTables(Call call) throws OvsdbException {
    OutputTable table = new OutputTable(List.of("Table"));
    sorted(fetch(call)).forEach(each -> table.addRow(List.of(Cell.of(each.name()))));
    output.printTable(table);
  }

  void listColumns(Call call) throws OvsdbException {
    String only = call.words().isEmpty() ? null : call.words().getFirst();
    OutputTable table =
        new OutputTable(
            only == null ? List.of("Table", "Column", "Type") : List.of("Column", "Type"));
    for (TableSchema each : sorted(fetch(call))) {
      if (only == null || only.equals(each.name())) {
        sortedColumns(each).forEach(column -> table.addRow(row(only == null, each, column)));
      }
    }
    output.printTable(table);
  }

  private static List<Cell> row(boolean withTable, TableSchema table, ColumnSchema column) {
    List<Cell> row = new ArrayList<>();
    if (withTable) {
      row.add(Cell.of(table.name()));
    }
    row.add(Cell.of(column.name()));
    row.add(Cell.of(column.type().toJson(), null));
    return row;
  }

  private DatabaseSchema fetch(Call call) throws OvsdbException {
    return call.server().schema(call.database(), output);
  }

  static List<TableSchema> sorted(DatabaseSchema schema) {
    return schema.tables().stream().sorted(Comparator.comparing(TableSchema::name)).toList();
  }

  static List<ColumnSchema> sortedColumns(TableSchema table) {
    return table.columns().stream().sorted(Comparator.comparing(ColumnSchema::name)).toList();
  }
}
