package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.base.linux.FileErrors;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.server.DatabaseConfig;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.RemoteOptions;
import org.sluice.ovsdb.server.ServerSettings;

/**
 * Makes a running database server be as its settings say, from the command line, a configuration
 * file or what it was told before a fault ended it. Guarded by its own lock: commands come from any
 * thread.
 */
final class ServerControl {
  private final OvsdbServer server;
  private final Vlog log;
  private final Path configFile;
  private final Path stateFile;

  /**
   * Controls a server.
   *
   * @param configFile what {@code reload} reads; null for none
   * @param stateFile keeps what the server was told at run time; null for nowhere
   */
  ServerControl(OvsdbServer server, Vlog log, Path configFile, Path stateFile) {
    this.server = server;
    this.log = log;
    this.configFile = configFile;
    this.stateFile = stateFile;
  }

  OvsdbServer server() {
    return server;
  }

  Vlog log() {
    return log;
  }

  /** The configuration file; null for none. */
  Path configFile() {
    return configFile;
  }

  /** Reads the configuration file and does what it says; false if something of it is wrong. */
  synchronized boolean reload() {
    ServerSettings settings = read(configFile);
    if (settings == null) {
      log.warn("failed to load configuration from %s", configFile);
      return false;
    }
    return apply(settings);
  }

  /** What was kept from before a fault; null if there is nothing. */
  synchronized ServerSettings kept() {
    try {
      boolean any = stateFile != null && Files.exists(stateFile) && Files.size(stateFile) > 0;
      return any ? read(stateFile) : null;
    } catch (IOException e) {
      log.warn("%s: %s", stateFile, e.getMessage());
      return null;
    }
  }

  private ServerSettings read(Path file) {
    try {
      byte[] text = Files.readAllBytes(file);
      log.info("loading configuration from '%s'", file);
      return ServerSettings.fromJson(JsonComplaint.parse(text), log);
    } catch (JsonComplaint e) {
      log.warn("config: reading JSON failed (%s)", e.getMessage());
      return null;
    } catch (IOException e) {
      log.err("failed to open configuration file '%s': %s", file, FileErrors.reason(e));
      return null;
    }
  }

  /** Makes the server be as {@code settings} say; false if something of them is wrong. */
  synchronized boolean apply(ServerSettings settings) {
    boolean databasesDone = applyDatabases(settings.databases());
    if (!databasesDone) {
      log.warn("failed to configure databases");
    }
    String problem = applyRemotes(settings.remotes());
    if (problem != null) {
      log.warn("failed to configure remotes: %s", problem);
    }
    save();
    return databasesDone && problem == null;
  }

  private boolean applyDatabases(Map<String, DatabaseConfig> wanted) {
    Map<String, DatabaseConfig> present = server.databaseConfigs();
    for (Map.Entry<String, DatabaseConfig> entry : present.entrySet()) {
      DatabaseConfig config = wanted.get(entry.getKey());
      if (config == null || config.model() != entry.getValue().model()) {
        String why =
            config == null
                ? "database %s removed from configuration"
                : "service model changed for database %s";
        server.removeDatabase(server.nameOf(entry.getKey()), why.formatted(entry.getKey()));
      }
    }
    server.reconfigure(wanted);
    boolean done = true;
    present = server.databaseConfigs();
    for (Map.Entry<String, DatabaseConfig> entry : wanted.entrySet()) {
      done &= present.containsKey(entry.getKey()) || open(entry.getKey(), entry.getValue());
    }
    return done;
  }

  private boolean open(String name, DatabaseConfig config) {
    try {
      server.open(name, config);
      return true;
    } catch (IOException | OvsdbException e) {
      log.warn("failed to open database '%s': %s", name, e.getMessage());
      return false;
    }
  }

  private String applyRemotes(Map<String, RemoteOptions> wanted) {
    List<String> problems = new ArrayList<>();
    for (String remote : server.remotes().keySet()) {
      if (!wanted.containsKey(remote)) {
        server.removeRemote(remote);
      }
    }
    for (Map.Entry<String, RemoteOptions> entry : new TreeMap<>(wanted).entrySet()) {
      try {
        server.addRemote(entry.getKey(), entry.getValue());
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
    return problems.isEmpty() ? null : String.join("\n", problems);
  }

  /** Keeps what the server does now, for after a fault. */
  synchronized void save() {
    if (stateFile == null) {
      return;
    }
    ServerSettings now =
        new ServerSettings(new LinkedHashMap<>(server.remotes()), server.databaseConfigs());
    try {
      Path fresh = stateFile.resolveSibling(stateFile.getFileName() + ".tmp");
      Files.writeString(fresh, now.toJson().toString());
      Files.move(fresh, stateFile, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.warn("%s: cannot keep the configuration: %s", stateFile, e.getMessage());
    }
  }
}
