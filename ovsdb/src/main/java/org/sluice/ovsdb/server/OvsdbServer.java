package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.base.sync.ThreadEnd;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Database;

/**
 * A database server; the package says how to use it. All public methods may be called from any
 * thread.
 *
 * <p>The writer is a platform thread, because it waits for the disk. Everything that touches
 * databases is an event in its queue; the queue is bounded, and so is what each client may have in
 * it.
 */
public final class OvsdbServer implements Closeable {
  private static final int QUEUE_LENGTH = 4096;
  private static final int BATCH = 512;
  private static final long TICK_MS = 1_000;

  /** Something for the writer thread to do. */
  @FunctionalInterface
  private interface Event {
    void run(Now now);
  }

  private final ServerConfig config;
  private final Clock clock;
  private final Vlog log;
  private final ClientConnection.Logs logs;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUE_LENGTH);
  private final Thread writer;
  private final Remotes remotes;

  // The writer thread's own.
  private final ServerCore core;
  private final ServerDatabase serverDatabase = new ServerDatabase();
  private boolean closing;
  private long lastTickMs;

  /** Starts a server without databases and remotes. */
  public OvsdbServer(ServerConfig config, Clock clock, Vlog log) {
    this.config = config;
    this.clock = clock;
    this.log = log;
    this.logs = new ClientConnection.Logs(log, new VlogRateLimit(60, 60));
    this.remotes = new Remotes(config, this::serve, log);
    this.core = new ServerCore(UUID.randomUUID(), log);
    this.writer = Thread.ofPlatform().name("ovsdb").daemon().unstarted(this::work);
    writer.start();
    call(now -> {
      core.databases().put(serverDatabase.served());
      serverDatabase.add(serverDatabase.served().database().schema(), core.transactionDesk(), now);
      return null;
    });
  }

  /** Opens a database file and serves it; returns the database's name. */
  public String addDatabase(Path path) throws IOException, OvsdbException {
    DatabaseFile.Opened opened = DatabaseFile.open(path);
    if (opened.file().damage() != null) {
      log.warn("%s; cut off", opened.file().damage());
    }
    String name = opened.database().name();
    if (!call(now -> add(opened, now))) {
      opened.file().close();
      String text = "%s: database %s is already served".formatted(path, name);
      throw OvsdbError.of("ovsdb error", text).thrown();
    }
    return name;
  }

  private boolean add(DatabaseFile.Opened opened, Now now) {
    Database database = opened.database();
    if (core.databases().get(database.name()) != null) {
      return false;
    }
    core.databases().put(new ServedDatabase(database, opened.file(), UUID::randomUUID));
    serverDatabase.add(database.schema(), core.transactionDesk(), now);
    return true;
  }

  /** Stops serving a database; false if there is none of that name, or it is the server's own. */
  public boolean removeDatabase(String name) {
    return call(now -> {
      ServedDatabase database = core.databases().get(name);
      if (database == null || database.file() == null) {
        return false;
      }
      core.monitorDesk().removeAll(database);
      core.databases().remove(name);
      serverDatabase.remove(name, core.transactionDesk(), now);
      closeQuietly(database);
      return true;
    });
  }

  /** The names of the databases, in order. */
  public List<String> databases() {
    return call(_ -> List.copyOf(core.databases().names()));
  }

  /**
   * Compacts the file of a database, or of all if {@code name} is null; returns what went wrong, or
   * null.
   */
  public String compact(String name) {
    return call(now -> {
      if (name != null && core.databases().get(name) == null) {
        return "not a known database";
      }
      for (ServedDatabase database : core.databases().all()) {
        if (name == null || database.database().name().equals(name)) {
          String problem = compact(database, now);
          if (problem != null) {
            return problem;
          }
        }
      }
      return null;
    });
  }

  private String compact(ServedDatabase database, Now now) {
    if (database.file() == null) {
      return null;
    }
    try {
      database.sync();
      database.file().compact(database.database(), now.wallMs());
      log.info("%s: compacted", database.file().path());
      return null;
    } catch (IOException e) {
      return database.database().name() + ": " + e.getMessage();
    }
  }

  /**
   * Listens at or connects to a remote, or follows a database column that names remotes; one that
   * is there already is left alone.
   *
   * @throws IllegalArgumentException if the text is no remote, or there is no such column
   */
  public void addRemote(String remote) throws IOException {
    if (!RemoteColumn.isColumn(remote)) {
      remotes.add(remote);
      return;
    }
    RemoteColumn column = RemoteColumn.parse(remote);
    String problem =
        call(_ -> {
          String wrong = column.problem(core.databases());
          if (wrong == null) {
            remotes.addColumn(column);
            follow(column);
          }
          return wrong;
        });
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  private void follow(RemoteColumn column) {
    ServedDatabase database = core.databases().get(column.database());
    remotes.follow(column, database == null ? Set.of() : column.targets(database.database()));
  }

  /** Stops a remote and ends its connections; false if there is none of that name. */
  public boolean removeRemote(String name) throws IOException {
    return remotes.remove(name);
  }

  /** The remotes, in order. */
  public List<String> remotes() {
    return remotes.list();
  }

  /** The TCP port that a remote listens at, or -1. */
  public int port(String remote) {
    return remotes.port(remote);
  }

  /** Ends all connections, makes everything durable and closes the files. */
  @Override
  public void close() throws IOException {
    remotes.close();
    if (writer.isAlive()) {
      call(_ -> {
        closing = true;
        return null;
      });
    }
    ThreadEnd.await(writer);
  }

  private void serve(String name, JsonRpcConnection connection, Consumer<Closeable> born) {
    ClientConnection client = new ClientConnection(name, connection, listener, config, logs);
    born.accept(client);
    client.run();
  }

  private final ClientConnection.Listener listener =
      new ClientConnection.Listener() {
        @Override
        public void opened(ClientConnection client) {
          post(now -> client.session = core.open(client, now));
        }

        @Override
        public void received(ClientConnection client, JsonRpcMessage message) {
          post(now -> receive(client, message, now));
        }

        @Override
        public void closed(ClientConnection client) {
          post(_ -> core.close(client.session));
        }
      };

  private void receive(ClientConnection client, JsonRpcMessage message, Now now) {
    if (!core.sessions().contains(client.session)) {
      return;
    }
    try {
      core.receive(client.session, message, now);
    } catch (RuntimeException e) {
      log.err("%s: internal error in %s: %s", client.name(), message.kind(), e);
      client.disconnect("internal error");
    }
  }

  /** Work for the writer thread that has a result. */
  private interface Work<T> {
    T run(Now now);
  }

  private <T> T call(Work<T> work) {
    if (!writer.isAlive()) {
      throw new IllegalStateException("the server is closed");
    }
    CompletableFuture<T> future = new CompletableFuture<>();
    post(now -> {
      try {
        future.complete(work.run(now));
      } catch (RuntimeException e) {
        future.completeExceptionally(e);
      }
    });
    return future.join();
  }

  private void post(Event event) {
    boolean interrupted = false;
    while (true) {
      try {
        events.put(event);
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Now now() {
    return new Now(clock.nowNs() / 1_000_000, clock.wallMs());
  }

  private void work() {
    List<Event> batch = new ArrayList<>(BATCH);
    while (!closing) {
      try {
        Event first = events.poll(pauseMs(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          events.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException _) {
        closing = true;
      }
      guard(() -> workOn(batch));
      batch.clear();
    }
    core.databases().all().forEach(this::closeQuietly);
  }

  /** A fault in one step must not end the thread that everybody waits for. */
  private void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError e) {
      log.err("internal error: %s", e);
    }
  }

  private long pauseMs() {
    long untilDeadlineMs = core.nextDeadlineMs() - now().monotonicMs();
    return Math.clamp(untilDeadlineMs, 0, TICK_MS);
  }

  private void workOn(List<Event> batch) {
    Now now = now();
    for (Event event : batch) {
      guard(() -> event.run(now));
    }
    core.expire(now);
    if (now.monotonicMs() - lastTickMs >= TICK_MS) {
      lastTickMs = now.monotonicMs();
      tick(now);
    }
    core.flush();
    if (!batch.isEmpty()) {
      remotes.columns().forEach(this::follow);
    }
  }

  private void tick(Now now) {
    if (config.probeIntervalMs() > 0) {
      core.probe(now, config.probeIntervalMs());
    }
    for (ServedDatabase database : core.databases().all()) {
      if (database.file() != null && database.file().isWorthCompacting()) {
        String problem = compact(database, now);
        if (problem != null) {
          log.warn("compaction failed: %s", problem);
        }
      }
    }
  }

  private void closeQuietly(ServedDatabase database) {
    try {
      database.close();
    } catch (IOException e) {
      log.warn("%s: close failed (%s)", database.database().name(), e.getMessage());
    }
  }
}
