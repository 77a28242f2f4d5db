package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * The client's copy of the monitored tables, changed by update notifications. Belongs to the thread
 * that receives.
 *
 * <p>A table is copied when it first changes after a snapshot was taken, so snapshots share all
 * unchanged tables.
 */
final class Replica {
  private final DatabaseSchema schema;
  private Map<String, Map<UUID, Row>> tables = new HashMap<>();
  private final Map<String, Map<UUID, Row>> changing = new HashMap<>();

  /** What was there when the server began anew, until it has told what there is. */
  private Map<String, Map<UUID, Row>> former = Map.of();

  Replica(DatabaseSchema schema) {
    this.schema = schema;
  }

  /**
   * Forgets all rows, because the server begins anew. A row that comes back as it was will be the
   * same object, so that nobody takes it for changed.
   */
  void clear() {
    former = freeze();
    tables = new HashMap<>();
  }

  /** The tables as they are now, never to change again. */
  Map<String, Map<UUID, Row>> freeze() {
    changing.forEach((name, rows) -> tables.put(name, Collections.unmodifiableMap(rows)));
    changing.clear();
    former = Map.of();
    return Map.copyOf(tables);
  }

  /** Applies {@code <table-updates>} of RFC 7047: old and new values in full. */
  void applyUpdates(JsonNode updates) throws OvsdbException {
    for (Map.Entry<String, JsonNode> table : updates.properties()) {
      for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
        JsonNode after = row.getValue().get("new");
        Change change = change(table.getKey(), row.getKey());
        if (after == null) {
          change.rows.remove(change.uuid);
        } else {
          change.put(after, false);
        }
      }
    }
  }

  /** Applies {@code <table-updates2>}: new rows without defaults, changes as differences. */
  void applyUpdates2(JsonNode updates) throws OvsdbException {
    for (Map.Entry<String, JsonNode> table : updates.properties()) {
      for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
        applyUpdate2(change(table.getKey(), row.getKey()), row.getValue());
      }
    }
  }

  private static void applyUpdate2(Change change, JsonNode update) throws OvsdbException {
    Map.Entry<String, JsonNode> only =
        update.properties().stream().findFirst().orElseThrow(() -> malformed(update));
    switch (only.getKey()) {
      case "initial", "insert" -> {
        change.rows.remove(change.uuid);
        change.put(only.getValue(), false);
      }
      case "modify" -> change.put(only.getValue(), true);
      case "delete" -> change.rows.remove(change.uuid);
      default -> throw malformed(update);
    }
  }

  private static OvsdbException malformed(JsonNode json) {
    return OvsdbError.syntax(json, "malformed update from the server").thrown();
  }

  private Change change(String tableName, String uuidText) throws OvsdbException {
    TableSchema table = schema.table(tableName);
    UUID uuid = Uuids.parse(uuidText);
    if (table == null || uuid == null) {
      throw OvsdbError.of("unexpected update", tableName + " " + uuidText).thrown();
    }
    Row before = former.getOrDefault(tableName, Map.of()).get(uuid);
    return new Change(table, uuid, before, changing.computeIfAbsent(tableName, this::copyOf));
  }

  private Map<UUID, Row> copyOf(String tableName) {
    return new HashMap<>(tables.getOrDefault(tableName, Map.of()));
  }

  /**
   * A row that is about to change, in a table that may be changed.
   *
   * @param former the row as it was before the server began anew; mostly null
   */
  private record Change(TableSchema table, UUID uuid, Row former, Map<UUID, Row> rows) {
    void put(JsonNode json, boolean asDifference) throws OvsdbException {
      Row old = rows.get(uuid);
      Row row = old == null ? Row.ofDefaults(table, uuid, Uuids.ZERO) : old;
      Row.Editor editor = row.edit();
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        ColumnSchema column = table.column(entry.getKey());
        if (column != null) {
          Datum value = read(entry.getValue(), column.type());
          editor.set(
              column, asDifference ? row.get(column).applyDiff(value, column.type()) : value);
        }
      }
      rows.put(uuid, formerIfEqual(editor.done()));
    }

    private Row formerIfEqual(Row row) {
      boolean equal =
          former != null && former.version().equals(row.version()) && former.sameValues(row);
      return equal ? former : row;
    }

    /** The server has checked constraints; a difference may not even meet them. */
    private static Datum read(JsonNode json, ColumnType type) throws OvsdbException {
      ColumnType relaxed =
          new ColumnType(
              type.key().unconstrained(),
              type.value() == null ? null : type.value().unconstrained(),
              0,
              ColumnType.UNLIMITED);
      return DatumReader.read(json, relaxed, null);
    }
  }
}
