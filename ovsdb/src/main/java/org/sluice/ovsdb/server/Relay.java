package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * A database that is another server's: kept in memory, read here, written there. Belongs to the
 * writer thread.
 *
 * <p>What clients want to change is sent on; the reply comes back after the change itself, as on
 * the server that made it.
 */
final class Relay implements Upstream.Listener, Closeable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What the server does at the relay's wish, on the writer thread. */
  interface Host {
    /** Begins to serve under another schema, with no rows. */
    void restart(ServedDatabase database, DatabaseSchema schema, Now now);

    /** Makes a transaction true, which leads to the state {@code id}. */
    void replay(ServedDatabase database, Transaction transaction, UUID id, Now now);

    /** Tells the world whether the database is up to date. */
    void connected(ServedDatabase database, boolean connected, Now now);

    /** Answers a client's request of that id. */
    void answer(Session session, JsonNode id, JsonRpcMessage reply);
  }

  /** A client's request that upstream has. */
  private record Forwarded(Session session, JsonRpcMessage.Request request) {}

  private final ServedDatabase database;
  private final Host host;
  private final Vlog log;
  private final Map<Long, Forwarded> forwarded = new LinkedHashMap<>();
  private final List<Forwarded> queued = new ArrayList<>();
  private Upstream upstream;
  private long schemaRequest = -1;
  private long monitorRequest = -1;
  private String monitorMethod = "monitor_cond_since";
  private boolean ready;
  private boolean namesStates;
  private boolean closed;

  Relay(ServedDatabase database, Host host, Vlog log) {
    this.database = database;
    this.host = host;
    this.log = log;
  }

  /** Begins. */
  void start(DatabaseSource source, Upstream.Surroundings around) {
    upstream = Upstream.start(source.remotes(), this, around);
  }

  void probe(Now now) {
    upstream.probe(now);
  }

  void probeMs(long probeMs) {
    upstream.probeMs(probeMs);
  }

  /** Whether all of upstream's contents are here. */
  boolean isReady() {
    return ready;
  }

  /** Whether upstream's states have names, by which other servers of the database know them. */
  boolean namesStates() {
    return namesStates;
  }

  private String name() {
    return database.database().name();
  }

  @Override
  public void connected(Now now) {
    upstream.request("set_db_change_aware", JSON.arrayNode().add(true));
    schemaRequest = upstream.request("get_schema", JSON.arrayNode().add(name()));
  }

  @Override
  public void disconnected(Now now) {
    boolean was = ready;
    ready = false;
    forwarded.values().forEach(this::cancel);
    forwarded.clear();
    if (was) {
      host.connected(database, false, now);
    }
  }

  @Override
  public void received(JsonRpcMessage message, Now now) {
    if (closed) {
      return;
    }
    try {
      switch (message) {
        case JsonRpcMessage.Notification(String method, ArrayNode params) ->
            notified(method, params, now);
        case JsonRpcMessage.Reply(JsonNode result, JsonNode id) ->
            answered(id.longValue(), message, result, now);
        case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode id) ->
            refused(id.longValue(), message, error);
        case JsonRpcMessage.Request _ -> {}
      }
    } catch (OvsdbException e) {
      log.warn("%s: %s", name(), e.getMessage());
      upstream.reconnect();
    }
  }

  private void answered(long id, JsonRpcMessage message, JsonNode result, Now now)
      throws OvsdbException {
    if (id == schemaRequest) {
      schema(DatabaseSchema.fromJson(result), now);
    } else if (id == monitorRequest) {
      begin(result, now);
    } else {
      passBack(id, message);
    }
  }

  private void refused(long id, JsonRpcMessage message, JsonNode error) {
    if (id == monitorRequest && monitorMethod.equals("monitor_cond_since")) {
      monitorMethod = "monitor_cond";
      monitor();
    } else if (id == schemaRequest || id == monitorRequest) {
      log.info("%s: upstream does not have the database yet: %s", name(), error);
      upstream.reconnect();
    } else {
      passBack(id, message);
    }
  }

  private void passBack(long id, JsonRpcMessage message) {
    Forwarded one = forwarded.remove(id);
    if (one == null) {
      return;
    }
    JsonNode clientId = one.request().id();
    finish(
        one,
        switch (message) {
          case JsonRpcMessage.Reply(JsonNode result, JsonNode _) ->
              new JsonRpcMessage.Reply(result, clientId);
          case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode _) ->
              new JsonRpcMessage.ErrorReply(error, clientId);
          default -> throw new AssertionError(message);
        });
  }

  private void finish(Forwarded one, JsonRpcMessage reply) {
    host.answer(one.session(), one.request().id(), reply);
  }

  private void cancel(Forwarded one) {
    TextNode why = TextNode.valueOf("canceled");
    finish(one, new JsonRpcMessage.ErrorReply(why, one.request().id()));
  }

  private void schema(DatabaseSchema schema, Now now) {
    if (!schema.toJson().equals(database.database().schema().toJson())) {
      log.dbg("database %s schema changed.", name());
      host.restart(database, schema, now);
    }
    monitor();
  }

  private void monitor() {
    ObjectNode requests = JSON.objectNode();
    for (TableSchema table : database.database().schema().tables()) {
      ArrayNode columns = JSON.arrayNode();
      for (ColumnSchema column : table.ownColumns()) {
        columns.add(column.name());
      }
      requests.putArray(table.name()).addObject().set("columns", columns);
    }
    ArrayNode id = JSON.arrayNode().add("monid").add(name());
    ArrayNode params = JSON.arrayNode().add(name()).add(id).add(requests);
    if (monitorMethod.equals("monitor_cond_since")) {
      params.add(database.history().last().toString());
    }
    monitorRequest = upstream.request(monitorMethod, params);
  }

  private void begin(JsonNode result, Now now) throws OvsdbException {
    boolean since = monitorMethod.equals("monitor_cond_since");
    boolean found = since && result.path(0).booleanValue();
    UUID id = stateId(since ? result.path(1) : JSON.nullNode());
    Transaction transaction = database.begin();
    if (!found) {
      clear(transaction);
    }
    UpstreamUpdates.readDifferences(since ? result.path(2) : result, transaction);
    host.replay(database, transaction, id, now);
    ready = true;
    host.connected(database, true, now);
    queued.forEach(this::send);
    queued.clear();
  }

  private void clear(Transaction transaction) {
    for (Table table : database.database().tables()) {
      for (Row row : table.rows()) {
        transaction.delete(row);
      }
    }
  }

  private void notified(String method, ArrayNode params, Now now) throws OvsdbException {
    switch (method) {
      case "update3" -> update(stateId(params.path(1)), params.path(2), now);
      case "update2" -> update(stateId(JSON.nullNode()), params.path(1), now);
      case "monitor_canceled" -> upstream.reconnect();
      default -> {}
    }
  }

  /** What upstream calls its state; an id of our own where it has no name, as servers of files. */
  private UUID stateId(JsonNode json) {
    UUID id = json.isTextual() ? Uuids.parse(json.textValue()) : null;
    namesStates = id != null && !id.equals(Uuids.ZERO);
    return namesStates ? id : Uuids.quick();
  }

  private void update(UUID id, JsonNode updates, Now now) throws OvsdbException {
    if (ready) {
      Transaction transaction = database.begin();
      UpstreamUpdates.readDifferences(updates, transaction);
      host.replay(database, transaction, id, now);
    }
  }

  /** Sends a client's request on, now or when there is a connection. */
  void forward(Session session, JsonRpcMessage.Request request) {
    Forwarded one = new Forwarded(session, request);
    if (ready) {
      send(one);
    } else {
      queued.add(one);
    }
  }

  private void send(Forwarded one) {
    forwarded.put(upstream.request(one.request().method(), one.request().params()), one);
  }

  /** Forgets the requests of a session that has ended. */
  void forget(Session session) {
    forwarded.values().removeIf(one -> one.session() == session);
    queued.removeIf(one -> one.session() == session);
  }

  /** Forgets one request of a session. */
  void forget(Session session, JsonNode id) {
    forwarded.values().removeIf(one -> one.session() == session && one.request().id().equals(id));
    queued.removeIf(one -> one.session() == session && one.request().id().equals(id));
  }

  /** Ends it; what is heard of upstream afterwards does not count. */
  @Override
  public void close() {
    ready = false;
    closed = true;
    if (upstream != null) {
      upstream.close();
    }
    forwarded.values().forEach(this::cancel);
    forwarded.clear();
    queued.forEach(this::cancel);
    queued.clear();
  }
}
