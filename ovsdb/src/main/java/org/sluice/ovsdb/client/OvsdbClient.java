package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * A live copy of part of a database on a server, and the way to change it; the package says how to
 * use it.
 *
 * <p>One virtual thread connects, receives, owns the copy and publishes snapshots; listeners run on
 * it and must be quick. All public methods may be called from any thread, but nobody may wait for a
 * commit inside a listener.
 */
public final class OvsdbClient implements Closeable {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String MONITOR_ID = "sluice";
  private static final long FIRST_BACKOFF_MS = 100;
  private static final long LAST_BACKOFF_MS = 8_000;

  private final ClientConfig config;
  private final Vlog log;
  private final Replica replica;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition changed = mutex.newCondition();

  private volatile Snapshot snapshot = Snapshot.NONE;
  private final Filters filters;
  private volatile ServerLink link;
  private volatile boolean closed;
  private volatile boolean reconnects;
  private volatile String failure;

  /** Guarded by the mutex. */
  private boolean woken;

  // The receiving thread's own.
  private DatabaseSchema serverSchema;
  private String lastTransaction = Uuids.ZERO.toString();
  private volatile MonitorMethod method = MonitorMethod.SINCE;
  private boolean complete;
  private boolean synced;
  private boolean holdsLock;

  /** A client that does nothing until {@link #start}. */
  public OvsdbClient(ClientConfig config, Vlog log) {
    this.config = config;
    this.log = log;
    this.replica = new Replica(config.schema());
    this.filters = new Filters(config.schema());
    this.reconnects = config.reconnects();
  }

  /** Begins to connect, and never stops trying until closed, unless it was to try only once. */
  public void start() {
    // A virtual thread's poller would keep a program that is done from ending for 300 ms.
    Thread.ofPlatform().name("ovsdb-client").daemon().start(this::run);
    if (config.probeIntervalMs() > 0) {
      Thread.ofVirtual().name("ovsdb-probe").start(this::probe);
    }
  }

  /** The newest snapshot. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Why the client has given up; null as long as it has not. */
  public String failure() {
    return failure;
  }

  /** From now on does not give up any more when the connection breaks. */
  public void keepReconnecting() {
    reconnects = true;
  }

