package org.sluice.ovsdb.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;

/**
 * A column that names remotes, {@code db:DB,TABLE,COLUMN}: by strings, or by references to rows
 * with a column {@code target} and others that say how clients are treated. Immutable.
 */
record RemoteColumn(String database, String table, String column)
    implements Comparable<RemoteColumn> {
  private static final String PREFIX = "db:";
  private static final VlogRateLimit INHERITED_ONLY = new VlogRateLimit(1, 1);

  static boolean isColumn(String text) {
    return text.startsWith(PREFIX);
  }

  /** Reads the text form. */
  static RemoteColumn parse(String text) {
    String[] parts = text.substring(PREFIX.length()).split(",", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("\"%s\": invalid syntax".formatted(text));
    }
    return new RemoteColumn(parts[0].strip(), parts[1].strip(), parts[2].strip());
  }

  /** What is wrong with following this column, or null. */
  String problem(Databases databases) {
    ServedDatabase served = databases.get(database);
    if (served == null) {
      return "\"%s\": no database named %s".formatted(this, database);
    }
    Table rows = served.database().table(table);
    if (rows == null) {
      return "\"%s\": no table named %s".formatted(this, table);
    }
    return rows.schema().column(column) == null
        ? "\"%s\": table \"%s\" has no column \"%s\"".formatted(this, table, column)
        : null;
  }

  /** What is wrong with taking a string from this column, or null. */
  String stringProblem(Databases databases) {
    String problem = problem(databases);
    if (problem != null) {
      return problem;
    }
    ColumnType type =
        databases.get(database).database().table(table).schema().column(column).type();
    return type.key().atomic() == AtomicType.STRING && !type.isMap()
        ? null
        : "\"%s\": table \"%s\" column \"%s\" is not string or set of strings"
            .formatted(this, table, column);
  }

  /** Some string that the column has, or null. */
  String someString(Database from) {
    for (Row row : from.table(table).rows()) {
      for (String text : row.get(column).strings()) {
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return null;
  }

  /** What the column names now. */
  Map<String, RemoteOptions> targets(Database from, Vlog log) {
    Map<String, RemoteOptions> targets = new TreeMap<>();
    ColumnType type = from.table(table).schema().column(column).type();
    if (type.key().atomic() == AtomicType.STRING && !type.isMap()) {
      for (Row row : from.table(table).rows()) {
        row.get(column).strings().forEach(text -> add(targets, text, RemoteOptions.NONE, log));
      }
    } else {
      rows(from).forEach(row -> add(targets, string(row, "target"), options(row), log));
    }
    return targets;
  }

  private static void add(
      Map<String, RemoteOptions> targets, String target, RemoteOptions options, Vlog log) {
    if (target == null || target.isEmpty()) {
      return;
    }
    if (target.startsWith("pfd:")) {
      log.log(
          INHERITED_ONLY,
          LogLevel.WARN,
          "pfd: remotes can only be specified on the command line; ignoring \"%s\" from database",
          target);
      return;
    }
    targets.put(target, options);
  }

  /** The rows that the column refers to; none if it does not refer to rows. */
  List<Row> rows(Database from) {
    List<Row> rows = new ArrayList<>();
    ColumnType type = from.table(table).schema().column(column).type();
    if (type.key().reference() == null || type.isMap()) {
      return rows;
    }
    Table referred = from.table(type.key().reference().table());
    for (Row row : from.table(table).rows()) {
      for (UUID uuid : row.get(column).uuids()) {
        if (referred.row(uuid) != null) {
          rows.add(referred.row(uuid));
        }
      }
    }
    return rows;
  }

  private static RemoteOptions options(Row row) {
    Datum other = value(row, "other_config", AtomicType.STRING);
    String dscp = other != null && other.hasValues() ? other.get("dscp") : null;
    Datum readOnly = value(row, "read_only", AtomicType.BOOLEAN);
    String role = string(row, "role");
    return new RemoteOptions(
        integer(row, "inactivity_probe"),
        integer(row, "max_backoff"),
        readOnly != null && readOnly.bool(false),
        role == null ? "" : role,
        dscp != null && dscp.matches("[0-9]{1,2}") ? Integer.valueOf(dscp) : null);
  }

  private static Datum value(Row row, String name, AtomicType type) {
    ColumnSchema schema = row.table().column(name);
    return schema == null || schema.type().key().atomic() != type ? null : row.get(schema);
  }

  private static String string(Row row, String name) {
    Datum value = value(row, name, AtomicType.STRING);
    return value == null ? null : value.string();
  }

  private static Long integer(Row row, String name) {
    Datum value = value(row, name, AtomicType.INTEGER);
    return value == null || value.isEmpty() ? null : value.integer(0);
  }

  @Override
  public int compareTo(RemoteColumn other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return PREFIX + database + "," + table + "," + column;
  }
}
