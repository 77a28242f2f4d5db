package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.Connector;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.ovs.OvsVersion;
import org.sluice.tools.table.TableOptions;

/**
 * One run of a configuration tool: reads the command line, connects, and attempts the transaction
 * until it succeeds or fails for good. Used by the main thread, once.
 */
public final class CtlProgram {
  private final CtlTool tool;
  private final Terminal terminal;
  private final String[] arguments;
  private final DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
  private final VlogRegistry registry;
  private final Vlog log;
  private final Map<String, CtlCommand> commands = new TreeMap<>();
  private final CtlOptions options;

  /** A run with these arguments. */
  public CtlProgram(CtlTool tool, Terminal terminal, String... arguments) {
    this.tool = tool;
    this.terminal = terminal;
    this.arguments = arguments;
    this.registry = new VlogRegistry(Clock.system(), tool.name(), terminal.err());
    this.log = registry.vlog(tool.module());
    registry.setLevel(null, LogDestination.CONSOLE, LogLevel.WARN);
    addCommands();
    this.options = new CtlOptions(tool, registry, directories);
    options.addInformation(
        Map.of(
            "help", this::usage,
            "version", this::version,
            "commands", this::completions),
        this::printAndEnd);
    options.addCommands(commands.values());
  }

  private void addCommands() {
    List<CtlCommand> all = new ArrayList<>();
    all.addAll(LookingCommands.all());
    all.addAll(ChangingCommands.all());
    all.addAll(new RowCommands(registry.vlog("db_ctl_base")).all());
    if (!tool.database().shown().isEmpty()) {
      all.add(new ShowCommand(tool.database().shown()).command());
    }
    all.addAll(tool.commands(log));
    all.forEach(command -> commands.put(command.name(), command));
  }

  private void printAndEnd(String text) {
    terminal.print(text);
    throw CtlFailure.silent(0);
  }

  private String version() {
    String schema = tool.database().schema().version();
    return OvsVersion.banner(tool.name()) + "DB Schema " + schema + "\n";
  }

  private String completions() {
    return commands.values().stream()
        .map(command -> command.completion() + "\n")
        .collect(Collectors.joining());
  }

  private String usage() {
    return tool.commandUsage()
        + CtlUsage.DATABASE_COMMANDS
        + tool.database().usage()
        + CtlUsage.options(options.database())
        + tool.optionUsage()
        + CtlOptions.USAGE
        + TableOptions.USAGE
        + options.logUsage()
        + CtlUsage.connections(tool.module());
  }

  /** Runs; returns the exit status. */
  public int run() throws InterruptedException {
    try {
      List<String> words = options.read(arguments);
      List<Invocation> invocations =
          new CommandLine(commands).read(words, options.ofFirstCommand());
      boolean writes = invocations.stream().anyMatch(each -> each.command().writes());
      log.log(writes ? LogLevel.INFO : LogLevel.DBG, "Called as %s", words());
      options.startDeadline();
      return execute(invocations);
    } catch (BadUsage e) {
      return fail(e.getMessage(), 1);
    } catch (CtlFailure e) {
      return fail(e.getMessage(), e.status());
    }
  }

  private int fail(String message, int status) {
    if (message != null) {
      registry.setLevel(log, LogDestination.CONSOLE, LogLevel.OFF);
      log.err("%s", message);
      terminal.complain(tool.name() + ": " + message);
    }
    return status;
  }

  /** The command line as one text. */
  private String words() {
    StringBuilder words = new StringBuilder(tool.name());
    for (String argument : arguments) {
      words.append(' ').append(CommandLine.escape(argument));
    }
    return words.toString();
  }

  private int execute(List<Invocation> invocations) throws InterruptedException {
    CtlDatabase database = tool.database();
    Prerequisites wanted =
        new Prerequisites(config(), new Names(database.schema()), database.rowNames());
    tool.prepare(wanted);
    invocations.forEach(each -> each.command().prepare(wanted, each));
    try (OvsdbClient client = new OvsdbClient(wanted.config(), registry.vlog("reconnect"))) {
      client.start();
      return attemptUntilDone(client, invocations);
    }
  }

  private ClientConfig config() {
    try {
      Connector server = Connector.of(options.database(), options.tls());
      ClientConfig config = ClientConfig.of(server, tool.database().schema());
      return options.retries() || server.isPassive() ? config : config.tryOnce();
    } catch (IllegalArgumentException _) {
      throw noConnection("Address family not supported by protocol");
    }
  }

  private CtlFailure noConnection(String why) {
    return new CtlFailure("%s: database connection failed (%s)", options.database(), why);
  }

  private int attemptUntilDone(OvsdbClient client, List<Invocation> invocations)
      throws InterruptedException {
    Transaction transaction = new Transaction(tool, client, log);
    Snapshot seen = Snapshot.NONE;
    while (true) {
      Snapshot now = client.awaitChange(seen, Long.MAX_VALUE);
      if (client.failure() != null) {
        throw noConnection(client.failure());
      }
      if (now.isConnected() && transaction.attempt(now, invocations, words(), options.isDryRun())) {
        terminal.print(transaction.output(invocations, options));
        return options.isDryRun() ? 0 : transaction.finish();
      }
      seen = now;
    }
  }
}
