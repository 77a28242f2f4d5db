package org.sluice.tools.ovs;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.ovsdb.server.DatabaseConfig;
import org.sluice.ovsdb.server.DatabaseSource;
import org.sluice.ovsdb.server.RemoteOptions;
import org.sluice.ovsdb.server.ServiceModel;

/**
 * The database server's control commands about being the backup of another server. Guarded by its
 * own lock: commands come from any thread.
 */
final class SyncCommands {
  private final ServerControl control;
  private String source;
  private String excluded;
  private boolean backup;
  private Long probeMs;

  /**
   * Begins as the command line says.
   *
   * @param source the active server; null if not given
   * @param excluded tables not to copy as {@code DB:TABLE,...}
   * @param backup whether to begin as a backup
   */
  SyncCommands(ServerControl control, String source, String excluded, boolean backup) {
    this.control = control;
    this.source = source;
    this.excluded = excluded;
    this.backup = backup;
  }

  void registerIn(UnixctlCommands commands) {
    String prefix = "ovsdb-server/";
    commands.register(prefix + "set-active-ovsdb-server", "", 1, 1, this::setActive);
    commands.register(prefix + "get-active-ovsdb-server", "", 0, 0, _ -> getActive());
    commands.register(prefix + "connect-active-ovsdb-server", "", 0, 0, _ -> connect());
    commands.register(prefix + "disconnect-active-ovsdb-server", "", 0, 0, _ -> disconnect());
    commands.register(
        prefix + "set-active-ovsdb-server-probe-interval", "", 1, 1, this::setProbeInterval);
    commands.register(
        prefix + "set-relay-source-probe-interval", "", 1, 1, this::setRelayProbeInterval);
    commands.register(prefix + "set-sync-exclude-tables", "", 0, 1, this::setExcluded);
    commands.register(prefix + "get-sync-exclude-tables", "", 0, 0, _ -> getExcluded());
    commands.register(
        prefix + "sync-status", "", 0, 0, _ -> UnixctlReply.text(control.server().syncStatus()));
  }

  private UnixctlReply refused() {
    return control.configFile() == null
        ? null
        : UnixctlReply.error(
            "Update the %s and use ovsdb-server/reload instead".formatted(control.configFile()));
  }

  /** How a database that is not a relay is served, as things stand. */
  synchronized DatabaseConfig config(String database) {
    if (source == null) {
      return DatabaseConfig.STANDALONE;
    }
    RemoteOptions options = new RemoteOptions(probeMs, null, false, "", null);
    return DatabaseConfig.activeBackup(
        DatabaseSource.of(source, options), backup, excludedOf(database));
  }

  private Set<String> excludedOf(String database) {
    Set<String> tables = new TreeSet<>();
    for (String name : words(excluded)) {
      int colon = name.indexOf(':');
      if (colon > 0 && name.substring(0, colon).equals(database)) {
        tables.add(name.substring(colon + 1));
      }
    }
    return tables;
  }

  private static List<String> words(String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split("[ ,]+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  /** What is wrong with a list of excluded tables, or null. */
  static String problem(String excluded) {
    for (String name : words(excluded)) {
      if (!name.matches("[^:]+:.+")) {
        return "Can't parse excluded table: " + name;
      }
    }
    return null;
  }

  /** Serves all databases but relays as things stand. */
  private void apply() {
    Map<String, DatabaseConfig> changes = new LinkedHashMap<>();
    control
        .server()
        .databaseConfigs()
        .forEach((key, config) -> {
          boolean may = config.model() == null || config.model() != ServiceModel.RELAY;
          if (may) {
            changes.put(key, config(control.server().nameOf(key)));
          }
        });
    control.server().reconfigure(changes);
    control.save();
  }

  private synchronized UnixctlReply setActive(UnixctlRequest request) {
    UnixctlReply refused = refused();
    if (refused == null) {
      source = request.args().getFirst();
    }
    return refused == null ? UnixctlReply.NOTHING : refused;
  }

  private synchronized UnixctlReply getActive() {
    return UnixctlReply.text(source == null ? "" : source);
  }

  private synchronized UnixctlReply connect() {
    UnixctlReply refused = refused();
    if (refused != null) {
      return refused;
    }
    if (source == null) {
      return UnixctlReply.text("Unable to connect: active server is not specified.\n");
    }
    backup = true;
    apply();
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply disconnect() {
    UnixctlReply refused = refused();
    if (refused != null) {
      return refused;
    }
    backup = false;
    apply();
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply setProbeInterval(UnixctlRequest request) {
    if (!request.args().getFirst().matches("-?[0-9]{1,9}")) {
      return UnixctlReply.error("Invalid probe interval, integer value expected");
    }
    probeMs = Long.valueOf(request.args().getFirst());
    if (backup) {
      apply();
    }
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply setRelayProbeInterval(UnixctlRequest request) {
    if (!request.args().getFirst().matches("-?[0-9]{1,9}")) {
      return UnixctlReply.error("Invalid probe interval, integer value expected");
    }
    control.server().setRelayProbeMs(Long.parseLong(request.args().getFirst()));
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply setExcluded(UnixctlRequest request) {
    UnixctlReply refused = refused();
    if (refused != null) {
      return refused;
    }
    String text = request.args().isEmpty() ? "" : request.args().getFirst();
    String problem = problem(text);
    if (problem != null) {
      return UnixctlReply.error(problem);
    }
    excluded = text;
    if (backup) {
      apply();
    }
    return UnixctlReply.NOTHING;
  }

  private synchronized UnixctlReply getExcluded() {
    return UnixctlReply.text(words(excluded).stream().collect(Collectors.joining(",")));
  }
}
