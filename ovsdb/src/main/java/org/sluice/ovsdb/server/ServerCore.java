package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.Identifiers;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * The server without its threads and sockets: messages of sessions go in, messages to sessions come
 * out, in a fixed order. Belongs to the writer thread; a test may be that thread.
 *
 * <p>Messages come in batches. What a batch says is kept back until {@link #flush} has made its
 * commits durable; if that fails, the commits are taken back and everybody who would have heard of
 * them is disconnected, to start over.
 */
final class ServerCore {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final UUID serverId;
  private final Vlog log;
  private final Outputs outputs = new Outputs();
  private final Databases databases = new Databases();
  private final LockTable locks = new LockTable();
  private final MonitorDesk monitorDesk = new MonitorDesk(outputs);
  private final TransactionDesk transactionDesk = new TransactionDesk(monitorDesk, outputs);
  private final Set<Session> sessions = new LinkedHashSet<>();

  ServerCore(UUID serverId, Vlog log) {
    this.serverId = serverId;
    this.log = log;
  }

  Databases databases() {
    return databases;
  }

  TransactionDesk transactionDesk() {
    return transactionDesk;
  }

  MonitorDesk monitorDesk() {
    return monitorDesk;
  }

  Set<Session> sessions() {
    return sessions;
  }

  /** A client has connected. */
  Session open(Peer peer, Now now) {
    Session session = new Session(peer, locks, now.monotonicMs());
    sessions.add(session);
    return session;
  }

  /** A client has gone: its locks pass on, its monitors and waiting requests are forgotten. */
  void close(Session session) {
    if (!sessions.remove(session)) {
      return;
    }
    monitorDesk.forget(session);
    transactionDesk.forget(session, databases);
    List.copyOf(session.locks).forEach(lock -> release(session, lock));
  }

  /** A client has sent a message. */
  void receive(Session session, JsonRpcMessage message, Now now) {
    session.lastHeardMs = now.monotonicMs();
    session.probed = false;
    switch (message) {
      case JsonRpcMessage.Request request -> {
        JsonRpcMessage reply = reply(session, request, now);
        if (reply != null) {
          outputs.send(session, Encoded.of(reply));
        }
      }
      case JsonRpcMessage.Notification(String method, ArrayNode params) -> {
        if (method.equals("cancel") && params.size() == 1) {
          transactionDesk.cancel(session, params.get(0), databases);
        }
      }
      case JsonRpcMessage.Reply _, JsonRpcMessage.ErrorReply _ -> {}
    }
    session.peer().requestDone();
  }

  private JsonRpcMessage reply(Session session, JsonRpcMessage.Request request, Now now) {
    try {
      if (request.method().equals("transact")) {
        ServedDatabase database = databases.named(request.method(), request.params());
        transactionDesk.transact(session, database, request, now);
        return null;
      }
      if (request.method().equals("monitor_cancel")) {
        return monitorDesk.cancel(session, request);
      }
      JsonNode result = result(session, request);
      return result == null
          ? new JsonRpcMessage.ErrorReply(TextNode.valueOf("unknown method"), request.id())
          : new JsonRpcMessage.Reply(result, request.id());
    } catch (OvsdbException e) {
      return new JsonRpcMessage.ErrorReply(e.error().toJson(), request.id());
    }
  }

  /** The result of a request that changes no data; null if there is no such method. */
  private JsonNode result(Session session, JsonRpcMessage.Request request) throws OvsdbException {
    return switch (request.method()) {
      case "echo" -> request.params();
      case "list_dbs" -> {
        ArrayNode names = JSON.arrayNode();
        databases.names().forEach(names::add);
        yield names;
      }
      case "get_schema" ->
          databases.named("get_schema", request.params()).database().schema().toJson();
      case "get_server_id" -> TextNode.valueOf(serverId.toString());
      case "monitor" -> monitor(session, request, Monitor.Version.PLAIN);
      case "monitor_cond" -> monitor(session, request, Monitor.Version.COND);
      case "monitor_cond_since" -> monitor(session, request, Monitor.Version.SINCE);
      case "monitor_cond_change" -> monitorDesk.changeConditions(session, request.params());
      case "lock", "steal" -> lock(session, request);
      case "unlock" -> unlock(session, request);
      case "set_db_change_aware" -> setChangeAware(session, request);
      default -> null;
    };
  }

  private JsonNode monitor(Session session, JsonRpcMessage.Request request, Monitor.Version version)
      throws OvsdbException {
    ServedDatabase database = databases.named(request.method(), request.params());
    return monitorDesk.start(session, database, version, request.params());
  }

  private JsonNode lock(Session session, JsonRpcMessage.Request request) throws OvsdbException {
    String lock = lockName(request);
    if (session.locks.contains(lock)) {
      String text =
          "%s: must issue \"unlock\" before new \"%s\""
              .formatted(request.method(), request.method());
      throw OvsdbError.syntax(request.params(), text).thrown();
    }
    if (request.method().equals("steal")) {
      Session victim = locks.steal(lock, session);
      if (victim != null) {
        notify(victim, "stolen", lock);
      }
      return locked(true);
    }
    return locked(locks.lock(lock, session));
  }

  private static ObjectNode locked(boolean owner) {
    return JSON.objectNode().put("locked", owner);
  }

  private JsonNode unlock(Session session, JsonRpcMessage.Request request) throws OvsdbException {
    String lock = lockName(request);
    if (!session.locks.contains(lock)) {
      String text = "unlock: \"unlock\" without \"lock\" or \"steal\"";
      throw OvsdbError.syntax(request.params(), text).thrown();
    }
    release(session, lock);
    return JSON.objectNode();
  }

  private static String lockName(JsonRpcMessage.Request request) throws OvsdbException {
    JsonNode name = request.params().path(0);
    boolean wellFormed =
        request.params().size() == 1 && name.isTextual() && Identifiers.isId(name.textValue());
    if (!wellFormed) {
      String text = "%s request params must be <id>".formatted(request.method());
      throw OvsdbError.syntax(request.params(), text).thrown();
    }
    return name.textValue();
  }

  private void release(Session session, String lock) {
    Session heir = locks.unlock(lock, session);
    if (heir != null) {
      notify(heir, "locked", lock);
    }
  }

  private void notify(Session session, String method, String lock) {
    ArrayNode params = JSON.arrayNode(1).add(lock);
    outputs.send(session, Encoded.of(new JsonRpcMessage.Notification(method, params)));
  }

  private static JsonNode setChangeAware(Session session, JsonRpcMessage.Request request)
      throws OvsdbException {
    JsonNode aware = request.params().path(0);
    if (request.params().size() != 1 || !aware.isBoolean()) {
      String text = "set_db_change_aware: true or false parameter expected";
      throw OvsdbError.syntax(request.params(), text).thrown();
    }
    session.databaseChangeAware = aware.booleanValue();
    return JSON.objectNode();
  }

  /** Gives up waits whose time is over. */
  void expire(Now now) {
    for (ServedDatabase database : databases.all()) {
      transactionDesk.expire(database, now);
    }
  }

  /**
   * Asks clients silent for {@code probeMs} for a sign of life, and drops those silent twice as
   * long.
   */
  void probe(Now now, long probeMs) {
    for (Session session : List.copyOf(sessions)) {
      if (!session.peer().mayVanish()) {
        continue;
      }
      long silentMs = now.monotonicMs() - session.lastHeardMs;
      if (silentMs >= 2 * probeMs && session.probed) {
        session.peer().disconnect("no response to inactivity probe, disconnecting");
      } else if (silentMs >= probeMs && !session.probed) {
        session.probed = true;
        TextNode id = TextNode.valueOf("echo");
        outputs.send(session, Encoded.of(new JsonRpcMessage.Request("echo", JSON.arrayNode(), id)));
      }
    }
  }

  /** When {@link #expire} has something to do next. */
  long nextDeadlineMs() {
    return databases.all().stream()
        .mapToLong(TransactionDesk::nextDeadlineMs)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Makes the batch durable, then lets out what it says. */
  void flush() {
    try {
      for (ServedDatabase database : databases.all()) {
        database.sync();
      }
    } catch (IOException e) {
      log.err("cannot make changes durable, taking them back: %s", e.getMessage());
      takeBack();
    }
    outputs.deliver();
  }

  private void takeBack() {
    outputs.retract("changes could not be made durable");
    for (ServedDatabase database : databases.all()) {
      try {
        database.rollBack();
      } catch (IOException e) {
        log.err("%s: %s", database.database().name(), e.getMessage());
      }
    }
  }
}
