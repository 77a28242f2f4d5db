package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.base.stats.Coverage;
import org.sluice.base.stream.Stream;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.storage.FileKind;

/**
 * A database server; the package says how to use it. All public methods may be called from any
 * thread.
 *
 * <p>Everything that touches databases is an event of the {@link WriterThread}.
 */
public final class OvsdbServer implements Closeable {
  private static final long STATUS_MS = 2_500;

  private final ServerConfig config;
  private final Vlog log;
  private final ClientLogs logs;
  private final WriterThread writer;
  private final Remotes remotes;
  private final Upstream.Surroundings upstreams;
  private final Compactor compactor;

  // The writer thread's own.
  private final ServerCore core;
  private final RemoteStatus remoteStatus;
  private final Map<RemoteColumn, UUID> followed = new HashMap<>();
  private long statusDueMs;

  /** Unfinished messages may take a part of the memory only. */
  private final Intake intake = new Intake(Runtime.getRuntime().maxMemory() / 4);

  /** Wants to be told of the time, or null. */
  private volatile Coverage coverage;

  /** Starts a server without databases and remotes. */
  public OvsdbServer(ServerConfig config, Clock clock, Vlog log) {
    this(config, clock, log, log);
  }

  /**
   * Starts a server without databases and remotes.
   *
   * @param messages is told every message that comes or goes, at its lowest level
   */
  public OvsdbServer(ServerConfig config, Clock clock, Vlog log, Vlog messages) {
    this.config = config;
    this.log = log;
    MessageLog messageLog = new MessageLog(messages);
    this.logs = new ClientLogs(log, new VlogRateLimit(60, 60), messageLog);
    this.remotes = new Remotes(new Remote.Surroundings(config, this::serve, log));
    this.core =
        new ServerCore(UUID.randomUUID(), Runtime.getRuntime().maxMemory(), log, messageLog);
    this.remoteStatus = new RemoteStatus(core, remotes, log);
    this.writer = new WriterThread(clock, log, rounds);
    this.upstreams = new Upstream.Surroundings(config, writer, log, messageLog);
    this.compactor = new Compactor(writer, core.counters(), log);
    writer.start();
    writer.post(core.databaseDesk()::begin);
  }

  /** Work that may find that its caller asked for something impossible. */
  private interface Attempt {
    void run(Now now) throws OvsdbException;
  }

  private void attempt(Attempt attempt) throws OvsdbException {
    OvsdbException problem =
        writer.call(now -> {
          try {
            attempt.run(now);
            return null;
          } catch (OvsdbException e) {
            return e;
          }
        });
    if (problem != null) {
      throw problem;
    }
  }

  /** Opens a database file and serves it as the server's own; returns the database's name. */
  public String addDatabase(Path path) throws IOException, OvsdbException {
    return addDatabase(path, DatabaseConfig.STANDALONE);
  }

  /** Opens a database file and serves it; returns the database's name. */
  public String addDatabase(Path path, DatabaseConfig how) throws IOException, OvsdbException {
    Path file = config.databaseDirectory().resolve(path);
    attempt(_ -> checkNotOpen(file, path));
    checkModel(file, path, how.model());
    DatabaseFile.Opened opened = DatabaseFile.open(file);
    if (opened.file().damage() != null) {
      log.warn("%s", opened.file().damage());
    }
    try {
      attempt(now -> core.databaseDesk().add(opened, how, upstreams, now));
    } catch (OvsdbException e) {
      opened.file().close();
      throw e;
    }
    return opened.database().name();
  }

  private static void checkModel(Path file, Path named, ServiceModel model) throws OvsdbException {
    boolean clustered = FileKind.of(file) == FileKind.CLUSTERED;
    if (model != null && clustered != (model == ServiceModel.CLUSTERED)) {
      String text =
          "%s: database is %s and not %s"
              .formatted(named, clustered ? "clustered" : "standalone", model.text());
      throw OvsdbError.of("ovsdb error", text).thrown();
    }
    if (clustered) {
      String text = named + ": clustered databases are not supported";
      throw OvsdbError.of("ovsdb error", text).thrown();
    }
  }

  private void checkNotOpen(Path file, Path named) throws OvsdbException {
    for (ServedDatabase database : core.databases().all()) {
      if (database.file() != null && database.file().path().equals(file)) {
        throw OvsdbError.of("ovsdb error", named + ": already open").thrown();
      }
    }
  }

  /** Serves a file, or another server's database, as {@code how} says. */
  public void open(String name, DatabaseConfig how) throws IOException, OvsdbException {
    if (how.isRelay()) {
      addRelay(DatabaseConfig.keyOf(name), how);
    } else {
      addDatabase(Path.of(name), how);
    }
  }

  /** The name of the database in a file, or the empty string if it cannot be read. */
  public static String nameInFile(Path path) {
    try {
      return DatabaseFile.readSchema(path).name();
    } catch (IOException | OvsdbException _) {
      return "";
    }
  }

  /** The name of the database that {@link #databaseConfigs} calls {@code key}. */
  public String nameOf(String key) {
    return writer.call(_ -> core.databaseDesk().nameOf(key));
  }

