package org.sluice.tools.ctl;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.Tls;
import org.sluice.tools.options.LogOptions;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.options.TimeoutOption;
import org.sluice.tools.options.TlsOptions;
import org.sluice.tools.table.TableFormat;
import org.sluice.tools.table.TableOptions;
import org.sluice.tools.table.TableStyle;

/**
 * The options of every configuration tool. Used by the program's thread.
 *
 * <p>Options of the first command may stand among them; they are kept for it.
 */
final class CtlOptions {
  static final String USAGE =
      """
        --retry                     keep trying to connect to server forever
        -t, --timeout=SECS          wait at most SECS seconds for ovs-vswitchd
        --dry-run                   do not commit changes to database
        --oneline                   print exactly one line of output per command
      """;

  private final VlogRegistry registry;
  private final LogOptions log;
  private final TableOptions tables = new TableOptions(TableFormat.LIST);
  private final TimeoutOption timeout = new TimeoutOption();
  private final TlsOptions tlsOptions = new TlsOptions();
  private final OptionTable options = new OptionTable();
  private final Map<String, String> ofFirstCommand = new LinkedHashMap<>();
  private String completions;
  private String database;
  private boolean oneline;
  private boolean dryRun;
  private boolean retry;

  CtlOptions(CtlTool tool, VlogRegistry registry, DaemonDirectories directories) {
    this.registry = registry;
    this.log = new LogOptions(registry, tool.name(), directories.log());
    this.database = "unix:" + directories.run().resolve("db.sock");
    options
        .value("db", text -> database = text)
        .flag("no-syslog", () -> silenceSyslog(tool.module()))
        .group(tool::addOptions)
        .flag("dry-run", () -> dryRun = true)
        .flag("oneline", () -> oneline = true)
        .group(timeout::addTo)
        .flag("retry", () -> retry = true);
  }

  private void silenceSyslog(String module) {
    registry.setLevel(registry.vlog(module), LogDestination.SYSLOG, LogLevel.WARN);
  }

  /**
   * Adds the options that print something and end the program.
   *
   * @param texts what {@code help}, {@code version} and {@code commands} print
   * @param printAndEnd takes the text of the one that was given
   */
  void addInformation(Map<String, Supplier<String>> texts, Consumer<String> printAndEnd) {
    options
        .flag("help", 'h', () -> printAndEnd.accept(texts.get("help").get()))
        .flag("commands", () -> printAndEnd.accept(texts.get("commands").get()))
        .flag("options", () -> printAndEnd.accept(completions))
        // Members of a cluster need no telling apart: there are none.
        .flag("leader-only", () -> {})
        .flag("no-leader-only", () -> {})
        .flag("shuffle-remotes", () -> {})
        .flag("no-shuffle-remotes", () -> {})
        .flag("version", 'V', () -> printAndEnd.accept(texts.get("version").get()))
        .group(log::addTo)
        .group(tables::addTo)
        .group(tlsOptions::addTo);
    completions = options.completions().replace("[ARG]", "ARG");
  }

  /** Adds the options of all commands. */
  void addCommands(Collection<CtlCommand> commands) {
    Set<String> known = new HashSet<>();
    for (CtlCommand command : commands) {
      for (String option : command.options()) {
        if (known.add(option)) {
          add(option);
        }
      }
    }
  }

  private void add(String option) {
    if (option.endsWith("=")) {
      String name = option.substring(0, option.length() - 1);
      options.value(name.substring(2), value -> ofFirstCommand.put(name, value));
    } else {
      options.flag(option.substring(2), () -> ofFirstCommand.put(option, null));
    }
  }

  /** Reads the options; returns what follows. */
  List<String> read(String... arguments) {
    List<String> rest = options.parseLeading(arguments);
    if (!log.openFile()) {
      throw CtlFailure.silent(1);
    }
    return rest;
  }

  /** Starts the clock, if there is a time limit. */
  void startDeadline() {
    timeout.start(registry, () -> {});
  }

  /** What TLS was told; null if nothing. */
  Tls tls() {
    if (tlsOptions.isEmpty()) {
      return null;
    }
    Tls tls = new Tls(registry.vlog("stream_ssl"));
    tls.configure(tlsOptions.settings(text -> text));
    return tls;
  }

  Map<String, String> ofFirstCommand() {
    return ofFirstCommand;
  }

  String database() {
    return database;
  }

  TableStyle tableStyle() {
    return tables.style();
  }

  boolean isOneline() {
    return oneline;
  }

  boolean isDryRun() {
    return dryRun;
  }

  boolean retries() {
    return retry;
  }

  /** The part of the help text about logging. */
  String logUsage() {
    return log.usage();
  }
}
