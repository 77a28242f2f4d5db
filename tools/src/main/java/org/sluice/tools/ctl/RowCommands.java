package org.sluice.tools.ctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import java.util.UUID;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/** The commands that make and remove rows of any table: create, destroy. Keeps only a log. */
final class RowCommands {
  private final Vlog log;

  RowCommands(Vlog log) {
    this.log = log;
  }

  List<CtlCommand> all() {
    return List.of(
        writing("create", 2, MANY, "TABLE COLUMN[:KEY]=VALUE...")
            .options("--id=")
            .needing(this::prepareCreate)
            .running(RowCommands::create)
            .afterwards(RowCommands::printUuid),
        writing("destroy", 1, MANY, "TABLE [RECORD]...")
            .options("--if-exists", "--all")
            .needing((wanted, invocation) -> wanted.addNamed(invocation.argument(0)))
            .running(this::destroy));
  }

  private void prepareCreate(Prerequisites wanted, Invocation invocation) {
    TableSchema table = wanted.names().table(invocation.argument(0));
    wanted.add(table.name());
    if (!invocation.has("--id") && !table.isRoot()) {
      log.warn(
          "applying \"create\" command to table %s without --id option will have no effect",
          table.name());
    }
  }

  private static void create(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    Row row = insert(context, table, invocation.value("--id"));
    invocation.arguments(1).forEach(argument -> context.assign(row, argument));
    invocation.print(row.uuid().toString());
  }

  private static Row insert(CtlContext context, TableSchema table, String id) {
    Draft draft = context.draft();
    if (id == null) {
      return draft.insert(table.name());
    }
    UUID chosen = Uuids.parse(id);
    return chosen != null
        ? draft.insertAs(table.name(), chosen)
        : draft.insertNamed(table.name(), context.symbols().create(id, table.isRoot()));
  }

  /** Only the server knows by which UUID the row is to be known. */
  private static void printUuid(CommittedContext context) {
    StringBuilder output = context.invocation().output();
    UUID real = context.inserted().get(Uuids.parse(output.toString()));
    if (real != null) {
      output.setLength(0);
      output.append(real);
    }
    output.append('\n');
  }

  private void destroy(CtlContext context) {
    Invocation invocation = context.invocation();
    TableSchema table = context.table(invocation.argument(0));
    List<String> ids = invocation.arguments(1);
    boolean all = invocation.has("--all");
    if (all && !ids.isEmpty()) {
      throw new CtlFailure("--all and records argument should not be specified together");
    }
    if (all && invocation.has("--if-exists")) {
      throw new CtlFailure("--all and --if-exists should not be specified together");
    }
    if (!all && ids.isEmpty()) {
      log.warn("either --all or records argument should be specified");
      return;
    }
    if (all) {
      context.draft().rows(table.name()).forEach(context.draft()::delete);
    } else {
      ids.forEach(id -> destroy(context, table, id));
    }
  }

  private static void destroy(CtlContext context, TableSchema table, String id) {
    Row row = context.row(table, id);
    if (row != null) {
      context.draft().delete(row);
    }
  }
}
