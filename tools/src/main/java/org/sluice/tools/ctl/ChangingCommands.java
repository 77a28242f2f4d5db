package org.sluice.tools.ctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/** The commands that change columns of any row: set, add, remove, clear. Stateless. */
final class ChangingCommands {
  private static final int COLUMN = 2;
  private static final int VALUES = 3;

  private ChangingCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("set", 3, MANY, "TABLE RECORD COLUMN[:KEY]=VALUE...")
            .options("--if-exists")
            .needing(
                (wanted, invocation) -> LookingCommands.prepareTerms(wanted, invocation, COLUMN))
            .running(ChangingCommands::set),
        writing("add", 4, MANY, "TABLE RECORD COLUMN [KEY=]VALUE...")
            .options("--if-exists")
            .needing((wanted, invocation) -> prepareColumns(wanted, invocation, VALUES))
            .running(ChangingCommands::add),
        writing("remove", 4, MANY, "TABLE RECORD COLUMN KEY|VALUE|KEY=VALUE...")
            .options("--if-exists")
            .needing((wanted, invocation) -> prepareColumns(wanted, invocation, VALUES))
            .running(ChangingCommands::remove),
        writing("clear", 3, MANY, "TABLE RECORD COLUMN...")
            .options("--if-exists")
            .needing((wanted, invocation) ->
                prepareColumns(wanted, invocation, invocation.argumentCount()))
            .running(ChangingCommands::clear));
  }

  /** A table with the columns that the arguments from the third on name, up to {@code end}. */
  private static void prepareColumns(Prerequisites wanted, Invocation invocation, int end) {
    TableSchema table = wanted.addNamed(invocation.argument(0));
    for (int i = COLUMN; i < end; i++) {
      wanted.add(table, wanted.names().column(table, invocation.argument(i)));
    }
  }

  private static void set(CtlContext context) {
    Invocation invocation = context.invocation();
    Row row = context.row(context.table(invocation.argument(0)), invocation.argument(1));
    if (row != null) {
      invocation.arguments(COLUMN).forEach(argument -> context.assign(row, argument));
    }
  }

  private static void add(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    ColumnSchema column = context.column(table, invocation.argument(COLUMN));
    Row row = context.row(table, invocation.argument(1));
    if (row == null) {
      return;
    }
    context.checkMutable(row, column);
    ColumnType type = column.type();
    Datum value = row.get(column);
    for (String text : invocation.arguments(VALUES)) {
      value = value.union(context.datum(text, type.withBounds(1, ColumnType.UNLIMITED)));
    }
    if (value.size() > type.max()) {
      throw badSize("add", value, column, table, "maximum number is " + type.max());
    }
    change(context, row, column, value);
  }

  private static void remove(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    ColumnSchema column = context.column(table, invocation.argument(COLUMN));
    Row row = context.row(table, invocation.argument(1));
    if (row == null) {
      return;
    }
    context.checkMutable(row, column);
    Datum value = row.get(column);
    for (String text : invocation.arguments(VALUES)) {
      value = value.subtract(toRemove(context, text, column.type()));
    }
    if (value.size() < column.type().min()) {
      throw badSize("remove", value, column, table, "minimum number is " + column.type().min());
    }
    change(context, row, column, value);
  }

  /** From a map, pairs or keys may be removed. */
  private static Datum toRemove(CtlContext context, String text, ColumnType type) {
    ColumnType some = type.withBounds(1, ColumnType.UNLIMITED);
    if (!type.isMap()) {
      return context.datum(text, some);
    }
    try {
      return context.datum(text, some);
    } catch (CtlFailure _) {
      return context.datum(text, new ColumnType(type.key(), null, 1, ColumnType.UNLIMITED));
    }
  }

  private static CtlFailure badSize(
      String operation, Datum value, ColumnSchema column, TableSchema table, String limit) {
    String what = column.type().isMap() ? "pairs" : "values";
    return new CtlFailure(
        "\"%s\" operation would put %d %s in column %s of table %s but the %s",
        operation, value.size(), what, column.name(), table.name(), limit);
  }

  /** Only elements that come or go are sent, where the column can hold more than one. */
  private static void change(CtlContext context, Row row, ColumnSchema column, Datum value) {
    if (!column.type().isComposite()) {
      context.draft().verify(row, column.name());
      context.draft().set(row, column.name(), value);
      return;
    }
    Datum before = row.get(column);
    context.draft().deleteFrom(row, column.name(), before.subtract(value));
    context.draft().insertInto(row, column.name(), value.subtract(before));
  }

  private static void clear(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    Row row = context.row(table, invocation.argument(1));
    if (row == null) {
      return;
    }
    for (String name : invocation.arguments(COLUMN)) {
      ColumnSchema column = context.column(table, name);
      context.checkMutable(row, column);
      if (column.type().min() > 0) {
        throw new CtlFailure(
            "\"clear\" operation cannot be applied to column %s of table %s,"
                + " which is not allowed to be empty",
            column.name(), table.name());
      }
      context.draft().set(row, column.name(), Datum.EMPTY);
    }
  }
}
