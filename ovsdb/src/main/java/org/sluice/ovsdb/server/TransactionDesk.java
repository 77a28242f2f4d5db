package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.Transaction;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/**
 * Runs {@code transact} requests: at once, or again after each change and at their deadline while
 * they wait. Belongs to the writer thread.
 */
final class TransactionDesk {
  private static final TextNode CANCELED = TextNode.valueOf("canceled");

  private final MonitorDesk monitors;
  private final Outputs outputs;
  private final ServerCounters counters;
  private final KeptItems kept;
  private final Vlog log;
  private final VlogRateLimit ioErrors = new VlogRateLimit(5, 60);
  private final VlogRateLimit exhaustions = new VlogRateLimit(5, 60);

  TransactionDesk(
      MonitorDesk monitors, Outputs outputs, ServerCounters counters, KeptItems kept, Vlog log) {
    this.kept = kept;
    this.log = log;
    this.monitors = monitors;
    this.outputs = outputs;
    this.counters = counters;
  }

  /** Takes a request in and replies, now or later. */
  void transact(Session session, ServedDatabase database, JsonRpcMessage.Request message, Now now)
      throws OvsdbException {
    checkIdIsNew(session, message);
    WaitingRequest request =
        new WaitingRequest(
            session, message.id(), message.params(), now.monotonicMs(), Long.MAX_VALUE);
    if (run(database, request, now)) {
      runWaiting(database, now);
    }
  }

  private static void checkIdIsNew(Session session, JsonRpcMessage.Request message)
      throws OvsdbException {
    if (session.waiting.containsKey(message.id()) || session.forwarded.containsKey(message.id())) {
      String text = "%s: duplicate request ID".formatted(message.method());
      throw OvsdbError.syntax(message.params(), text).thrown();
    }
  }

  /** Sends a request on to where a relay's contents come from; {@link #answer} ends it. */
  void forward(Session session, ServedDatabase database, JsonRpcMessage.Request message)
      throws OvsdbException {
    checkIdIsNew(session, message);
    kept.take(session, KeptItems.bytes(message.params()));
    session.forwarded.put(message.id(), message);
    database.relay().forward(session, message);
  }

  /** Answers a request that was sent on; {@code reply} has the id that the client gave it. */
  void answer(Session session, JsonNode id, JsonRpcMessage reply) {
    JsonRpcMessage.Request request = session.forwarded.remove(id);
    if (request != null) {
      kept.release(session, KeptItems.bytes(request.params()));
      outputs.send(session, Encoded.of(reply));
    }
  }

  /** Whether a relay cannot answer by itself. */
  private static boolean isForUpstream(ArrayNode params) {
    for (int i = 1; i < params.size(); i++) {
      if (!TransactionExecutor.isReadOnly(params.get(i).path("op").asText("select"))) {
        return true;
      }
    }
    return false;
  }

  /** Commits a transaction of the server's own. */
  ChangeSet commit(ServedDatabase database, Transaction transaction, Now now)
      throws OvsdbException {
    ChangeSet changes = database.commit(transaction, now.wallMs());
    committed(database, changes, now);
    return changes;
  }

  /** Tells of changes that have been made. */
  void committed(ServedDatabase database, ChangeSet changes, Now now) {
    if (!changes.isEmpty()) {
      counters.commits.increment();
      monitors.tell(database, changes);
      runWaiting(database, now);
    }
  }

