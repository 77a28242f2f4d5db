package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * Makes one database the copy of another server's: the backup of active-backup. Belongs to the
 * writer thread.
 *
 * <p>It asks, one after the other, whether the other is another server, whether it has the
 * database, whether its schema will do, and for all rows; then it follows the changes. Any trouble
 * ends it: the server is then active itself.
 */
final class Replication implements Upstream.Listener, Closeable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What it waits for. */
  private enum State {
    CONNECTION,
    SERVER_ID,
    DATABASES,
    SCHEMA,
    MONITOR,
    REPLICATING,
    FAILED,
    CLOSED
  }

  /** Makes a transaction true on the writer thread. */
  interface Commit {
    void run(Transaction transaction, Now now) throws OvsdbException;
  }

  private final ServedDatabase database;
  private final UUID ownId;
  private final Set<String> excluded;
  private final Commit commit;
  private final Vlog log;
  private Upstream upstream;
  private State state = State.CONNECTION;
  private long pending = -1;

  Replication(ServedDatabase database, UUID ownId, Set<String> excluded, Commit commit, Vlog log) {
    this.database = database;
    this.ownId = ownId;
    this.excluded = new TreeSet<>(excluded);
    this.commit = commit;
    this.log = log;
  }

  /** Begins. */
  void start(DatabaseSource source, Upstream.Surroundings around) {
    upstream = Upstream.start(source.remotes(), this, around);
  }

  private String name() {
    return database.database().name();
  }

  boolean hasFailed() {
    return state == State.FAILED;
  }

  void probe(Now now) {
    upstream.probe(now);
  }

  /** What users are told. */
  String status() {
    String from = upstream.remotes();
    return switch (state) {
      case CONNECTION -> "not connected to " + from;
      case FAILED -> "Replication to (%s) failed".formatted(from);
      case REPLICATING -> "replicating: " + from + "\n" + excludedText();
      default -> "connecting: " + from;
    };
  }

  private String excludedText() {
    return excluded.isEmpty() ? "" : "exclude: " + excludedTables();
  }

  /** The excluded tables as {@code DB:TABLE,...}. */
  String excludedTables() {
    return String.join(",", excluded.stream().map(table -> name() + ":" + table).toList());
  }

  @Override
  public void connected(Now now) {
    if (isOver()) {
      return;
    }
    ask(State.SERVER_ID, "get_server_id", JSON.arrayNode());
  }

  @Override
  public void disconnected(Now now) {
    if (!isOver()) {
      state = State.CONNECTION;
    }
  }

  /** Then what is still heard of the other does not count. */
  private boolean isOver() {
    return state == State.FAILED || state == State.CLOSED;
  }

  private void ask(State next, String method, ArrayNode params) {
    state = next;
    pending = upstream.request(method, params);
  }

  @Override
  public void received(JsonRpcMessage message, Now now) {
    if (isOver()) {
      return;
    }
    try {
      switch (message) {
        case JsonRpcMessage.Notification(String method, ArrayNode params) -> {
          if (state == State.REPLICATING && method.equals("update")) {
            update(params, now);
          }
        }
        case JsonRpcMessage.Reply(JsonNode result, JsonNode id) -> {
          if (id.isIntegralNumber() && id.longValue() == pending) {
            answered(result, now);
          }
        }
        case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode id) -> {
          if (id.isIntegralNumber() && id.longValue() == pending) {
            throw OvsdbError.fromJson(error).thrown();
          }
        }
        case JsonRpcMessage.Request _ -> {}
      }
    } catch (OvsdbException e) {
      log.warn("%s", e.getMessage());
      fail();
    }
  }

  private void fail() {
    state = State.FAILED;
    upstream.close();
  }

  private void answered(JsonNode result, Now now) throws OvsdbException {
    switch (state) {
      case SERVER_ID -> {
        checkServer(result);
        ask(State.DATABASES, "list_dbs", JSON.arrayNode());
      }
      case DATABASES -> {
        checkDatabases(result);
        ask(State.SCHEMA, "get_schema", JSON.arrayNode().add(name()));
      }
      case SCHEMA -> {
        DatabaseSchema schema = DatabaseSchema.fromJson(result);
        if (suits(schema)) {
          ask(State.MONITOR, "monitor", monitorRequest(schema));
        } else {
          fail();
        }
      }
      case MONITOR -> begin(result, now);
      case CONNECTION, REPLICATING, FAILED, CLOSED -> {}
    }
  }

  private void checkServer(JsonNode result) throws OvsdbException {
    UUID id = result.isTextual() ? Uuids.parse(result.textValue()) : null;
    if (id == null) {
      String text = name() + ": Server ID is not valid UUID";
      throw OvsdbError.of("get_server_id failed", text).thrown();
    }
    if (id.equals(ownId)) {
      String text = name() + ": Self replicating is not allowed";
      throw OvsdbError.of("Server ID check failed", text).thrown();
    }
  }

  private void checkDatabases(JsonNode result) throws OvsdbException {
    if (!result.isArray()) {
      String text = name() + ": list_dbs response is not array";
      throw OvsdbError.of("list_dbs failed", text).thrown();
    }
    for (JsonNode one : result) {
      if (name().equals(one.textValue())) {
        return;
      }
    }
    String text = name() + ": database name is not in the list";
    throw OvsdbError.of("list_dbs failed", text).thrown();
  }

  private boolean suits(DatabaseSchema schema) {
    DatabaseSchema own = database.database().schema();
    if (own.toJson().equals(schema.toJson())) {
      return true;
    }
    log.info(
        "%s: Schema version mismatch, checking if %s can still be replicated or not.",
        name(), schema.name());
    boolean possible = hasAllOf(own, schema);
    log.info("%s %s be replicated.", schema.name(), possible ? "can" : "cannot");
    return possible;
  }

  private boolean hasAllOf(DatabaseSchema own, DatabaseSchema other) {
    for (TableSchema table : other.tables()) {
      TableSchema mine = own.table(table.name());
      if (mine == null) {
        log.info("Table %s not present in the local db schema", table.name());
        return false;
      }
      for (ColumnSchema column : table.ownColumns()) {
        ColumnSchema twin = mine.column(column.name());
        if (twin == null || !twin.type().equals(column.type())) {
          log.info(
              twin == null
                  ? "Column %s not present in the local db schema table %s."
                  : "Column %s mismatch in local db schema table %s.",
              column.name(),
              table.name());
          return false;
        }
      }
    }
    return true;
  }

  private ArrayNode monitorRequest(DatabaseSchema schema) {
    ObjectNode requests = JSON.objectNode();
    for (TableSchema table : schema.tables()) {
      if (!excluded.contains(table.name())) {
        ArrayNode columns = JSON.arrayNode();
        table.ownColumns().forEach(column -> columns.add(column.name()));
        ArrayNode one = requests.putArray(table.name());
        one.addObject().set("columns", columns);
      }
    }
    return JSON.arrayNode().add(name()).add(name()).add(requests);
  }

  /** Takes the other's rows in the place of our own. */
  private void begin(JsonNode updates, Now now) throws OvsdbException {
    log.info("%s: Monitor reply received. Resetting the database.", name());
    Transaction transaction = database.begin();
    for (Table table : database.database().tables()) {
      if (!excluded.contains(table.schema().name())) {
        for (Row row : table.rows()) {
          transaction.delete(row);
        }
      }
    }
    UpstreamUpdates.readValues(updates, transaction);
    commit.run(transaction, now);
    state = State.REPLICATING;
  }

  private void update(ArrayNode params, Now now) throws OvsdbException {
    Transaction transaction = database.begin();
    UpstreamUpdates.readValues(params.path(1), transaction);
    commit.run(transaction, now);
  }

  @Override
  public void close() {
    state = State.CLOSED;
    if (upstream != null) {
      upstream.close();
    }
  }
}
