package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.ref.WeakReference;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.server.Monitor.Version;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.RowChange;

/** The requests about monitors, and telling monitors of changes. Belongs to the writer thread. */
final class MonitorDesk {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Outputs outputs;
  private final KeptItems kept;
  private final Map<MonitorSpec, WeakReference<MonitorSpec>> specs = new WeakHashMap<>();

  MonitorDesk(Outputs outputs, KeptItems kept) {
    this.outputs = outputs;
    this.kept = kept;
  }

  /** Begins to monitor; the reply is what the client does not know yet. */
  void start(
      Session session, ServedDatabase database, Version version, JsonRpcMessage.Request request)
      throws OvsdbException {
    ArrayNode params = request.params();
    int wanted = version == Version.SINCE ? 4 : 3;
    boolean wellFormed = version == Version.PLAIN ? params.size() >= 3 : params.size() == wanted;
    if (!wellFormed) {
      throw OvsdbError.syntax(params, "invalid parameters").thrown();
    }
    JsonNode id = params.get(1);
    MonitorSpec spec =
        shared(MonitorReader.spec(params.get(2), database.database(), version != Version.PLAIN));
    if (session.monitors.containsKey(id)) {
      throw OvsdbError.syntax(id, "duplicate monitor ID").thrown();
    }
    UUID last = version == Version.SINCE ? lastTransaction(params.get(3)) : Uuids.ZERO;
    Monitor monitor = new Monitor(session, database, version, id, spec);
    kept.take(session, monitor.bytes());
    session.monitors.put(id, monitor);
    database.monitors.add(monitor);
    outputs.send(
        session,
        version == Version.SINCE
            ? since(request.id(), database, spec, last)
            : Encoded.reply(request.id(), database.initial(spec)));
  }

  private static UUID lastTransaction(JsonNode json) throws OvsdbException {
    if (!json.isTextual()) {
      throw OvsdbError.syntax(json, "last-txn-id must be string").thrown();
    }
    UUID uuid = Uuids.parse(json.textValue());
    if (uuid == null) {
      throw OvsdbError.syntax(json, "last-txn-id must be UUID format.").thrown();
    }
    return uuid;
  }

  private static byte[][] since(JsonNode id, ServedDatabase database, MonitorSpec spec, UUID last) {
    List<RowChange> missed = database.changesSince(last);
    byte[] updates = missed == null ? database.initial(spec) : spec.updatesObject(missed);
    JsonNode[] head = {
      BooleanNode.valueOf(missed != null),
      TextNode.valueOf(database.publicName(database.history().last()).toString())
    };
    return Encoded.reply(id, head, updates);
  }

  /** Replaces conditions, tells what comes into view and what goes out of it, and replies. */
  JsonNode changeConditions(Session session, ArrayNode params) throws OvsdbException {
    if (params.size() != 3) {
      throw OvsdbError.syntax(params, "invalid parameters").thrown();
    }
    Monitor monitor = session.monitors.get(params.get(0));
    if (monitor == null) {
      throw OvsdbError.syntax(params.get(0), "unknown monitor session").thrown();
    }
    JsonNode newId = params.get(1);
    if (!newId.equals(monitor.id()) && session.monitors.containsKey(newId)) {
      throw OvsdbError.syntax(newId, "duplicate monitor ID").thrown();
    }
    tellHeldBack(monitor);
    ServedDatabase database = monitor.database();
    MonitorSpec old = monitor.spec();
    MonitorSpec next =
        shared(
            old.withConditions(MonitorReader.conditions(params.get(2), database.database(), old)));
    kept.resize(session, monitor.bytes(), Monitor.bytes(newId, next));
    session.monitors.remove(monitor.id());
    monitor.change(newId, next);
    session.monitors.put(newId, monitor);
    byte[] updates = old.transition(next, database.database());
    if (updates.length > 0) {
      UUID last = database.history().last();
      outputs.send(session, monitor.notification(last, updates));
    }
    return JSON.objectNode();
  }

  /** Ends a monitor. */
  JsonRpcMessage cancel(Session session, JsonRpcMessage.Request request) {
    if (request.params().size() != 1) {
      TextNode why = TextNode.valueOf("invalid parameters");
      return new JsonRpcMessage.ErrorReply(why, request.id());
    }
    Monitor monitor = session.monitors.remove(request.params().get(0));
    if (monitor == null) {
      TextNode why = TextNode.valueOf("unknown monitor");
      return new JsonRpcMessage.ErrorReply(why, request.id());
    }
    monitor.database().monitors.remove(monitor);
    kept.release(session, monitor.bytes());
    return new JsonRpcMessage.Reply(JSON.objectNode(), request.id());
  }

  /** Ends all monitors of a session that has ended. */
  void forget(Session session) {
    session.monitors.values().forEach(monitor -> monitor.database().monitors.remove(monitor));
    session.monitors.clear();
  }

  /** Ends all monitors of a database that goes, and tells those who know of such things. */
  void removeAll(ServedDatabase database) {
    for (Monitor monitor : Set.copyOf(database.monitors)) {
      Session session = monitor.session();
      session.monitors.remove(monitor.id());
      kept.release(session, monitor.bytes());
      if (session.databaseChangeAware) {
        ArrayNode params = JSON.arrayNode(1).add(monitor.id());
        outputs.send(
            session, Encoded.of(new JsonRpcMessage.Notification("monitor_canceled", params)));
      }
    }
    database.monitors.clear();
  }

  /** Tells every monitor of a database what it sees of a change; alike monitors share the work. */
  void tell(ServedDatabase database, ChangeSet changes) {
    if (changes.isEmpty() || database.monitors.isEmpty()) {
      return;
    }
    IdentityHashMap<MonitorSpec, byte[]> seen = new IdentityHashMap<>();
    Monitor last = null;
    byte[] told = null;
    for (Monitor monitor : database.monitors) {
      if (monitor.holdsBack() || monitor.session().peer().isBacklogged()) {
        holdBack(monitor, changes);
        continue;
      }
      byte[] updates = seen.computeIfAbsent(monitor.spec(), spec -> spec.updates(changes.rows()));
      if (updates.length > 0) {
        if (last == null || !monitor.isToldTheSameAs(last)) {
          told = monitor.notification(changes.id(), updates);
          last = monitor;
        }
        outputs.send(monitor.session(), told);
      }
    }
  }

  /** One spec for all monitors that want the same, so that they can be told apart at a glance. */
  private MonitorSpec shared(MonitorSpec spec) {
    WeakReference<MonitorSpec> known = specs.get(spec);
    MonitorSpec earlier = known == null ? null : known.get();
    if (earlier != null) {
      return earlier;
    }
    specs.put(spec, new WeakReference<>(spec));
    return spec;
  }

  /** A client that does not keep up is told later, of many changes together. */
  private static void holdBack(Monitor monitor, ChangeSet changes) {
    monitor.holdBack(changes);
    Session session = monitor.session();
    if (!session.lagging) {
      session.lagging = true;
      session.peer().awaitDrained();
    }
  }

  /** A client that did not keep up is ready again. */
  void catchUp(Session session) {
    session.lagging = false;
    session.monitors.values().forEach(this::tellHeldBack);
  }

  private void tellHeldBack(Monitor monitor) {
    if (monitor.holdsBack()) {
      byte[] message = monitor.takeHeldBack();
      if (message.length > 0) {
        outputs.send(monitor.session(), message);
      }
    }
  }
}