  /** Runs waiting requests until none of them changes anything any more. */
  private void runWaiting(ServedDatabase database, Now now) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (WaitingRequest request : List.copyOf(database.waiting)) {
        changed |= database.waiting.contains(request) && run(database, request, now);
      }
    }
  }

  /** Gives up the waits whose time is over. */
  void expire(ServedDatabase database, Now now) {
    for (WaitingRequest request : List.copyOf(database.waiting)) {
      boolean due = now.monotonicMs() >= request.deadlineMs();
      if (due && database.waiting.contains(request) && run(database, request, now)) {
        runWaiting(database, now);
      }
    }
  }

  /** When the next wait gives up. */
  static long nextDeadlineMs(ServedDatabase database) {
    return database.waiting.stream()
        .mapToLong(WaitingRequest::deadlineMs)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Runs a request once; whether the database has changed. */
  private boolean run(ServedDatabase database, WaitingRequest request, Now now) {
    long elapsedMs = now.monotonicMs() - request.arrivedMs();
    boolean readOnly = request.session().isReadOnly() || database.isReadOnly();
    Request attempt = new Request(request.params(), request.session(), readOnly, elapsedMs);
    return switch (execute(database, attempt)) {
      case Outcome.Blocked(long timeoutMs) -> {
        keepWaiting(database, request, timeoutMs);
        yield false;
      }
      case Outcome.Failed(ArrayNode results) -> {
        finish(database, request, results);
        yield false;
      }
      case Outcome.Ready _ when database.relay() != null && isForUpstream(request.params()) -> {
        forwardOrRefuse(database, request);
        yield false;
      }
      case Outcome.Ready(ArrayNode results, Transaction transaction) -> {
        boolean changed = commit(database, transaction, results, now);
        finish(database, request, results);
        yield changed;
      }
    };
  }

  /** Nothing has been changed yet, so that who asked for too much is told so and nobody else. */
  private Outcome execute(ServedDatabase database, Request attempt) {
    try {
      return database.executor().execute(attempt);
    } catch (OutOfMemoryError _) {
      OvsdbError error = OvsdbError.of("resources exhausted", "out of memory");
      log.log(exhaustions, LogLevel.WARN, "%s: a transaction took all memory", database.name());
      return new Outcome.Failed(JsonNodeFactory.instance.arrayNode().add(error.toJson()));
    }
  }

  /** What nothing is wrong with here is carried out there. */
  private void forwardOrRefuse(ServedDatabase database, WaitingRequest request) {
    forget(database, request);
    try {
      forward(
          request.session(),
          database,
          new JsonRpcMessage.Request("transact", request.params(), request.id()));
    } catch (OvsdbException e) {
      refuse(request, e.error().toJson());
    }
  }

  private boolean commit(
      ServedDatabase database, Transaction transaction, ArrayNode results, Now now) {
    try {
      ChangeSet changes = database.commit(transaction, now.wallMs());
      if (changes.isEmpty()) {
        return false;
      }
      counters.commits.increment();
      monitors.tell(database, changes);
      return true;
    } catch (OvsdbException e) {
      if (e.error().tag().equals(ServedDatabase.IO_ERROR)) {
        log.log(ioErrors, LogLevel.WARN, "%s", e.error().details());
      }
      results.add(e.error().toJson());
      return false;
    }
  }

  private void keepWaiting(ServedDatabase database, WaitingRequest request, long timeoutMs) {
    if (request.session().waiting.containsKey(request.id())) {
      return;
    }
    // A client may name any number, and a sum beyond the largest would be a time long past.
    long deadlineMs =
        request.arrivedMs() + Math.min(timeoutMs, Long.MAX_VALUE - request.arrivedMs());
    try {
      kept.take(request.session(), KeptItems.bytes(request.params()));
    } catch (OvsdbException e) {
      refuse(request, e.error().toJson());
      return;
    }
    WaitingRequest waiting =
        new WaitingRequest(
            request.session(), request.id(), request.params(), request.arrivedMs(), deadlineMs);
    request.session().waiting.put(request.id(), waiting);
    database.waiting.add(waiting);
  }

  private void refuse(WaitingRequest request, JsonNode why) {
    outputs.send(request.session(), Encoded.of(new JsonRpcMessage.ErrorReply(why, request.id())));
  }

  /** Keeps a request no longer, if it was kept. */
  private void forget(ServedDatabase database, WaitingRequest request) {
    if (request.session().waiting.remove(request.id()) != null) {
      database.waiting.remove(request);
      kept.release(request.session(), KeptItems.bytes(request.params()));
    }
  }

  private void finish(ServedDatabase database, WaitingRequest request, JsonNode results) {
    forget(database, request);
    if (request.session().lagging) {
      monitors.catchUp(request.session()); // whoever has an answer has seen what it is about
    }
    outputs.send(request.session(), Encoded.of(new JsonRpcMessage.Reply(results, request.id())));
  }

  /** Stops a request that waits, at its sender's wish. */
  void cancel(Session session, JsonNode id, Databases databases) {
    WaitingRequest request = session.waiting.get(id);
    if (request != null) {
      for (ServedDatabase database : databases.all()) {
        if (database.waiting.contains(request)) {
          forget(database, request);
        }
      }
      refuse(request, CANCELED);
    }
    if (session.forwarded.containsKey(id)) {
      for (ServedDatabase database : databases.all()) {
        if (database.relay() != null) {
          database.relay().forget(session, id);
        }
      }
      answer(session, id, new JsonRpcMessage.ErrorReply(CANCELED, id));
    }
  }

  /** Stops all requests that wait for a database to change. */
  void cancelAll(ServedDatabase database) {
    for (WaitingRequest request : List.copyOf(database.waiting)) {
      forget(database, request);
      refuse(request, CANCELED);
    }
  }

  /** Forgets the requests of a session that has ended. */
  void forget(Session session, Databases databases) {
    for (ServedDatabase database : databases.all()) {
      session.waiting.values().forEach(database.waiting::remove);
      if (database.relay() != null) {
        database.relay().forget(session);
      }
    }
    session.waiting.clear();
    session.forwarded.clear();
  }
}
