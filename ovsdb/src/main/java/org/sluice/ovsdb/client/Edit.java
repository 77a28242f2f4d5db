package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * Changes to be made in one transaction, written down against the rows of a snapshot. Used by one
 * thread, once.
 *
 * <p>Setting a column to the value that it has in the snapshot is left out. Who wants to read what
 * was written so far uses a {@link Draft}.
 */
public final class Edit {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final long NOT_INCREMENTED = -1;

  /** A row to be inserted. */
  public final class NewRow {
    private final TableSchema table;
    private final UUID uuid;
    private final boolean chosen;
    private final ObjectNode row = JSON.objectNode();

    private NewRow(TableSchema table, UUID uuid, boolean chosen) {
      this.table = table;
      this.uuid = uuid;
      this.chosen = chosen;
    }

    /** Stands for the row within this edit, to be referred to by other rows' values. */
    public UUID uuid() {
      return uuid;
    }

    /** Sets a column. */
    public NewRow set(String column, Datum value) {
      row.set(column, json.value(column(table, column), value));
      return this;
    }

    private ObjectNode toJson() {
      ObjectNode operation = EditJson.operation("insert", table.name());
      if (chosen) {
        operation.put("uuid", uuid.toString());
      } else {
        operation.put("uuid-name", EditJson.symbol(uuid));
      }
      return operation.set("row", row);
    }
  }

  private final DatabaseSchema schema;
  private final Set<UUID> symbols = new HashSet<>();
  private final EditJson json = new EditJson(symbols);
  private final List<ObjectNode> verifications = new ArrayList<>();
  private final Map<UUID, ObjectNode> updates = new LinkedHashMap<>();
  private final List<ObjectNode> others = new ArrayList<>();
  private final Map<UUID, NewRow> inserts = new LinkedHashMap<>();
  private List<ObjectNode> increment = List.of();
  private String comment;
  private boolean aborted;

  /** An empty edit of a database. */
  public Edit(DatabaseSchema schema) {
    this.schema = schema;
  }

  /** Sets a column of a row. */
  public void set(Row row, String column, Datum value) {
    if (!row.get(column).equals(value)) {
      write(row, column, value);
    }
  }

  /** Sets a column of a row, even if it has that value in the snapshot. */
  void write(Row row, String column, Datum value) {
    ColumnSchema columnSchema = column(row.table(), column);
    ObjectNode operation =
        updates.computeIfAbsent(
            row.uuid(),
            _ -> {
              ObjectNode made = onRow("update", row);
              made.putObject("row");
              return made;
            });
    ((ObjectNode) operation.get("row")).set(column, json.value(columnSchema, value));
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
    ArrayNode mutation = operation.putArray("mutations").addArray();
    mutation.add(column).add(mutator).add(json.elements(column(row.table(), column), elements));
    others.add(operation);
  }

  /** Makes the commit fail, to be tried again, if the column has changed since the snapshot. */
  public void verify(Row row, String column) {
    ColumnSchema columnSchema = column(row.table(), column);
    verify(row, column, json.value(columnSchema, row.get(columnSchema)));
  }

  /** Makes the commit fail, to be tried again, if the row is gone. */
  public void verifyExists(Row row) {
    verify(row, "_uuid", json.reference(row.uuid()));
  }

  private void verify(Row row, String column, JsonNode value) {
    ObjectNode operation = onRow("wait", row);
    operation.put("timeout", 0).put("until", "==");
    operation.putArray("columns").add(column);
    operation.putArray("rows").addObject().set(column, value);
    verifications.add(operation);
  }

  /** Makes the commit fail, to be tried again, if the table has rows by now. */
  void verifyEmpty(String table) {
    ObjectNode operation = EditJson.operation("wait", table);
    operation.putArray("where");
    operation.put("timeout", 0).put("until", "==").putArray("rows");
    verifications.add(operation);
  }

  /** Inserts a row; its columns have their defaults until set. */
  public NewRow insert(String table) {
    UUID uuid = UUID.randomUUID();
    symbols.add(uuid);
    return insert(table, uuid, false);
  }

  /** Inserts a row that a draft has named already. */
  NewRow insertNamed(String table, UUID uuid) {
    symbols.add(uuid);
    return insert(table, uuid, false);
  }

  /** Inserts a row that is to have this UUID for ever; it must be new to the server. */
  public NewRow insertAs(String table, UUID uuid) {
    return insert(table, uuid, true);
  }

  private NewRow insert(String table, UUID uuid, boolean chosen) {
    NewRow row = new NewRow(schema.table(table), uuid, chosen);
    inserts.put(uuid, row);
    return row;
  }

  /** Deletes a row. */
  public void delete(Row row) {
    others.add(onRow("delete", row));
  }

  /**
   * Adds one to an integer column, if there is any other change; {@link
   * CommitResult.Committed#incremented} tells what it came to.
   */
  public void increment(Row row, String column) {
    ObjectNode mutate = onRow("mutate", row);
    mutate.putArray("mutations").addArray().add(column).add("+=").add(1);
    ObjectNode select = onRow("select", row);
    select.putArray("columns").add(column);
    increment = List.of(mutate, select);
  }

  /** A note for the database file's history. */
  public void comment(String text) {
    comment = comment == null ? text : comment + "\n" + text;
  }

  /** Has the server try everything and then change nothing. */
  public void dryRun() {
    aborted = true;
  }

  /** Whether nothing would change. */
  public boolean isEmpty() {
    return updates.isEmpty() && others.isEmpty() && inserts.isEmpty();
  }

  private ObjectNode onRow(String op, Row row) {
    return json.onRow(op, row.table().name(), row.uuid());
  }

  private static ColumnSchema column(TableSchema table, String name) {
    ColumnSchema column = table.column(name);
    if (column == null) {
      throw new IllegalArgumentException("no column " + name + " in table " + table);
    }
    return column;
  }

  /** The parameters of {@code transact}; {@link #committed} relies on the order. */
  ArrayNode toParams(String lock) {
    ArrayNode params = JSON.arrayNode().add(schema.name());
    if (lock != null) {
      params.addObject().put("op", "assert").put("lock", lock);
    }
    verifications.forEach(params::add);
    updates.values().forEach(params::add);
    others.forEach(params::add);
    inserts.values().forEach(row -> params.add(row.toJson()));
    increment.forEach(params::add);
    if (comment != null) {
      params.addObject().put("op", "comment").put("comment", comment);
    }
    if (aborted) {
      params.addObject().put("op", "abort");
    }
    return params;
  }

  /**
   * Reads the server's results: the inserted rows' real UUIDs and the incremented value.
   *
   * @throws OvsdbException if they are not those of this edit
   */
  CommitResult.Committed committed(JsonNode results) throws OvsdbException {
    int tail = increment.size() + (comment == null ? 0 : 1) + (aborted ? 1 : 0);
    int next = results.size() - tail - inserts.size();
    Map<UUID, UUID> real = new LinkedHashMap<>();
    for (UUID uuid : inserts.keySet()) {
      UUID given = Uuids.parse(results.path(next++).path("uuid").path(1).asText());
      if (given == null) {
        String text = "the results are not those of the transaction";
        throw OvsdbError.syntax(results, text).thrown();
      }
      real.put(uuid, given);
    }
    return new CommitResult.Committed(real, incremented(results, next));
  }

  private long incremented(JsonNode results, int index) {
    if (increment.isEmpty()) {
      return NOT_INCREMENTED;
    }
    JsonNode row = results.path(index + 1).path("rows").path(0);
    return row.isEmpty() ? NOT_INCREMENTED : row.iterator().next().longValue();
  }
}
