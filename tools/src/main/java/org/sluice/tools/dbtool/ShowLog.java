package org.sluice.tools.dbtool;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.storage.FileKind;
import org.sluice.ovsdb.storage.LogReader;
import org.sluice.tools.table.JsonPrinter;
import org.sluice.tools.table.UtcTime;

/**
 * {@code show-log}: tells what each record of a file did. Shows what is there rather than what it
 * comes to, so that it also helps with a file that cannot be loaded. Used once, by one thread.
 */
final class ShowLog {
  private static final int SHORT_UUID = 8;

  /** Dates of early versions are in seconds. */
  private static final long FIRST_MS = Integer.MAX_VALUE;

  /** Null where it is not known. */
  private DatabaseSchema schema;

  private final int verbosity;
  private final PrintStream out;

  /** What rows are called: by their column {@code name} where they have one. */
  private final Map<String, String> names = new HashMap<>();

  ShowLog(DatabaseSchema schema, int verbosity, PrintStream out) {
    this.schema = schema;
    this.verbosity = verbosity;
    this.out = out;
  }

  /**
   * Prints the records of {@code file}.
   *
   * @param verbosity 0 for dates and comments, 1 for rows, 2 for columns too
   */
  static void run(Path file, int verbosity, PrintStream out) throws IOException, OvsdbException {
    if (FileKind.of(file) == FileKind.CLUSTERED) {
      ShowClusterLog.run(file, new ShowLog(null, verbosity, out), out);
      return;
    }
    try (LogReader reader = new LogReader(file)) {
      DatabaseSchema schema = DatabaseSchema.fromJson(reader.next());
      out.printf(
          "record 0: \"%s\" schema, version=\"%s\", cksum=\"%s\"\n\n",
          schema.name(), schema.version(), schema.checksum());
      ShowLog log = new ShowLog(schema, verbosity, out);
      int number = 1;
      for (JsonNode record = reader.next(); record != null; record = reader.next()) {
        out.print("record " + number++ + ":");
        log.record(record);
        out.println();
      }
      reader.requireWhole();
    }
  }

  /** From here on rows have another schema. */
  void schema(DatabaseSchema next) {
    schema = next;
  }

  /** Prints what a transaction did, without the end of its last line. */
  void record(JsonNode record) {
    JsonNode date = record.path("_date");
    if (date.isIntegralNumber()) {
      long time = date.longValue();
      out.print(" " + UtcTime.format(time < FIRST_MS ? time * 1000 : time));
    }
    if (record.path("_comment").isTextual()) {
      out.print(" \"" + record.path("_comment").textValue() + "\"");
    }
    if (verbosity > 0) {
      tables(record);
    }
  }

  private void tables(JsonNode record) {
    boolean differences = record.path("_is_diff").booleanValue();
    boolean first = true;
    for (Map.Entry<String, JsonNode> table : record.properties()) {
      if (table.getKey().startsWith("_") || !table.getValue().isObject()) {
        continue;
      }
      out.print(first ? "\n" : "");
      first = false;
      table
          .getValue()
          .properties()
          .forEach(row -> row(table.getKey(), row.getKey(), row.getValue(), differences));
    }
  }

  private void row(String table, String uuid, JsonNode columns, boolean differences) {
    String before = names.get(uuid);
    JsonNode name = columns.get("name");
    String now = name == null ? null : JsonPrinter.compact(name);
    String id = uuid.substring(0, Math.min(SHORT_UUID, uuid.length()));
    out.print("  table " + table);
    if (before != null) {
      out.println(" row " + before + " (" + id + ")" + (differences ? " diff" : "") + ":");
    } else {
      out.println(" insert row " + (now == null ? id : now + " (" + id + ")") + ":");
    }
    if (columns.isNull()) {
      out.println("    delete row");
      names.remove(uuid);
    } else if (columns.isObject()) {
      columns(table, columns);
      names.put(uuid, now != null ? now : before != null ? before : id);
    }
  }

  private void columns(String table, JsonNode columns) {
    if (verbosity > 1) {
      columns
          .properties()
          .forEach(column ->
              out.println(
                  "    "
                      + column.getKey()
                      + "="
                      + value(table, column.getKey(), column.getValue())));
    }
  }

  /** A difference need not be a value that the column could have; then it is shown as JSON. */
  private String value(String table, String columnName, JsonNode json) {
    TableSchema tableSchema = schema == null ? null : schema.table(table);
    ColumnSchema column = tableSchema == null ? null : tableSchema.column(columnName);
    if (column != null) {
      try {
        return DatumReader.read(json, column.type(), null).toText(column.type());
      } catch (OvsdbException _) {
        return JsonPrinter.compact(json);
      }
    }
    return JsonPrinter.compact(json);
  }
}
