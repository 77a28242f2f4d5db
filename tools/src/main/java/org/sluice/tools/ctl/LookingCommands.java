package org.sluice.tools.ctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.table.Cell;
import org.sluice.tools.table.OutputTable;

/** The commands that look at any table: get, list, find, wait-until. Stateless. */
final class LookingCommands {
  private static final String UUID = "_uuid";

  private LookingCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        reading("comment", 0, MANY, "[ARG]..."),
        reading("get", 2, MANY, "TABLE RECORD [COLUMN[:KEY]]...")
            .options("--if-exists", "--id=")
            .needing(LookingCommands::prepareGet)
            .running(LookingCommands::get),
        reading("list", 1, MANY, "TABLE [RECORD]...")
            .options("--if-exists", "--columns=")
            .needing((wanted, invocation) -> prepareColumns(wanted, invocation))
            .running(LookingCommands::list),
        reading("find", 1, MANY, "TABLE [COLUMN[:KEY]=VALUE]...")
            .options("--columns=")
            .needing(LookingCommands::prepareFind)
            .running(LookingCommands::find),
        reading("wait-until", 2, MANY, "TABLE RECORD [COLUMN[:KEY]=VALUE]...")
            .needing((wanted, invocation) -> prepareTerms(wanted, invocation, 2))
            .running(LookingCommands::waitUntil));
  }

  /** A table with the columns of the arguments from {@code first} on. */
  static TableSchema prepareTerms(Prerequisites wanted, Invocation invocation, int first) {
    TableSchema table = wanted.addNamed(invocation.argument(0));
    addTerms(wanted, table, invocation.arguments(first));
    return table;
  }

  private static void addTerms(Prerequisites wanted, TableSchema table, List<String> terms) {
    for (String term : terms) {
      if (!isUuid(term)) {
        wanted.add(table, ColumnTerm.column(term, table, wanted.names()));
      }
    }
  }

  private static boolean isUuid(String argument) {
    return argument.equalsIgnoreCase(UUID) || argument.equalsIgnoreCase("-uuid");
  }

  private static void prepareGet(Prerequisites wanted, Invocation invocation) {
    prepareTerms(wanted, invocation, 2);
  }

  private static void get(CtlContext context) {
    Invocation invocation = context.invocation();
    String id = invocation.value("--id");
    if (id != null && invocation.has("--if-exists")) {
      throw new CtlFailure("--if-exists and --id may not be specified together");
    }
    Row row = context.row(context.table(invocation.argument(0)), invocation.argument(1));
    if (row == null) {
      return;
    }
    if (id != null) {
      context.symbols().define(id, row.uuid());
    }
    for (String argument : invocation.arguments(2)) {
      invocation.println(isUuid(argument) ? row.uuid().toString() : value(context, row, argument));
    }
  }

  private static String value(CtlContext context, Row row, String argument) {
    ColumnTerm term = ColumnTerm.name(argument, row.table(), context.names());
    ColumnSchema column = term.column();
    context.draft().verify(row, column.name());
    Datum datum = row.get(column);
    if (term.key() == null) {
      return datum.toText(column.type());
    }
    if (!column.type().isMap()) {
      throw new CtlFailure("cannot specify key to get for non-map column %s", column.name());
    }
    Atom key = context.atom(term.key(), column.type().key());
    Atom found = datum.isEmpty() ? null : datum.get(key);
    if (found == null && !context.invocation().has("--if-exists")) {
      throw new CtlFailure(
          "no key \"%s\" in %s record \"%s\" column %s",
          term.key(), row.table().name(), context.invocation().argument(1), column.name());
    }
    return found == null ? "" : found.toText();
  }

  private static TableSchema prepareColumns(Prerequisites wanted, Invocation invocation) {
    TableSchema table = wanted.addNamed(invocation.argument(0));
    for (ColumnSchema column : columns(table, invocation, wanted.names())) {
      if (!column.name().equals(UUID)) {
        wanted.add(table, column);
      }
    }
    return table;
  }

  private static void prepareFind(Prerequisites wanted, Invocation invocation) {
    addTerms(wanted, prepareColumns(wanted, invocation), invocation.arguments(1));
  }

  /** The columns to be shown: those of {@code --columns}, or the UUID and all others. */
  private static List<ColumnSchema> columns(TableSchema table, Invocation invocation, Names names) {
    List<ColumnSchema> columns = new ArrayList<>();
    String wanted = invocation.value("--columns");
    if (wanted == null) {
      columns.add(table.column(UUID));
      columns.addAll(Names.sorted(table));
      return columns;
    }
    StringTokenizer tokens = new StringTokenizer(wanted, ", ");
    while (tokens.hasMoreTokens()) {
      String name = tokens.nextToken();
      columns.add(name.equalsIgnoreCase(UUID) ? table.column(UUID) : names.column(table, name));
    }
    if (columns.isEmpty()) {
      throw new CtlFailure("must specify at least one column name");
    }
    return columns;
  }

  private static void list(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    List<Row> rows = new ArrayList<>();
    for (String id : invocation.arguments(1)) {
      Row row = context.row(table, id);
      if (row != null) {
        rows.add(row);
      }
    }
    boolean all = invocation.argumentCount() == 1;
    print(context, table, all ? context.draft().rows(table.name()) : rows);
  }

  private static void find(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    List<Row> rows =
        context.draft().rows(table.name()).stream()
            .filter(row -> context.satisfies(row, invocation.arguments(1)))
            .toList();
    print(context, table, rows);
  }

  private static void print(CtlContext context, TableSchema table, List<Row> rows) {
    List<ColumnSchema> columns = columns(table, context.invocation(), context.names());
    OutputTable out = new OutputTable(columns.stream().map(ColumnSchema::name).toList());
    for (Row row : rows) {
      out.addRow(
          columns.stream()
              .map(column -> Cell.of(row.get(column).toJson(column.type()), column.type()))
              .toList());
    }
    context.invocation().print(out);
  }

  private static void waitUntil(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    Row row = context.rowOrNull(table, invocation.argument(1));
    if (row == null || !context.satisfies(row, invocation.arguments(2))) {
      context.tryAgain();
    }
  }
}
