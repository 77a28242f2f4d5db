package org.sluice.ovsdb.server;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
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

  void add(DatabaseSchema schema, TransactionDesk desk, Now now) {
    Table table = served.database().table("Database");
    UUID uuid = UUID.randomUUID();
    Row.Editor row = Row.ofDefaults(table.schema(), uuid, uuid).edit();
    set(row, table, "name", Datum.of(schema.name()));
    set(row, table, "model", Datum.of("standalone"));
    set(row, table, "connected", Datum.of(true));
    set(row, table, "leader", Datum.of(true));
    set(row, table, "schema", Datum.of(JsonText.of(schema.toJson())));
    Transaction transaction = served.begin();
    transaction.put(row.done());
    rows.put(schema.name(), uuid);
    commit(transaction, desk, now);
  }

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
