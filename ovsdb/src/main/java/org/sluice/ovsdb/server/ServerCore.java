package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  /** So much is let out before the rest of a batch is dealt with. */
  private static final long MUCH_BYTES = 4 << 20;

  private final UUID serverId;
  private final Vlog log;
  private final ServerCounters counters = new ServerCounters();
  private final Outputs outputs;
  private final KeptItems kept;
  private final Databases databases = new Databases();
  private final LockTable locks = new LockTable();
  private final MonitorDesk monitorDesk;
  private final TransactionDesk transactionDesk;
  private final DatabaseDesk databaseDesk;
  private final Set<Session> sessions = new LinkedHashSet<>();

  /** Whether monitors may have conditions, as those of old servers may not. */
  private boolean conditions = true;

  /** Lets clients have up to half of {@code maxBytes} kept for them, and a quarter unread. */
  ServerCore(UUID serverId, long maxBytes, Vlog log, MessageLog messages) {
    this.serverId = serverId;
    this.kept = new KeptItems(maxBytes / 2);
    this.log = log;
    this.outputs = new Outputs(messages, counters, new Backlogs(maxBytes / 4));
    this.monitorDesk = new MonitorDesk(outputs, kept);
    this.transactionDesk = new TransactionDesk(monitorDesk, outputs, counters, kept, log);
    this.databaseDesk = new DatabaseDesk(this, serverId, log);
  }

  ServerCounters counters() {
    return counters;
  }

  DatabaseDesk databaseDesk() {
    return databaseDesk;
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

  /** How much there is of what takes memory. */
  Map<String, Long> memory() {
    Map<String, Long> figures = new TreeMap<>();
    for (ServedDatabase database : databases.all()) {
      figures.merge("atoms", database.database().atoms(), Long::sum);
      figures.merge("cells", database.database().cells(), Long::sum);
      figures.merge("monitors", (long) database.monitors.size(), Long::sum);
      figures.merge("triggers", (long) database.waiting.size(), Long::sum);
      figures.merge("txn-history", (long) database.history().size(), Long::sum);
      figures.merge("txn-history-rows", (long) database.history().rows(), Long::sum);
    }
    figures.put("sessions", (long) sessions.size());
    figures.put("backlog", sessions.stream().mapToLong(s -> s.peer().backlogBytes()).sum());
    return figures;
  }

  /** The clients of a remote, the oldest first. */
  List<Session> sessionsOf(Remote remote) {
    return remote == null
        ? List.of()
        : sessions.stream().filter(session -> session.peer().remote() == remote).toList();
  }

  /** Disconnects clients that do not know that databases come and go. */
  void disconnectUnaware(String why) {
    disconnectUnaware(why, null);
  }

  /** The same, but for one. */
  void disconnectUnaware(String why, Session except) {
    for (Session session : sessions) {
      if (!session.databaseChangeAware && session != except) {
        session.peer().disconnect("disconnecting (" + why + ")");
      }
    }
  }

  /** Is from now on as old servers are, to see what clients make of it. */
  void disableConditions() {
    conditions = false;
  }

  /** A client is ready for more. */
  void drained(Session session) {
    if (sessions.contains(session)) {
      monitorDesk.catchUp(session);
    }
  }

  /** A client has connected. */
  Session open(Peer peer, Now now) {
    Session session = new Session(peer, locks, now.monotonicMs());
    sessions.add(session);
    if (peer.remote() != null) {
      peer.remote().connected(now);
    }
    return session;
  }

  /** A client has gone: its locks pass on, its monitors and waiting requests are forgotten. */
  void close(Session session, Now now) {
    if (!sessions.remove(session)) {
      return;
    }
    if (session.peer().remote() != null) {
      session.peer().remote().disconnected(now);
    }
    monitorDesk.forget(session);
    transactionDesk.forget(session, databases);
    List.copyOf(session.locks).forEach(lock -> release(session, lock));
    kept.releaseAll(session);
  }

  /** A client has sent a message. */
  void receive(Session session, JsonRpcMessage message, Now now) {
    session.heard(now);
    counters.received.increment();
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
    if (outputs.heldBytes() > MUCH_BYTES) {
      flush();
    }
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
      Monitor.Version version = Monitor.Version.ofRequest(request.method());
      if (version == Monitor.Version.PLAIN || (version != null && conditions)) {
        ServedDatabase database = databases.named(request.method(), request.params());
        monitorDesk.start(session, database, version, request);
        return null;
      }
      boolean locking = Set.of("lock", "steal", "unlock").contains(request.method());
      if (locking && session.isReadOnly()) {
        String text = "lock and unlock methods not allowed, DB server is read only.";
        return new JsonRpcMessage.ErrorReply(TextNode.valueOf(text), request.id());
      }
      if (request.method().equals("convert")) {
        return convert(session, request, now);
      }
      JsonNode result = result(session, request);
      return result == null
          ? new JsonRpcMessage.ErrorReply(TextNode.valueOf("unknown method"), request.id())
          : new JsonRpcMessage.Reply(result, request.id());
    } catch (OvsdbException e) {
      return new JsonRpcMessage.ErrorReply(e.error().toJson(), request.id());
    }
  }

  private JsonRpcMessage convert(Session session, JsonRpcMessage.Request request, Now now)
      throws OvsdbException {
    ServedDatabase database = databases.named(request.method(), request.params());
    DatabaseDesk.checkMayConvert(session, database);
    if (database.relay() != null) {
      transactionDesk.forward(session, database, request);
      return null;
    }
    JsonNode result = databaseDesk.convert(session, database, request.params(), now);
    return new JsonRpcMessage.Reply(result, request.id());
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
      case "monitor_cond_change" ->
          conditions ? monitorDesk.changeConditions(session, request.params()) : null;
      case "lock", "steal" -> lock(session, request);
      case "unlock" -> unlock(session, request);
      case "set_db_change_aware" -> setChangeAware(session, request);
      default -> null;
    };
  }

  private JsonNode lock(Session session, JsonRpcMessage.Request request) throws OvsdbException {
    String lock = lockName(request);
    if (session.locks.contains(lock)) {
      String text = "must issue \"unlock\" before new \"%s\"".formatted(request.method());
      throw OvsdbError.syntax(request.params(), text).thrown();
    }
    kept.take(session, KeptItems.bytes(request.params()));
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
    kept.release(session, KeptItems.bytes(request.params()));
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
   * long. A part of a message is a sign of life, on its way here or there.
   */
  void probe(Now now, long probeMs) {
    for (Session session : List.copyOf(sessions)) {
      if (session.peer().takeActivity()) {
        session.heard(now);
      }
      long allowedMs = session.probeMs(probeMs);
      long silentMs = now.monotonicMs() - session.lastHeardMs;
      if (allowedMs == 0 || silentMs < allowedMs) {
        continue;
      }
      if (!session.probed) {
        session.probed = true;
        TextNode id = TextNode.valueOf("echo");
        outputs.send(session, Encoded.of(new JsonRpcMessage.Request("echo", JSON.arrayNode(), id)));
      } else if (silentMs >= 2 * allowedMs) {
        session
            .peer()
            .disconnect(
                "no response to inactivity probe after %s seconds, disconnecting"
                    .formatted(allowedMs / 1000.0));
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
    makeDurable();
    outputs.deliver();
  }

  /** Makes all commits durable, or takes back those that cannot be. */
  void makeDurable() {
    try {
      for (ServedDatabase database : databases.all()) {
        if (database.sync()) {
          counters.syncs.increment();
        }
      }
    } catch (IOException e) {
      log.err("cannot make changes durable, taking them back: %s", e.getMessage());
      takeBack();
    }
  }

  private void takeBack() {
    String why = "changes could not be made durable";
    outputs.retract(why);
    // Who is told later would be told of what has not happened.
    sessions.stream().filter(session -> session.lagging).forEach(s -> s.peer().disconnect(why));
    for (ServedDatabase database : databases.all()) {
      try {
        database.rollBack();
      } catch (IOException e) {
        log.err("%s: %s", database.database().name(), e.getMessage());
      }
    }
  }
}
