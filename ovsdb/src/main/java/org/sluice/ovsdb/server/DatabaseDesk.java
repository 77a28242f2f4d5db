package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.SchemaConversion;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * Databases come, go and change their schema; clients that know nothing of that are disconnected,
 * to start over. Belongs to the writer thread.
 */
final class DatabaseDesk implements Relay.Host {
  private final ServerCore core;
  private final ServerDatabase serverDatabase = new ServerDatabase();
  private final UUID serverId;
  private final Vlog log;

  DatabaseDesk(ServerCore core, UUID serverId, Vlog log) {
    this.core = core;
    this.serverId = serverId;
    this.log = log;
  }

  /** Serves the database about databases. */
  void begin(Now now) {
    core.databases().put(serverDatabase.served());
    serverDatabase.put(serverDatabase.served(), core.transactionDesk(), now);
  }

  /** Serves a database from its file. */
  void add(DatabaseFile.Opened opened, DatabaseConfig config, Upstream.Surroundings around, Now now)
      throws OvsdbException {
    ServedDatabase database =
        new ServedDatabase(opened.database(), opened.file(), UUID::randomUUID);
    add(database, config, now);
    if (config.backup()) {
      startReplication(database, config, around);
    }
  }

  /** Serves another server's database. */
  void addRelay(String name, DatabaseConfig config, Upstream.Surroundings around, Now now)
      throws OvsdbException {
    ServedDatabase database = new ServedDatabase(empty(name), null, UUID::randomUUID);
    Relay relay = new Relay(database, this, log);
    database.relay(relay);
    add(database, config, now);
    relay.start(config.source(), around);
  }

