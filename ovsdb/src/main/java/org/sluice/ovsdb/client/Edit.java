package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * Changes to be made in one transaction, written down against the rows of a snapshot. Used by one
 * thread, once.
 *
 * <p>Setting a column to the value that it has in the snapshot is left out.
 */
public final class Edit {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A row to be inserted. */
  public final class NewRow {
    private final TableSchema table;
    private final UUID uuid = UUID.randomUUID();
    private final ObjectNode row = JSON.objectNode();

    private NewRow(TableSchema table) {
      this.table = table;
    }

    /** Stands for the row within this edit, to be referred to by other rows' values. */
    public UUID uuid() {
      return uuid;
    }

    /** Sets a column. */
    public NewRow set(String column, Datum value) {
      ColumnSchema columnSchema = column(table, column);
      row.set(column, json(columnSchema, value));
      return this;
    }

    private String symbol() {
      return "row" + uuid.toString().replace('-', '_');
    }

    private ObjectNode toJson() {
      ObjectNode operation = operation("insert", table);
      operation.put("uuid-name", symbol());
      return operation.set("row", row);
    }
  }

  private final DatabaseSchema schema;
  private final List<ObjectNode> verifications = new ArrayList<>();
  private final Map<UUID, ObjectNode> updates = new LinkedHashMap<>();
  private final List<ObjectNode> others = new ArrayList<>();
  private final Map<UUID, NewRow> inserts = new LinkedHashMap<>();
  private String comment;

  /** An empty edit of a database. */
  public Edit(DatabaseSchema schema) {
    this.schema = schema;
  }

  /** Sets a column of a row. */
  public void set(Row row, String column, Datum value) {
    if (row.get(column).equals(value)) {
      return;
    }
    ColumnSchema columnSchema = column(row.table(), column);
    ObjectNode operation =
        updates.computeIfAbsent(
            row.uuid(),
            _ -> {
              ObjectNode made = onRow("update", row);
              made.putObject("row");
              return made;
            });
    ((ObjectNode) operation.get("row")).set(column, json(columnSchema, value));
  }

  /** Adds elements or pairs to a set or map, whatever else is in it by now. */
  public void insertInto(Row row, String column, Datum elements) {
    mutate(row, column, "insert", elements);
  }

  /** Takes elements or pairs out of a set or map. */
  public void deleteFrom(Row row, String column, Datum elements) {
    mutate(row, column, "delete", elements);
  }

  private void mutate(Row row, String column, String mutator, Datum elements) {
    ObjectNode operation = onRow("mutate", row);
    ColumnSchema columnSchema = column(row.table(), column);
    ArrayNode mutation = operation.putArray("mutations").addArray();
    mutation.add(column).add(mutator).add(json(columnSchema, elements));
    others.add(operation);
  }

  /** Makes the commit fail, to be tried again, if the column has changed since the snapshot. */
  public void verify(Row row, String column) {
    ObjectNode operation = onRow("wait", row);
    operation.put("timeout", 0).put("until", "==");
    operation.putArray("columns").add(column);
    ObjectNode expected = operation.putArray("rows").addObject();
    expected.set(column, json(column(row.table(), column), row.get(column)));
    verifications.add(operation);
  }

  /** Inserts a row; its columns have their defaults until set. */
  public NewRow insert(String table) {
    NewRow row = new NewRow(schema.table(table));
    inserts.put(row.uuid(), row);
    return row;
  }

  /** Deletes a row. */
  public void delete(Row row) {
    others.add(onRow("delete", row));
  }

  /** A note for the database file's history. */
  public void comment(String text) {
    comment = comment == null ? text : comment + "\n" + text;
  }

  /** Whether nothing would change. */
  public boolean isEmpty() {
    return updates.isEmpty() && others.isEmpty() && inserts.isEmpty();
  }

  private ObjectNode onRow(String op, Row row) {
    ObjectNode operation = operation(op, row.table());
    ArrayNode clause = operation.putArray("where").addArray().add("_uuid").add("==");
    clause.addArray().add("uuid").add(row.uuid().toString());
    return operation;
  }

  private static ObjectNode operation(String op, TableSchema table) {
    return JSON.objectNode().put("op", op).put("table", table.name());
  }

  private static ColumnSchema column(TableSchema table, String name) {
    ColumnSchema column = table.column(name);
    if (column == null) {
      throw new IllegalArgumentException("no column " + name + " in table " + table);
    }
    return column;
  }

  private JsonNode json(ColumnSchema column, Datum value) {
    JsonNode json = value.toJson(typeOf(column, value));
    return holdsUuids(column.type()) ? named(json) : json;
  }

  /** Keys alone may name the pairs to be taken out of a map. */
  private static ColumnType typeOf(ColumnSchema column, Datum value) {
    ColumnType type = column.type();
    boolean keysOnly = type.isMap() && !value.hasValues() && !value.isEmpty();
    return keysOnly ? new ColumnType(type.key(), null, type.min(), type.max()) : type;
  }

  private static boolean holdsUuids(ColumnType type) {
    return type.key().atomic() == AtomicType.UUID
        || (type.value() != null && type.value().atomic() == AtomicType.UUID);
  }

  /** Writes references to rows of this edit by their symbols. */
  private JsonNode named(JsonNode json) {
    if (!json.isArray()) {
      return json;
    }
    if (json.size() == 2 && "uuid".equals(json.get(0).textValue()) && json.get(1).isTextual()) {
      NewRow target = inserts.get(UUID.fromString(json.get(1).textValue()));
      return target == null ? json : JSON.arrayNode(2).add("named-uuid").add(target.symbol());
    }
    ArrayNode out = JSON.arrayNode(json.size());
    json.forEach(element -> out.add(named(element)));
    return out;
  }

  /**
   * The parameters of {@code transact}; inserts come last, so that results are found from the end.
   */
  ArrayNode toParams(String lock) {
    ArrayNode params = JSON.arrayNode().add(schema.name());
    if (lock != null) {
      params.addObject().put("op", "assert").put("lock", lock);
    }
    verifications.forEach(params::add);
    updates.values().forEach(params::add);
    others.forEach(params::add);
    inserts.values().forEach(row -> params.add(row.toJson()));
    if (comment != null) {
      params.addObject().put("op", "comment").put("comment", comment);
    }
    return params;
  }

  /** The real UUIDs of the inserted rows, from the server's results. */
  Map<UUID, UUID> inserted(JsonNode results) {
    Map<UUID, UUID> real = new LinkedHashMap<>();
    int i = results.size() - inserts.size() - (comment == null ? 0 : 1);
    for (UUID uuid : inserts.keySet()) {
      real.put(uuid, UUID.fromString(results.get(i++).path("uuid").path(1).textValue()));
    }
    return real;
  }
}
