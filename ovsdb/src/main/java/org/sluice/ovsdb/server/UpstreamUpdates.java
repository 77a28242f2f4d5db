package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * Puts another server's updates into a transaction: those of {@code update}, which tell values, and
 * those of {@code update2} and {@code update3}, which tell differences. Used by the writer thread.
 */
final class UpstreamUpdates {
  /** How one row's update is read; a null row is one that is not there. */
  private interface RowReader {
    void read(Transaction transaction, Table table, UUID uuid, JsonNode update)
        throws OvsdbException;
  }

  private UpstreamUpdates() {}

  /** Reads {@code <table-updates>}. */
  static void readValues(JsonNode updates, Transaction transaction) throws OvsdbException {
    read(updates, transaction, UpstreamUpdates::value);
  }

  /** Reads {@code <table-updates2>}. */
  static void readDifferences(JsonNode updates, Transaction transaction) throws OvsdbException {
    read(updates, transaction, UpstreamUpdates::difference);
  }

  private static void read(JsonNode updates, Transaction transaction, RowReader reader)
      throws OvsdbException {
    Database database = transaction.database();
    for (Map.Entry<String, JsonNode> tableUpdate : updates.properties()) {
      Table table = database.table(tableUpdate.getKey());
      if (table == null) {
        throw OvsdbError.of("unknown table", "unknown table " + tableUpdate.getKey()).thrown();
      }
      for (Map.Entry<String, JsonNode> rowUpdate : tableUpdate.getValue().properties()) {
        UUID uuid = Uuids.parse(rowUpdate.getKey());
        if (uuid == null) {
          String text = "<table-update> names must be UUIDs";
          throw OvsdbError.syntax("bad row UUID", tableUpdate.getValue(), text).thrown();
        }
        reader.read(transaction, table, uuid, rowUpdate.getValue());
      }
    }
  }

  private static void value(Transaction transaction, Table table, UUID uuid, JsonNode update)
      throws OvsdbException {
    JsonNode fresh = update.get("new");
    if (fresh == null) {
      delete(transaction, table, uuid);
    } else {
      put(transaction, base(transaction, table, uuid), fresh, false);
    }
  }

  private static void difference(Transaction transaction, Table table, UUID uuid, JsonNode update)
      throws OvsdbException {
    if (update.has("delete")) {
      delete(transaction, table, uuid);
    } else if (update.has("modify")) {
      put(transaction, base(transaction, table, uuid), update.get("modify"), true);
    } else {
      JsonNode values = update.has("insert") ? update.get("insert") : update.path("initial");
      UUID version = UUID.randomUUID();
      put(transaction, Row.ofDefaults(table.schema(), uuid, version), values, false);
    }
  }

  private static Row base(Transaction transaction, Table table, UUID uuid) {
    Row row = transaction.row(table, uuid);
    return row == null ? Row.ofDefaults(table.schema(), uuid, UUID.randomUUID()) : row;
  }

  private static void delete(Transaction transaction, Table table, UUID uuid) {
    Row row = transaction.row(table, uuid);
    if (row != null) {
      transaction.delete(row);
    }
  }

  private static void put(Transaction transaction, Row row, JsonNode values, boolean differences)
      throws OvsdbException {
    Row.Editor editor = row.edit();
    for (Map.Entry<String, JsonNode> entry : values.properties()) {
      ColumnSchema column = row.table().column(entry.getKey(), values);
      ColumnType type = column.type();
      if (differences) {
        ColumnType any = type.withBounds(0, ColumnType.UNLIMITED);
        Datum difference = DatumReader.read(entry.getValue(), any, null);
        editor.set(column, row.get(column).applyDiff(difference, type));
      } else {
        editor.set(column, DatumReader.read(entry.getValue(), type, null));
      }
    }
    transaction.put(editor.done());
  }
}