  private static Database empty(String name) throws OvsdbException {
    JsonNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name)
            .set("tables", JsonNodeFactory.instance.objectNode());
    return new Database(DatabaseSchema.fromJson(json));
  }

  private void add(ServedDatabase database, DatabaseConfig config, Now now) throws OvsdbException {
    String name = database.name();
    if (name.startsWith("_")) {
      String text = name + ": names beginning with \"_\" are reserved";
      throw OvsdbError.of("ovsdb error", text).thrown();
    }
    if (core.databases().get(name) != null) {
      throw OvsdbError.of("ovsdb error", name + ": duplicate database name").thrown();
    }
    database.configure(config);
    core.databases().put(database);
    core.disconnectUnaware("adding " + name + " database");
    serverDatabase.put(database, core.transactionDesk(), now);
  }

  /** Stops serving a database. */
  void remove(ServedDatabase database, String why, Now now) {
    String name = database.name();
    core.makeDurable(); // nobody asks this database afterwards
    core.transactionDesk().cancelAll(database);
    core.monitorDesk().removeAll(database);
    core.databases().remove(name);
    core.disconnectUnaware(why);
    serverDatabase.remove(name, core.transactionDesk(), now);
    try {
      database.close();
    } catch (IOException e) {
      log.warn("%s: close failed (%s)", name, e.getMessage());
    }
  }

  /** Makes a database the copy of its source. */
  void startReplication(
      ServedDatabase database, DatabaseConfig config, Upstream.Surroundings around) {
    Replication replication =
        new Replication(
            database,
            serverId,
            config.excluded(),
            (transaction, now) -> commit(database, transaction, now),
            log);
    database.replicate(replication);
    database.configure(config);
    replication.start(config.source(), around);
  }

  private void commit(ServedDatabase database, Transaction transaction, Now now)
      throws OvsdbException {
    ChangeSet changes = database.replay(transaction, UUID.randomUUID(), now.wallMs());
    core.transactionDesk().committed(database, changes, now);
  }

  /** Makes a copy a database of its own. */
  void stopReplication(ServedDatabase database) {
    DatabaseConfig config = database.config();
    database.replicate(null);
    database.configure(
        new DatabaseConfig(config.model(), config.source(), false, config.excluded()));
  }

  /** What is served how, by file or, for relays, by name. */
  Map<String, DatabaseConfig> configs() {
    Map<String, DatabaseConfig> configs = new TreeMap<>();
    for (ServedDatabase database : core.databases().all()) {
      if (!database.isReserved()) {
        configs.put(key(database), database.config());
      }
    }
    return configs;
  }

  /** The name of the database that {@link #configs} calls {@code key}; the key if none. */
  String nameOf(String key) {
    for (ServedDatabase database : core.databases().all()) {
      if (key(database).equals(key)) {
        return database.name();
      }
    }
    return key;
  }

  /** How long sources of relays may be silent. */
  void setRelayProbeMs(long probeMs) {
    for (ServedDatabase database : core.databases().all()) {
      if (database.relay() != null) {
        database.relay().probeMs(probeMs);
      }
    }
  }

  private static String key(ServedDatabase database) {
    return database.file() == null ? database.name() : database.file().path().toString();
  }

  /** Changes roles and sources. */
  void reconfigure(Map<String, DatabaseConfig> changes, Upstream.Surroundings around) {
    for (ServedDatabase database : core.databases().all()) {
      DatabaseConfig config = changes.get(key(database));
      if (config == null || config.equals(database.config())) {
        continue;
      }
      database.replicate(null);
      database.configure(config);
      if (config.backup()) {
        startReplication(database, config, around);
      }
    }
  }

  /** How copies fare, in words. */
  String syncStatus() {
    List<String> parts = new ArrayList<>();
    for (ServedDatabase database : core.databases().all()) {
      if (database.config().model() == ServiceModel.ACTIVE_BACKUP) {
        Replication copy = database.replication();
        String state = copy == null ? "state: active\n" : "state: backup\n" + copy.status();
        parts.add("database: %s\n%s".formatted(database.name(), state));
      }
    }
    return parts.isEmpty() ? "state: active\n" : String.join("\n", parts);
  }

  /** Looks after sources that are silent, and copies whose source will not do. */
  void tick(Now now) {
    for (ServedDatabase database : List.copyOf(core.databases().all())) {
      if (database.relay() != null) {
        database.relay().probe(now);
      }
      if (database.replication() != null) {
        database.replication().probe(now);
      }
    }
  }

  /** Ends copying where it has failed for good. */
  void endFailedReplications() {
    for (ServedDatabase database : core.databases().all()) {
      if (database.replication() != null && database.replication().hasFailed()) {
        stopReplication(database);
      }
    }
  }

  /** The request {@code convert}, which is allowed: the same contents under another schema. */
  JsonNode convert(Session session, ServedDatabase database, ArrayNode params, Now now)
      throws OvsdbException {
    if (params.size() != 2) {
      throw OvsdbError.syntax(params, "array expected").thrown();
    }
    DatabaseSchema schema = DatabaseSchema.fromJson(params.get(1));
    if (!schema.name().equals(database.name())) {
      String text =
          "new schema name (%s) does not match database name (%s)"
              .formatted(schema.name(), database.name());
      throw OvsdbError.of("invalid parameters", text).thrown();
    }
    Database converted = SchemaConversion.convert(database.database(), schema);
    try {
      database.sync();
      database.file().replace(converted, "database schema conversion", now.wallMs());
    } catch (IOException e) {
      throw OvsdbError.of("I/O error", e.getMessage()).thrown();
    }
    replace(database, converted, session, now);
    return JsonNodeFactory.instance.objectNode();
  }

  /** Complains about a session that may not convert a database, or a database that cannot be. */
  static void checkMayConvert(Session session, ServedDatabase database) throws OvsdbException {
    if (!session.role().isEmpty()) {
      String text =
          ("RBAC rules for client \"%s\" role \"%s\" prohibit \"convert\" of database %s "
                  + "(only the root role may convert databases)")
              .formatted(session.clientId(), session.role(), database.name());
      throw OvsdbError.of("permission error", text).thrown();
    }
    boolean writable =
        database.relay() != null || (database.file() != null && !database.isReadOnly());
    if (session.isReadOnly() || !writable) {
      String text = "conversion is not allowed for read-only database " + database.name();
      throw OvsdbError.of("not allowed", text).thrown();
    }
  }

  private void replace(ServedDatabase database, Database by, Session except, Now now) {
    core.transactionDesk().cancelAll(database);
    core.monitorDesk().removeAll(database);
    database.replace(by);
    String why = "committed %s database schema conversion".formatted(database.name());
    core.disconnectUnaware(why, except);
    serverDatabase.put(database, core.transactionDesk(), now);
  }

  @Override
  public void restart(ServedDatabase database, DatabaseSchema schema, Now now) {
    replace(database, new Database(schema), null, now);
  }

  @Override
  public void replay(ServedDatabase database, Transaction transaction, UUID id, Now now) {
    try {
      ChangeSet changes = database.replay(transaction, id, now.wallMs());
      core.transactionDesk().committed(database, changes, now);
    } catch (OvsdbException e) {
      throw new IllegalStateException("a database in memory cannot fail to write", e);
    }
  }

  @Override
  public void connected(ServedDatabase database, boolean connected, Now now) {
    serverDatabase.put(database, core.transactionDesk(), now);
  }

  @Override
  public void answer(Session session, JsonNode id, JsonRpcMessage reply) {
    core.transactionDesk().answer(session, id, reply);
  }
}