  /** How long sources of relays may be silent, from now on. */
  public void setRelayProbeMs(long probeMs) {
    writer.call(_ -> {
      core.databaseDesk().setRelayProbeMs(probeMs);
      return null;
    });
  }

  /** Serves another server's database. */
  public void addRelay(String name, DatabaseConfig how) throws OvsdbException {
    attempt(now -> core.databaseDesk().addRelay(name, how, upstreams, now));
  }

  /** Whether every relay has its contents. */
  public boolean relaysAreReady() {
    return writer.call(_ ->
        core.databases().all().stream()
            .allMatch(database -> database.relay() == null || database.relay().isReady()));
  }

  /** Stops serving a database; returns what is wrong with that, or null. */
  public String removeDatabase(String name, String why) {
    return writer.call(now -> {
      ServedDatabase database = core.databases().get(name);
      if (database == null) {
        return "Failed to find the database.";
      }
      if (database.isReserved()) {
        return "Cannot remove reserved database.";
      }
      core.databaseDesk().remove(database, why, now);
      return null;
    });
  }

  /** The names of the databases, in order. */
  public List<String> databases() {
    return writer.call(_ -> core.databases().all().stream().map(ServedDatabase::name).toList());
  }

  /** The databases that are not the server's inner ones: their files or, for relays, names. */
  public Map<String, DatabaseConfig> databaseConfigs() {
    return writer.call(_ -> core.databaseDesk().configs());
  }

  /** Serves databases in another role from now on; those named by their files or names. */
  public void reconfigure(Map<String, DatabaseConfig> changes) {
    writer.call(_ -> {
      core.databaseDesk().reconfigure(changes, upstreams);
      return null;
    });
  }

  /** How copies of other servers' databases fare, in words. */
  public String syncStatus() {
    return writer.call(_ -> core.databaseDesk().syncStatus());
  }

  /**
   * Has the changes of a table logged from now on, or not any more; returns what is wrong with
   * that, or null.
   */
  public String logChanges(String database, String table, boolean logged, Vlog to) {
    return writer.call(_ -> {
      ServedDatabase found = core.databases().get(database);
      if (found == null) {
        return "no such database";
      }
      if (found.database().table(table) == null) {
        return "no such table";
      }
      if (found.changeLog() == null) {
        found.changeLog(new ChangeLog(to));
      }
      found.changeLog().choose(table, logged);
      return null;
    });
  }

  /** Whether changes are logged, by database and table. */
  public Map<String, Map<String, Boolean>> loggedTables() {
    return writer.call(_ -> {
      Map<String, Map<String, Boolean>> all = new TreeMap<>();
      for (ServedDatabase database : core.databases().all()) {
        ChangeLog changeLog = database.changeLog();
        Map<String, Boolean> tables = new TreeMap<>();
        for (TableSchema table : database.database().schema().tables()) {
          tables.put(table.name(), changeLog != null && changeLog.isChosen(table.name()));
        }
        all.put(database.name(), tables);
      }
      return all;
    });
  }

  /** Has what the server does counted there. */
  public void count(Coverage in) {
    core.counters().registerIn(in);
    coverage = in;
  }

  /** Figures for {@code memory/show}. */
  public Map<String, Long> memory() {
    return writer.call(_ -> core.memory());
  }

  /**
   * Compacts the file of a database, or of all if {@code name} is null; returns what went wrong, or
   * null.
   */
  public String compact(String name) {
    List<ServedDatabase> wanted = new ArrayList<>();
    String wrong = writer.call(_ -> chooseToCompact(name, wanted));
    if (wrong != null) {
      return wrong;
    }
    StringBuilder problems = new StringBuilder();
    for (ServedDatabase database : wanted) {
      log.info("compacting %s database by user request", database.name());
      String problem = compactor.compact(database);
      problems.append(problem == null ? "" : problem + "\n");
    }
    return problems.isEmpty() ? null : problems.toString();
  }

  private String chooseToCompact(String name, List<ServedDatabase> wanted) {
    ServedDatabase one = name == null ? null : core.databases().get(name);
    if (name != null && one == null) {
      return "no database by that name";
    }
    if (one != null && one.isReserved()) {
      return "cannot compact built-in databases";
    }
    for (ServedDatabase database : one == null ? core.databases().all() : List.of(one)) {
      if (database.file() != null) {
        wanted.add(database);
      }
    }
    return null;
  }

  /** Listens at or connects to a remote, or follows a database column, without more ado. */
  public void addRemote(String remote) {
    addRemote(remote, RemoteOptions.NONE);
  }

