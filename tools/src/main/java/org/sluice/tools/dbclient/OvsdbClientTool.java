package org.sluice.tools.dbclient;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.linux.FileErrors;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.Tls;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.Command;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.dbclient.ClientCommand.Need;
import org.sluice.tools.dbclient.ServerChoice.Chosen;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.options.LogOptions;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.options.TimeoutOption;
import org.sluice.tools.options.TlsOptions;
import org.sluice.tools.ovs.OvsVersion;
import org.sluice.tools.table.TableFormat;
import org.sluice.tools.table.TableOptions;

/** {@code ovsdb-client}: asks and watches a running database server. Used by the main thread. */
public final class OvsdbClientTool implements Command {
  static final String PROGRAM = "ovsdb-client";
  private static final int ANY = Integer.MAX_VALUE;

  private final DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
  private final PrintStream out;
  private final PrintStream err;
  private final VlogRegistry registry;
  private final LogOptions logging;
  private final TableOptions tables = new TableOptions(TableFormat.TABLE);
  private final TimeoutOption timeout = new TimeoutOption();
  private final TlsOptions tlsOptions = new TlsOptions();
  private final Background background;
  private boolean timestamp;
  private boolean force;
  private boolean leaderOnly = true;
  private Boolean changeAware;
  private String instead;

  /** Prints to the process's own streams. */
  public OvsdbClientTool() {
    this(System.out, System.err);
  }

