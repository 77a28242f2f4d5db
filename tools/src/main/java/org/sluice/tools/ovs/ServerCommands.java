package org.sluice.tools.ovs;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sluice.base.log.Vlog;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.server.DatabaseConfig;
import org.sluice.ovsdb.server.OvsdbServer;

/** The database server's control commands, {@code ovsdb-server/...}. Stateless. */
final class ServerCommands {
  /** The processor's counters are out of a JVM's reach; Open vSwitch says the same without them. */
  private static final UnixctlReply NO_PERF_COUNTERS =
      UnixctlReply.text("performance counter is not supported on this platform\n");

  private static final Pattern QUALIFIED_TABLE = Pattern.compile(":*([^:]+):+([^:]+):*");

  private final ServerControl control;
  private final OvsdbServer server;
  private final Vlog changes;

  /** {@code changes} is where changes of tables go that {@code tlog-set} chooses. */
  ServerCommands(ServerControl control, Vlog changes) {
    this.control = control;
    this.changes = changes;
    this.server = control.server();
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("ovsdb-server/add-db", "DB", 1, 1, this::addDatabase);
    commands.register("ovsdb-server/remove-db", "DB", 1, 1, this::removeDatabase);
    commands.register("ovsdb-server/list-dbs", "", 0, 0, _ -> lines(server.databases()));
    commands.register("ovsdb-server/add-remote", "REMOTE", 1, 1, this::addRemote);
    commands.register("ovsdb-server/remove-remote", "REMOTE", 1, 1, this::removeRemote);
    commands.register("ovsdb-server/list-remotes", "", 0, 0, _ -> lines(server.remotes().keySet()));
    commands.register("ovsdb-server/compact", "", 0, 1, this::compact);
    commands.register("ovsdb-server/reconnect", "", 0, 0, _ -> reconnect());
    commands.register(
        "ovsdb-server/disable-monitor-cond", "", 0, 0, _ -> disableMonitorConditions());
    commands.register("ovsdb-server/reload", "", 0, 0, _ -> reload());
    commands.register(
        "ovsdb-server/memory-trim-on-compaction", "on|off", 1, 1, this::trimOnCompaction);
    commands.register("ovsdb-server/get-db-storage-status", "DB", 1, 1, this::storageStatus);
    commands.register("ovsdb-server/tlog-set", "DB:TABLE on|off", 2, 2, this::setTableLog);
    commands.register("ovsdb-server/tlog-list", "", 0, 0, _ -> tableLogs());
    commands.register("ovsdb-server/perf-counters-show", "", 0, 0, _ -> NO_PERF_COUNTERS);
    commands.register("ovsdb-server/perf-counters-clear", "", 0, 0, _ -> UnixctlReply.NOTHING);
    commands.register("memory/show", "", 0, 0, _ -> memory());
  }

  private static UnixctlReply lines(Iterable<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  /** With a configuration file, the file says what is served. */
  private UnixctlReply refusedByConfigFile() {
    return control.configFile() == null
        ? null
        : UnixctlReply.error(
            "Update the %s and use ovsdb-server/reload instead".formatted(control.configFile()));
  }

  private UnixctlReply addDatabase(UnixctlRequest request) {
    UnixctlReply refused = refusedByConfigFile();
    if (refused != null) {
      return refused;
    }
    try {
      server.open(request.args().getFirst(), DatabaseConfig.of(request.args().getFirst()));
      control.save();
      return UnixctlReply.NOTHING;
    } catch (IOException | OvsdbException | IllegalArgumentException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private UnixctlReply removeDatabase(UnixctlRequest request) {
    UnixctlReply refused = refusedByConfigFile();
    if (refused != null) {
      return refused;
    }
    String name = request.args().getFirst();
    String problem =
        server.removeDatabase(name, "removing %s database by user request".formatted(name));
    control.save();
    return problem == null ? UnixctlReply.NOTHING : UnixctlReply.error(problem);
  }

  private UnixctlReply addRemote(UnixctlRequest request) {
    UnixctlReply refused = refusedByConfigFile();
    if (refused != null) {
      return refused;
    }
    if (request.args().getFirst().startsWith("pfd:")) {
      return UnixctlReply.error("pfd: remotes can only be specified on the command line");
    }
    try {
      server.addRemote(request.args().getFirst());
      control.save();
      return UnixctlReply.NOTHING;
    } catch (IllegalArgumentException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private UnixctlReply removeRemote(UnixctlRequest request) {
    UnixctlReply refused = refusedByConfigFile();
    if (refused != null) {
      return refused;
    }
    boolean was = server.removeRemote(request.args().getFirst());
    control.save();
    return was ? UnixctlReply.NOTHING : UnixctlReply.error("no such remote");
  }

  private UnixctlReply compact(UnixctlRequest request) {
    String problem = server.compact(request.args().isEmpty() ? null : request.args().getFirst());
    return problem == null ? UnixctlReply.NOTHING : UnixctlReply.error(problem);
  }

  private UnixctlReply reconnect() {
    server.reconnect();
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply disableMonitorConditions() {
    server.disableMonitorConditions();
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply reload() {
    if (control.configFile() == null) {
      return UnixctlReply.error("Configuration file was not specified on command line");
    }
    return control.reload()
        ? UnixctlReply.NOTHING
        : UnixctlReply.error("Configuration failed.  See the log file for details.");
  }

  /** The garbage collector gives memory back by itself. */
  private UnixctlReply trimOnCompaction(UnixctlRequest request) {
    return switch (request.args().getFirst()) {
      case "on", "off" -> {
        boolean on = request.args().getFirst().equals("on");
        control.log().info("memory trimming after compaction %s.", on ? "enabled" : "disabled");
        yield UnixctlReply.NOTHING;
      }
      default -> UnixctlReply.error("invalid argument");
    };
  }

  private UnixctlReply storageStatus(UnixctlRequest request) {
    return server.databases().contains(request.args().getFirst())
        ? UnixctlReply.text("status: ok")
        : UnixctlReply.error("Failed to find the database.");
  }

  private UnixctlReply setTableLog(UnixctlRequest request) {
    String wanted = request.args().get(1).toLowerCase(Locale.ROOT);
    if (!wanted.equals("on") && !wanted.equals("off")) {
      return UnixctlReply.error("invalid command argument");
    }
    Matcher name = QUALIFIED_TABLE.matcher(request.args().getFirst());
    if (!name.matches()) {
      return UnixctlReply.error("invalid DB:TABLE argument");
    }
    String problem = server.logChanges(name.group(1), name.group(2), wanted.equals("on"), changes);
    return problem == null ? UnixctlReply.NOTHING : UnixctlReply.error(problem);
  }

  private UnixctlReply tableLogs() {
    StringBuilder text =
        new StringBuilder(
            """
            database        table                       logging
            --------        -----                       -------
            """);
    server
        .loggedTables()
        .forEach((database, tables) -> {
          text.append("%-16s \n".formatted(database));
          tables.forEach((table, logged) ->
              text.append("%16s%-27s %s\n".formatted("", table, logged ? "ON" : "OFF")));
        });
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply memory() {
    return UnixctlReply.text(
        server.memory().entrySet().stream()
            .filter(figure -> figure.getValue() > 0)
            .map((Map.Entry<String, Long> figure) -> figure.getKey() + ":" + figure.getValue())
            .collect(Collectors.joining(" ", "", "\n")));
  }
}
