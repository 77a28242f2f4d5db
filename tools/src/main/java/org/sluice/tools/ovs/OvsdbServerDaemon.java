package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.json.JsonStart;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stats.Coverage;
import org.sluice.base.stream.Tls;
import org.sluice.base.unixctl.CoverageUnixctl;
import org.sluice.ovsdb.server.DatabaseConfig;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.RemoteOptions;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.server.ServerSettings;
import org.sluice.tools.Command;
import org.sluice.tools.options.TlsOptions;

/** {@code ovsdb-server}: the database server as a daemon of its own. */
public final class OvsdbServerDaemon implements Command {
  private static final String PROGRAM = "ovsdb-server";

  /** How long starting waits for relays to have contents. */
  private static final long RELAY_PATIENCE_MS = 2_000;

  private final OvsdbServerOptions own = new OvsdbServerOptions();
  private final TlsOptions tlsOptions = new TlsOptions();

  public OvsdbServerDaemon() {}

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "the database server as a daemon of its own";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    JsonStart json = new JsonStart();
    DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
    VlogRegistry log = new VlogRegistry(Clock.system(), PROGRAM, System.err);
    DaemonOptions options = new DaemonOptions(PROGRAM, directories);
    try {
      options.read(
          arguments, log, (name, in) -> own.accept(name, in) || tlsOptions.accept(name, in::value));
      if (options.help()) {
        System.out.print(
            OvsdbServerOptions.USAGE.formatted(directories.db())
                + TlsOptions.USAGE
                + options.usage());
        return 0;
      }
      if (options.version()) {
        System.out.println(PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT);
        return 0;
      }
      own.check(options);
      return serve(directories, log, options, json);
    } catch (OptionReader.BadOption | IllegalArgumentException | IOException e) {
      System.err.println(PROGRAM + ": " + e.getMessage());
      return 1;
    }
  }

  private int serve(
      DaemonDirectories directories, VlogRegistry registry, DaemonOptions options, JsonStart json)
      throws IOException, InterruptedException {
    DaemonShell shell = new DaemonShell(PROGRAM, directories, registry);
    if (!shell.open(options)) {
      return 1;
    }
    Vlog log = shell.log("ovsdb_server");
    Tls tls = tlsOptions.isEmpty() ? null : new Tls(shell.log("stream_ssl"));
    ServerConfig config = ServerConfig.in(directories.run()).with(tls);
    json.await();
    OvsdbServer server = new OvsdbServer(config, Clock.system(), log, shell.log("jsonrpc"));
    shell.termination().atEnd(() -> close(server, log));
    ServerControl control =
        new ServerControl(server, log, own.configFile(directories), stateFile());
    SyncCommands sync =
        new SyncCommands(control, own.syncFrom(), own.syncExclude(), own.isBackup());
    new ServerCommands(control, shell.log("transaction")).registerIn(shell.commands());
    sync.registerIn(shell.commands());
    Coverage coverage = new Coverage();
    server.count(coverage);
    new CoverageUnixctl(coverage).registerIn(shell.commands());
    if (!configure(control, sync, directories, options) || !setUp(tls, server, log)) {
      shell.termination().run();
      System.err.println(PROGRAM + ": server configuration failed");
      return 1;
    }
    shell.registerExit("", 0, _ -> close(server, log));
    awaitRelays(server);
    shell.serve();
    shell.ready(options);
    if (own.runCommand() != null) {
      return runCommand(shell);
    }
    log.info("%s (Open vSwitch) %s", PROGRAM, OvsVersion.TEXT);
    return shell.awaitEnd();
  }

  private static Path stateFile() {
    String path = System.getenv().getOrDefault("SLUICE_STATE", "");
    return path.isEmpty() ? null : Path.of(path);
  }

  /** False if an option names a column that is none. */
  private boolean setUp(Tls tls, OvsdbServer server, Vlog log) {
    if (tls == null) {
      return true;
    }
    try {
      tls.configure(tlsOptions.settings(text -> resolve(server, text)));
    } catch (IllegalArgumentException e) {
      log.warn("failed to configure SSL/TLS: %s", e.getMessage());
      return false;
    }
    tls.follow(() -> tlsOptions.settings(text -> resolve(server, text)));
    return true;
  }

  /** An option's value, or what the database column has that it names. */
  private static String resolve(OvsdbServer server, String text) {
    return text.startsWith("db:") ? server.columnText(text) : text;
  }

  private boolean configure(
      ServerControl control,
      SyncCommands sync,
      DaemonDirectories directories,
      DaemonOptions options) {
    ServerSettings kept = control.kept();
    if (kept != null) {
      return control.apply(kept);
    }
    if (control.configFile() != null) {
      return control.reload();
    }
    Map<String, DatabaseConfig> databases = new LinkedHashMap<>();
    for (String word : words(directories, options)) {
      if (databases.put(DatabaseConfig.keyOf(word), configOf(word, sync)) != null) {
        control.log().warn("Duplicate database configuration: %s", word);
      }
    }
    Map<String, RemoteOptions> remotes = new LinkedHashMap<>();
    own.remotes().forEach(remote -> remotes.put(remote, RemoteOptions.NONE));
    return control.apply(new ServerSettings(remotes, databases));
  }

  private List<String> words(DaemonDirectories directories, DaemonOptions options) {
    boolean none = options.words().isEmpty() && !own.noDatabases();
    return none
        ? List.of(directories.db().resolve("conf.db").toString())
        : new ArrayList<>(options.words());
  }

  private static DatabaseConfig configOf(String word, SyncCommands sync) {
    DatabaseConfig config = DatabaseConfig.of(word);
    // The name of a database is known only once its file is open: then the excluded tables are.
    return config.model() == null ? sync.config(OvsdbServer.nameInFile(Path.of(word))) : config;
  }

  private static void awaitRelays(OvsdbServer server) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RELAY_PATIENCE_MS);
    while (!server.relaysAreReady() && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private int runCommand(DaemonShell shell) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/bin/sh", "-c", own.runCommand()).inheritIO().start();
    int status = process.waitFor();
    shell.termination().run();
    if (status != 0) {
      System.err.printf(
          "%s: %s: child exited, exit status %d%n", PROGRAM, own.runCommand(), status);
    }
    return status == 0 ? 0 : 1;
  }

  private static void close(OvsdbServer server, Vlog log) {
    try {
      server.close();
    } catch (IOException e) {
      log.warn("close failed (%s)", e.getMessage());
    }
  }
}