  /** Prints to these streams. */
  public OvsdbClientTool(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    this.registry = new VlogRegistry(Clock.system(), PROGRAM, err);
    this.logging = new LogOptions(registry, PROGRAM, directories.log());
    this.background = new Background(PROGRAM, directories, registry);
  }

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "ask and watch a running database server";
  }

  @Override
  public int run(String[] arguments) throws Exception {
    try (background) {
      List<String> words = options().parse(arguments);
      if (instead != null) {
        out.print(instead);
        return 0;
      }
      if (!logging.openFile()) {
        return 1;
      }
      timeout.start(registry, background::close);
      runCommand(words);
      return 0;
    } catch (BadUsage | ClientFailure | OvsdbException e) {
      return complain(e.getMessage());
    } catch (IOException e) {
      return complain(FileErrors.reason(e));
    }
  }

  private int complain(String message) {
    warn(message);
    return 1;
  }

  /** In the background nobody may be there to read it. */
  private void warn(String message) {
    out.flush();
    if (!background.isSilent()) {
      err.println(PROGRAM + ": " + message);
    }
  }

  private OptionTable options() {
    return new OptionTable()
        .flag("help", 'h', () -> instead = usage())
        .flag("version", 'V', () -> instead = OvsVersion.banner(PROGRAM))
        .flag("timestamp", () -> timestamp = true)
        .flag("force", () -> force = true)
        .group(timeout::addTo)
        .flag("db-change-aware", () -> changeAware = true)
        .flag("no-db-change-aware", () -> changeAware = false)
        .flag("leader-only", () -> leaderOnly = true)
        .flag("no-leader-only", () -> leaderOnly = false)
        .group(logging::addTo)
        .group(background::addTo)
        .group(tlsOptions::addTo)
        .group(tables::addTo);
  }

  private void runCommand(List<String> words) throws Exception {
    if (words.isEmpty()) {
      throw new BadUsage("missing command name; use --help for help");
    }
    Output output = new Output(tables.style(), out);
    ClientSettings settings = new ClientSettings(timestamp, force, leaderOnly, changeAware);
    ServerChoice choice =
        new ServerChoice(
            new Remotes(defaultRemote(), tls()), output, settings, registry.vlog("ovsdb_client"));
    ClientCommand command = command(words.getFirst(), choice, output, settings);
    List<String> own = words.subList(1, words.size());
    Call call =
        switch (command.need()) {
          case NOTHING -> new Call(null, null, own);
          case SERVER -> call(choice.server(own, command.least()));
          case DATABASE -> call(choice.database(own, command.least()));
        };
    int count = call.words().size();
    if (count < command.least() || count > command.most()) {
      throw new BadUsage("invalid syntax for '" + command.name() + "' (use --help for help)");
    }
    command.handler().run(call);
  }

  private static Call call(Chosen chosen) {
    return new Call(chosen.server(), chosen.database(), chosen.rest());
  }

  private Tls tls() {
    Tls tls = new Tls(registry.vlog("stream_ssl"));
    tls.configure(tlsOptions.settings(text -> text));
    return tls;
  }

  private String defaultRemote() {
    return "unix:" + directories.run().resolve("db.sock");
  }

  private ClientCommand command(
      String name, ServerChoice choice, Output output, ClientSettings settings) {
    for (ClientCommand command : commands(choice, output, settings)) {
      if (command.name().equals(name)) {
        return command;
      }
    }
    throw new BadUsage("unknown command '" + name + "'; use --help for help");
  }

  private List<ClientCommand> commands(
      ServerChoice choice, Output output, ClientSettings settings) {
    Clock clock = Clock.system();
    SchemaCommands schemas = new SchemaCommands(output);
    TransactionCommands transactions =
        new TransactionCommands(choice, output, settings, background);
    MonitorCommands monitors = new MonitorCommands(output, settings, background, clock, this::warn);
    ConversionCommands conversions = new ConversionCommands(choice, output, settings);
    BackupCommands backups =
        new BackupCommands(output, settings, clock, registry.vlog("ovsdb_client"));
    LockCommands locks = new LockCommands(output, background);
    WaitCommand wait = new WaitCommand(choice.remotes(), registry.vlog("reconnect"));
    return List.of(
        new ClientCommand("list-dbs", Need.SERVER, 0, 0, schemas::listDatabases),
        new ClientCommand("get-schema", Need.DATABASE, 0, 0, schemas::schema),
        new ClientCommand("get-schema-version", Need.DATABASE, 0, 0, schemas::version),
        new ClientCommand("get-schema-cksum", Need.DATABASE, 0, 0, schemas::checksum),
        new ClientCommand("list-tables", Need.DATABASE, 0, 0, schemas::listTables),
        new ClientCommand("list-columns", Need.DATABASE, 0, 1, schemas::listColumns),
        new ClientCommand("transact", Need.NOTHING, 1, 2, transactions::transact),
        new ClientCommand("query", Need.NOTHING, 1, 2, transactions::query),
        new ClientCommand("monitor", Need.DATABASE, 1, ANY, monitors::monitor),
        new ClientCommand("monitor-cond", Need.DATABASE, 2, 3, monitors::monitorCond),
        new ClientCommand("monitor-cond-since", Need.DATABASE, 2, 4, monitors::monitorCondSince),
        new ClientCommand("wait", Need.NOTHING, 2, 3, wait::run),
        new ClientCommand("convert", Need.NOTHING, 1, 2, conversions::convert),
        new ClientCommand("needs-conversion", Need.NOTHING, 1, 2, conversions::needsConversion),
        new ClientCommand("dump", Need.DATABASE, 0, ANY, new Dump(output)::run),
        new ClientCommand("backup", Need.DATABASE, 0, 0, backups::backup),
        new ClientCommand("restore", Need.DATABASE, 0, 0, backups::restore),
        new ClientCommand("lock", Need.SERVER, 1, 1, locks::lock),
        new ClientCommand("steal", Need.SERVER, 1, 1, locks::steal),
        new ClientCommand("unlock", Need.SERVER, 1, 1, locks::unlock),
        new ClientCommand("help", Need.NOTHING, 0, ANY, _ -> out.print(usage())));
  }

  private String usage() {
    return ClientUsage.COMMANDS.formatted(defaultRemote())
        + ClientUsage.CONNECTIONS
        + TlsOptions.USAGE
        + TableOptions.USAGE
        + ClientUsage.TIMESTAMP
        + background.usage()
        + logging.usage()
        + ClientUsage.OTHER;
  }
}
