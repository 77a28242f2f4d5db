package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.storage.LogRecord;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.table.JsonPrinter;

/**
 * {@code backup} and {@code restore}: a running database to a file on standard output, and back.
 * Used by the main thread.
 */
final class BackupCommands {
  private final Output output;
  private final ClientSettings settings;
  private final Clock clock;
  private final Vlog log;

  BackupCommands(Output output, ClientSettings settings, Clock clock, Vlog log) {
    this.output = output;
    this.settings = settings;
    this.clock = clock;
    this.log = log;
  }

  void backup(Call call) throws OvsdbException {
    if (isTerminal(1)) {
      throw new ClientFailure("not writing backup to a terminal; please redirect stdout to a file");
    }
    DatabaseSchema schema = call.server().schema(call.database(), output);
    ArrayNode transaction = Server.array().add(call.database());
    schema.tables().forEach(table -> transaction.add(select(table)));
    JsonNode results = call.server().result("transact", transaction, output);
    if (!results.isArray() || results.size() != schema.tables().size()) {
      throw new ClientFailure(
          "reply is not array of %d elements: %s"
              .formatted(schema.tables().size(), JsonPrinter.compact(results)));
    }
    output.write(LogRecord.encode(schema.toJson()));
    output.write(LogRecord.encode(rows(schema, results)));
  }

  /** Rows of a table count even if nothing in them is kept on disk: others may refer to them. */
  private static ObjectNode select(TableSchema table) {
    ObjectNode operation = Server.array().addObject();
    operation.put("op", "select").put("table", table.name()).putArray("where");
    ArrayNode columns = operation.putArray("columns");
    for (ColumnSchema column : table.columns()) {
      if (column.persistent()) {
        columns.add(column.name());
      }
    }
    return operation;
  }

  private ObjectNode rows(DatabaseSchema schema, JsonNode results) {
    ObjectNode record = Server.array().addObject();
    int i = 0;
    for (TableSchema table : schema.tables()) {
      for (JsonNode row : Dump.rows(table, results.get(i++))) {
        record.withObjectProperty(table.name()).set(takeUuid(table, row), row);
      }
    }
    record.put("_comment", "produced by \"ovsdb-client backup\"").put("_is_diff", true);
    return record.put("_date", clock.wallMs());
  }

  private static String takeUuid(TableSchema table, JsonNode row) {
    JsonNode uuid = row instanceof ObjectNode object ? object.remove("_uuid") : null;
    if (uuid == null || !uuid.path(1).isTextual()) {
      throw new ClientFailure(
          "%s table reply row lacks _uuid member: %s"
              .formatted(table.name(), JsonPrinter.compact(row)));
    }
    return uuid.path(1).textValue();
  }

  void restore(Call call) throws IOException, OvsdbException {
    if (isTerminal(0)) {
      throw new ClientFailure(
          "not reading backup from a terminal; please redirect stdin from a file");
    }
    Database backup = read();
    checkSchema(backup.schema(), call.server().schema(call.database(), output));
    JsonNode results = call.server().result("transact", RestoreTransaction.of(backup), output);
    Session.checkResults(results);
  }

  /** Standard input may be a pipe, which cannot be read twice as a database file is. */
  private static Database read() throws IOException, OvsdbException {
    Path copy = Files.createTempFile("ovsdb-client", ".backup");
    try {
      Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
      return DatabaseFile.read(copy);
    } catch (OvsdbException e) {
      OvsdbError error = e.error();
      String details = error.details().replace(copy.toString(), "/dev/stdin");
      throw new OvsdbError(error.tag(), details, error.syntax()).thrown();
    } finally {
      Files.delete(copy);
    }
  }

  private void checkSchema(DatabaseSchema backup, DatabaseSchema online) {
    if (backup.isSameAs(online)) {
      return;
    }
    String difference =
        backup.version().equals(online.version())
            ? "backup schema and database schema are both version %s but still differ"
                .formatted(backup.version())
            : "backup schema has version \"%s\" but database schema has version \"%s\""
                .formatted(backup.version(), online.version());
    if (!settings.force()) {
      throw new ClientFailure(
          difference
              + " (use --force to override differences, or \"ovsdb-client convert\""
              + " to change the schema)");
    }
    log.info("%s", difference);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException _) {
      return false;
    }
  }
}
