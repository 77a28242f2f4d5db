package org.sluice.ovsdb.server;

import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;

/**
 * A column that names remotes, {@code db:DB,TABLE,COLUMN}: by strings, or by references to rows
 * with a column {@code target}. Immutable.
 */
record RemoteColumn(String database, String table, String column)
    implements Comparable<RemoteColumn> {
  private static final String PREFIX = "db:";

  static boolean isColumn(String text) {
    return text.startsWith(PREFIX);
  }

  /** Reads the text form. */
  static RemoteColumn parse(String text) {
    String[] parts = text.substring(PREFIX.length()).split(",", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(text + ": use db:DB,TABLE,COLUMN");
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
    ColumnSchema schema = rows.schema().column(column);
    if (schema == null) {
      return "\"%s\": table %s has no column %s".formatted(this, table, column);
    }
    boolean strings = schema.type().key().atomic() == AtomicType.STRING;
    return strings || schema.type().key().reference() != null
        ? null
        : "\"%s\": column %s is neither a string nor a reference".formatted(this, column);
  }

  /** What the column names now; nothing if it is not there. */
  Set<String> targets(Database from) {
    Set<String> targets = new TreeSet<>();
    ColumnType type = from.table(table).schema().column(column).type();
    for (Row row : from.table(table).rows()) {
      Datum value = row.get(column);
      if (type.key().reference() == null) {
        targets.addAll(value.strings());
      } else {
        Table referred = from.table(type.key().reference().table());
        value.uuids().forEach(uuid -> addTarget(referred, uuid, targets));
      }
    }
    return targets;
  }

  private static void addTarget(Table table, UUID uuid, Set<String> to) {
    ColumnSchema target = table.schema().column("target");
    Row row = table.row(uuid);
    if (target != null && row != null && row.get(target).string() != null) {
      to.add(row.get(target).string());
    }
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
