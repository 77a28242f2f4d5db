package org.sluice.ovsdb.server;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * The database {@code _Server}: a row for each database of the server, itself included, so that
 * clients can watch them come and go. Lives in memory. Belongs to the writer thread.
 */
final class ServerDatabase {
  private final ServedDatabase served;
  private final Map<String, UUID> rows = new HashMap<>();

  ServerDatabase() {
    this.served = new ServedDatabase(new Database(ShippedSchemas.server()), null, UUID::randomUUID);
  }

  ServedDatabase served() {
    return served;
  }

  /** Tells of a database as it is now, for the first time or again. */
  void put(ServedDatabase database, TransactionDesk desk, Now now) {
    Table table = served.database().table("Database");
    UUID uuid = rows.computeIfAbsent(database.name(), _ -> UUID.randomUUID());
    Row before = table.row(uuid);
    Row.Editor row = (before == null ? Row.ofDefaults(table.schema(), uuid, uuid) : before).edit();
    boolean relay = database.relay() != null;
    boolean connected = !relay || database.relay().isReady();
    ServiceModel model = relay ? ServiceModel.RELAY : ServiceModel.STANDALONE;
    set(row, table, "name", Datum.of(database.name()));
    set(row, table, "model", Datum.of(model.text()));
    set(row, table, "connected", Datum.of(connected));
    set(row, table, "leader", Datum.of(!relay));
    String schema = JsonText.of(database.database().schema().toJson());
    set(row, table, "schema", database.isAvailable() ? Datum.of(schema) : Datum.EMPTY);
    Transaction transaction = served.begin();
    transaction.put(row.done());
    commit(transaction, desk, now);
  }

  /** Tells that a database is gone. */
  void remove(String name, TransactionDesk desk, Now now) {
    Transaction transaction = served.begin();
    transaction.delete(served.database().table("Database").row(rows.remove(name)));
    commit(transaction, desk, now);
  }

  private static void set(Row.Editor row, Table table, String column, Datum value) {
    row.set(table.schema().column(column), value);
  }

  private void commit(Transaction transaction, TransactionDesk desk, Now now) {
    try {
      desk.commit(served, transaction, now);
    } catch (OvsdbException e) {
      throw new IllegalStateException("our own row is wrong", e);
    }
  }
}
