package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/** One row as it is between two changes. Immutable: a change makes a new one. */
public final class Row {
  private final TableSchema table;
  private final UUID uuid;
  private final UUID version;

  /** Values of the schema's own columns. */
  private final Datum[] values;

  private Row(TableSchema table, UUID uuid, UUID version, Datum[] values) {
    this.table = table;
    this.uuid = uuid;
    this.version = version;
    this.values = values;
  }

  /** A row in which every column has its default value. */
  public static Row ofDefaults(TableSchema table, UUID uuid, UUID version) {
    return new Row(table, uuid, version, table.defaults());
  }

  /** A row of these values, one for each of the schema's own columns; takes the array over. */
  public static Row of(TableSchema table, UUID uuid, UUID version, Datum[] values) {
    assert values.length == table.ownColumns().size();
    return new Row(table, uuid, version, values);
  }

  /** The table that the row is of. */
  public TableSchema table() {
    return table;
  }

  /** The row's name for ever. */
  public UUID uuid() {
    return uuid;
  }

  /** Changes with every change of the row. */
  public UUID version() {
    return version;
  }

  /** The value of {@code column}, {@code _uuid} and {@code _version} included. */
  public Datum get(ColumnSchema column) {
    return switch (column.index()) {
      case TableSchema.UUID -> Datum.of(uuid);
      case TableSchema.VERSION -> Datum.of(version);
      default -> values[column.index() - TableSchema.FIRST_OWN];
    };
  }

  /** How many atoms the values are made of. */
  long atoms() {
    long atoms = 0;
    for (Datum value : values) {
      atoms += value.hasValues() ? 2L * value.size() : value.size();
    }
    return atoms;
  }

  /** The value of the column of that name. */
  public Datum get(String columnName) {
    return get(table.column(columnName));
  }

  /** Begins a changed copy. */
  public Editor edit() {
    return new Editor(this);
  }

  Row withVersion(UUID newVersion) {
    return new Row(table, uuid, newVersion, values);
  }

  /** Whether all the schema's own columns are equal in both. */
  public boolean sameValues(Row other) {
    return this == other || Arrays.equals(values, other.values);
  }

  /** Whether {@code columns} are equal in both. */
  public boolean sameValues(Row other, List<ColumnSchema> columns) {
    return columns.stream().allMatch(column -> get(column).equals(other.get(column)));
  }

  /** The values of {@code columns}, in their order. */
  public List<Datum> values(List<ColumnSchema> columns) {
    return columns.stream().map(this::get).toList();
  }

  /** The order of rows by the values of {@code columns}, the first of them counting most. */
  static Comparator<Row> orderBy(List<ColumnSchema> columns) {
    return (a, b) -> {
      for (ColumnSchema column : columns) {
        int order = a.get(column).compareTo(b.get(column));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  /** The JSON of RFC 7047 {@code <row>}, with these columns. */
  public ObjectNode toJson(List<ColumnSchema> columns) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (ColumnSchema column : columns) {
      json.set(column.name(), get(column).toJson(column.type()));
    }
    return json;
  }

  @Override
  public String toString() {
    return table + " " + uuid;
  }

  /** A copy of a row while it is being changed; used once, by one thread. */
  public static final class Editor {
    private final Row from;
    private final Datum[] values;

    private Editor(Row from) {
      this.from = from;
      this.values = from.values.clone();
    }

    /** Sets a column of the schema's own; {@code _uuid} and {@code _version} are passed over. */
    public Editor set(ColumnSchema column, Datum value) {
      if (column.index() >= TableSchema.FIRST_OWN) {
        values[column.index() - TableSchema.FIRST_OWN] = value;
      }
      return this;
    }

    /** The changed row. */
    public Row done() {
      return new Row(from.table, from.uuid, from.version, values);
    }
  }
}