  /**
   * Listens at or connects to a remote, or follows a database column that names remotes. What
   * cannot be listened at is logged, and tried again later.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public void addRemote(String remote, RemoteOptions options) {
    if (!RemoteColumn.isColumn(remote)) {
      remotes.add(remote, options);
      return;
    }
    RemoteColumn column = RemoteColumn.parse(remote);
    String problem =
        writer.call(now -> {
          String wrong = column.problem(core.databases());
          if (wrong == null) {
            remotes.addColumn(column);
            follow(column);
            remoteStatus.write(remotes.columns(), now);
          }
          return wrong;
        });
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** Learns what a column names, if its database has changed since the last time. */
  private void follow(RemoteColumn column) {
    ServedDatabase database = core.databases().get(column.database());
    UUID state = database == null ? null : database.history().last();
    if (followed.containsKey(column) && Objects.equals(followed.get(column), state)) {
      return;
    }
    followed.put(column, state);
    String problem = column.problem(core.databases());
    if (problem != null) {
      log.warn("%s", problem);
    }
    remotes.follow(column, problem == null ? column.targets(database.database(), log) : Map.of());
  }

  /** Stops a remote and ends its connections; false if there is none of that name. */
  public boolean removeRemote(String name) {
    return remotes.remove(name);
  }

  /** The remotes that were asked for, in order. */
  public Map<String, RemoteOptions> remotes() {
    return remotes.asked();
  }

  /** The TCP port that a remote listens at, or -1. */
  public int port(String remote) {
    Remote running = remotes.get(remote);
    return running == null ? -1 : running.port();
  }

  /** Knows no monitors with conditions from now on, as old servers did not. */
  public void disableMonitorConditions() {
    writer.call(_ -> {
      core.disableConditions();
      return null;
    });
    reconnect();
  }

  /** Ends all connections of clients, to let them come anew. */
  public void reconnect() {
    remotes.reconnect();
  }

  /**
   * The string in a column {@code db:DB,TABLE,COLUMN}, or null if there is none.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public String columnText(String text) {
    RemoteColumn column = RemoteColumn.parse(text);
    String[] problem = new String[1];
    String value =
        writer.call(_ -> {
          problem[0] = column.stringProblem(core.databases());
          return problem[0] == null
              ? column.someString(core.databases().get(column.database()).database())
              : null;
        });
    if (problem[0] != null) {
      throw new IllegalArgumentException(problem[0]);
    }
    return value;
  }

  /** Ends all connections, makes everything durable and closes the files. */
  @Override
  public void close() throws IOException {
    remotes.close();
    writer.end();
  }

  private void serve(Remote remote, Stream stream, Consumer<Closeable> born) {
    if (stream.socket() != null) {
      SocketClient client = new SocketClient(remote, stream, writer, clients, config, logs, intake);
      born.accept(client);
      client.run();
    } else {
      ThreadedClient client =
          new ThreadedClient(remote, stream, writer, clients, config, logs, intake);
      born.accept(client);
      client.run();
    }
  }

  private final ClientHandler clients =
      new ClientHandler() {
        @Override
        public Session opened(Peer peer, Now now) {
          return core.open(peer, now);
        }

        @Override
        public void received(Session session, JsonRpcMessage message, Now now) {
          receive(session, message, now);
        }

        @Override
        public void drained(Session session) {
          core.drained(session);
        }

        @Override
        public void closed(Session session, Now now) {
          core.close(session, now);
        }
      };

  private void receive(Session session, JsonRpcMessage message, Now now) {
    if (!core.sessions().contains(session)) {
      return;
    }
    try {
      core.receive(session, message, now);
    } catch (RuntimeException e) {
      log.err("%s: internal error in %s: %s", session.peer().name(), message.kind(), e);
      session.peer().disconnect("internal error");
    }
  }

  private final WriterThread.Rounds rounds =
      new WriterThread.Rounds() {
        @Override
        public void afterBatch(Now now, boolean idle) {
          core.expire(now);
          core.databaseDesk().endFailedReplications();
          // Who has asked for a remote finds it when the answer comes.
          if (!idle) {
            remotes.columns().forEach(OvsdbServer.this::follow);
          }
          core.flush();
          remotes.endRetired();
        }

        @Override
        public void tick(Now now) {
          OvsdbServer.this.tick(now);
        }

        @Override
        public long nextDeadlineMs() {
          return core.nextDeadlineMs();
        }

        @Override
        public void end() {
          core.databases().all().forEach(OvsdbServer.this::closeQuietly);
        }
      };

  private void tick(Now now) {
    if (coverage != null) {
      coverage.sample(TimeUnit.MILLISECONDS.toNanos(now.monotonicMs()));
    }
    core.probe(now, config.probeIntervalMs());
    core.databaseDesk().tick(now);
    remotes.settle();
    if (now.monotonicMs() >= statusDueMs) {
      statusDueMs = now.monotonicMs() + STATUS_MS;
      remoteStatus.write(remotes.columns(), now);
    }
    for (ServedDatabase database : core.databases().all()) {
      settle(database);
      if (database.file() != null && database.file().isWorthCompacting(now.monotonicMs())) {
        log.info("%s: compacting database, because its file has grown", database.name());
        compactor.compactLater(database, now);
      }
    }
  }

  private void settle(ServedDatabase database) {
    try {
      database.settle();
    } catch (IOException e) {
      log.warn("%s: %s", database.name(), e.getMessage());
    }
  }

  private void closeQuietly(ServedDatabase database) {
    try {
      database.close();
    } catch (IOException e) {
      log.warn("%s: close failed (%s)", database.name(), e.getMessage());
    }
  }
}