  /** Has {@code listener} called after each new snapshot, on the client's thread. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Waits until there is a newer snapshot than {@code seen} or the time is over; returns the
   * newest.
   */
  public Snapshot awaitChange(Snapshot seen, long timeoutMs) throws InterruptedException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    mutex.lockInterruptibly();
    try {
      while (snapshot.number() <= seen.number()
          && leftNs > 0
          && !closed
          && failure == null
          && !woken) {
        leftNs = changed.awaitNanos(leftNs);
      }
      woken = false;
      return snapshot;
    } finally {
      mutex.unlock();
    }
  }

  /** Ends the wait of {@link #awaitChange}, or the next one at once, as if its time were over. */
  public void wakeUp() {
    mutex.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }

  /**
   * From now on copies only rows of a table that pass any of {@code any}; without any, all. May be
   * called before {@link #start} or at any time after; the rows come and go with a later snapshot.
   * A server that knows no conditions sends all rows.
   */
  public void filter(String table, RowFilter... any) {
    filters.set(table, List.of(any));
    ServerLink server = link;
    if (server != null && snapshot.isConnected()) {
      sendFilters(server);
    }
  }

  private void sendFilters(ServerLink server) {
    if (!filters.areNews() || method == MonitorMethod.PLAIN) {
      return;
    }
    int number = filters.telling();
    try {
      server.request(
          "monitor_cond_change",
          filters.changes(MONITOR_ID),
          (result, _) -> {
            if (result != null) {
              filters.copied(number);
            }
          });
    } catch (IOException _) {
      closeLink();
    }
  }

  /** An empty edit. */
  public Edit edit() {
    return new Edit(config.schema());
  }

  /** Sends an edit and returns what will come of it. */
  public CompletableFuture<CommitResult> submit(Edit edit) {
    if (edit.isEmpty()) {
      return CompletableFuture.completedFuture(new CommitResult.Unchanged());
    }
    ServerLink server = link;
    if (server == null || !snapshot.isConnected()) {
      return CompletableFuture.completedFuture(new CommitResult.Disconnected());
    }
    if (!snapshot.holdsLock()) {
      return CompletableFuture.completedFuture(new CommitResult.NotLocked());
    }
    CompletableFuture<CommitResult> future = new CompletableFuture<>();
    try {
      server.request(
          "transact",
          edit.toParams(config.lock()),
          (result, error) -> future.complete(CommitReply.read(edit, result, error)));
    } catch (IOException _) {
      future.complete(new CommitResult.Disconnected());
    }
    return future;
  }

  /** Sends an edit and waits for what comes of it. */
  public CommitResult commit(Edit edit) {
    return submit(edit).join();
  }

  /**
   * Builds an edit from the newest snapshot and commits it, as often as a value that it verified
   * has changed meanwhile.
   *
   * @param attempts how often at most
   */
  public CommitResult transact(Function<Snapshot, Edit> builder, int attempts)
      throws InterruptedException {
    CommitResult result = new CommitResult.TryAgain();
    for (int i = 0; i < attempts && result instanceof CommitResult.TryAgain; i++) {
      Snapshot basis = snapshot;
      result = commit(builder.apply(basis));
      if (result instanceof CommitResult.TryAgain) {
        awaitChange(basis, 1_000);
      }
    }
    return result;
  }

  /** Disconnects for good. */
  @Override
  public void close() {
    closed = true;
    closeLink();
    signalChange();
  }

  private void closeLink() {
    ServerLink server = link;
    if (server != null) {
      try {
        server.close();
      } catch (IOException e) {
        log.dbg("%s: close failed (%s)", config.server(), e.getMessage());
      }
    }
  }

  private void signalChange() {
    mutex.lock();
    try {
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
  }

  private void run() {
    long backoffMs = FIRST_BACKOFF_MS;
    while (!closed) {
      String end = serveUntilEnd();
      if (!reconnects) {
        giveUp(end);
        return;
      }
      backoffMs = synced ? FIRST_BACKOFF_MS : Math.min(2 * backoffMs, LAST_BACKOFF_MS);
      synced = false;
      holdsLock = false;
      publish();
      pause(backoffMs);
    }
  }

  /** Returns why the connection ended or did not come about. */
  private String serveUntilEnd() {
    try {
      serve();
      log.info("%s: connection closed by peer", config.server());
      return "End of file";
    } catch (IOException | OvsdbException e) {
      if (!closed) {
        log.info("%s: %s", config.server(), e.getMessage());
      }
      return e.getMessage();
    } catch (RuntimeException e) {
      // A mistake of a listener's or of ours must not end the thread that others wait for.
      log.err("%s: internal error: %s", config.server(), e);
      lastTransaction = Uuids.ZERO.toString();
      return "internal error";
    }
  }

  private void giveUp(String why) {
    synced = false;
    holdsLock = false;
    failure = why;
    publish();
  }

  private void pause(long ms) {
    mutex.lock();
    try {
      long leftNs = TimeUnit.MILLISECONDS.toNanos(ms);
      while (leftNs > 0 && !closed) {
        leftNs = changed.awaitNanos(leftNs);
      }
    } catch (InterruptedException _) {
      closed = true;
    } finally {
      mutex.unlock();
    }
  }

  private void serve() throws IOException, OvsdbException {
    JsonRpcConnection connection = config.server().connect();
    ServerLink server = new ServerLink(connection);
    link = server;
    try {
      if (closed) {
        return; // meanwhile, when there was nothing to close yet
      }
      ArrayNode params = JSON.arrayNode().add(config.schema().name());
      server.request("get_schema", params, (result, error) -> gotSchema(server, result, error));
      for (JsonRpcMessage message = server.receive();
          message != null && !closed;
          message = server.receive()) {
        if (!server.dispatch(message)) {
          notified((JsonRpcMessage.Notification) message);
        }
      }
    } finally {
      link = null;
      server.abandon().forEach(this::answerNothing);
      server.close();
    }
  }

  /** Whoever waits for an answer learns that none comes, whatever the others do about theirs. */
  private void answerNothing(ServerLink.Answer answer) {
    try {
      answer.take(null, null);
    } catch (IOException e) {
      log.dbg("%s: %s", config.server(), e.getMessage());
    } catch (RuntimeException e) {
      log.err("%s: internal error: %s", config.server(), e);
    }
  }

  private void gotSchema(ServerLink server, JsonNode result, JsonNode error) throws IOException {
    if (result == null) {
      throw new IOException("get_schema failed: " + error);
    }
    try {
      serverSchema = DatabaseSchema.fromJson(result);
    } catch (OvsdbException e) {
      throw new IOException("server's schema is wrong: " + e.getMessage(), e);
    }
    method = MonitorMethod.SINCE;
    monitor(server);
  }

  private void monitor(ServerLink server) throws IOException {
    // First: filters that come meanwhile are then told once more rather than never.
    int number = filters.telling();
    ArrayNode params = JSON.arrayNode().add(config.schema().name()).add(MONITOR_ID);
    params.add(monitorRequests());
    if (method == MonitorMethod.SINCE) {
      // What was missed cannot be told under other filters than those of the copy.
      params.add(filters.matchCopy() ? lastTransaction : Uuids.ZERO.toString());
    }
    server.request(
        method.text(),
        params,
        (result, error) -> {
          filters.copied(number);
          monitoring(server, result, error);
        });
  }

  private ObjectNode monitorRequests() {
    ObjectNode requests = JSON.objectNode();
    for (Map.Entry<String, Set<String>> entry : config.monitored().entrySet()) {
      TableSchema offered = serverSchema.table(entry.getKey());
      if (offered == null) {
        continue;
      }
      ObjectNode request = requests.putArray(entry.getKey()).addObject();
      ArrayNode where = filters.where(entry.getKey());
      if (where != null && method != MonitorMethod.PLAIN) {
        request.set("where", where);
      }
      ArrayNode columns = request.putArray("columns");
      for (ColumnSchema column : config.schema().table(entry.getKey()).ownColumns()) {
        if (entry.getValue().contains(column.name()) && offered.column(column.name()) != null) {
          columns.add(column.name());
        }
      }
    }
    return requests;
  }

  private void monitoring(ServerLink server, JsonNode result, JsonNode error) throws IOException {
    if (result == null) {
      if (method == MonitorMethod.PLAIN || error == null) {
        throw new IOException("monitor failed: " + error);
      }
      method = method.older();
      monitor(server);
      return;
    }
    boolean continues = method == MonitorMethod.SINCE && result.path(0).booleanValue();
    if (!continues) {
      replica.clear();
    }
    if (method == MonitorMethod.SINCE) {
      lastTransaction = result.path(1).asText();
      update(result.path(2), true);
    } else {
      update(result, method == MonitorMethod.COND);
    }
    complete = true;
    synced = true;
    askForLock(server);
    // Those that came while the copy was under way.
    sendFilters(server);
  }

  private void askForLock(ServerLink server) throws IOException {
    if (config.lock() == null) {
      holdsLock = true;
      publish();
      return;
    }
    server.request(
        "lock",
        JSON.arrayNode().add(config.lock()),
        (result, _) -> {
          holdsLock = result != null && result.path("locked").booleanValue();
          publish();
        });
  }

  private void notified(JsonRpcMessage.Notification message) throws IOException {
    JsonNode params = message.params();
    switch (message.method()) {
      case "update" -> update(params.path(1), false);
      case "update2" -> update(params.path(1), true);
      case "update3" -> {
        lastTransaction = params.path(1).asText();
        update(params.path(2), true);
      }
      case "locked", "stolen" -> {
        if (params.path(0).asText().equals(config.lock())) {
          holdsLock = message.method().equals("locked");
        }
      }
      case "monitor_canceled" -> throw new IOException("server stopped the monitor");
      default -> {
        return;
      }
    }
    publish();
  }

  private void update(JsonNode updates, boolean second) throws IOException {
    try {
      if (second) {
        replica.applyUpdates2(updates);
      } else {
        replica.applyUpdates(updates);
      }
    } catch (OvsdbException e) {
      lastTransaction = Uuids.ZERO.toString();
      throw new IOException(e.getMessage(), e);
    }
  }

  private void publish() {
    Snapshot.State state = new Snapshot.State(complete, synced, holdsLock);
    mutex.lock();
    try {
      snapshot = new Snapshot(snapshot.number() + 1, replica.freeze(), state);
      changed.signalAll();
    } finally {
      mutex.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  /** Asks a silent server for a sign of life, and gives the connection up when there is none. */
  private void probe() {
    SignsOfLife signs = new SignsOfLife();
    while (!closed) {
      pause(config.probeIntervalMs());
      ServerLink server = link;
      switch (signs.look(server, server == null ? 0 : server.receivedBytes())) {
        case ALIVE -> {}
        case SILENT -> askForEcho(server);
        case DEAD -> {
          log.err("%s: no response to inactivity probe, disconnecting", config.server());
          closeLink();
        }
      }
    }
  }

  private void askForEcho(ServerLink server) {
    try {
      server.request("echo", JSON.arrayNode(), (_, _) -> {});
    } catch (IOException _) {
      closeLink();
    }
  }
}
