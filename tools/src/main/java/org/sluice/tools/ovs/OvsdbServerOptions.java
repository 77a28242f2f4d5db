package org.sluice.tools.ovs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.daemon.DaemonDirectories;

/** {@code ovsdb-server}'s own options. Read once, by the thread that starts it. */
final class OvsdbServerOptions {
  static final String USAGE =
      """
      ovsdb-server: Open vSwitch database server
      usage: ovsdb-server [OPTIONS] [DATABASE...]
      where each DATABASE is a database file in ovsdb format,
      or relay:NAME:REMOTE[,REMOTE...] for another server's database.
      The default DATABASE, if none is given, is
      %s/conf.db.

      JSON-RPC options (may be specified any number of times):
        --remote=REMOTE         connect or listen to REMOTE

      Active JSON-RPC connection methods:
        tcp:HOST:PORT           PORT at remote HOST
        ssl:HOST:PORT           SSL/TLS PORT at remote HOST
        unix:FILE               Unix domain socket named FILE
      Passive JSON-RPC connection methods:
        ptcp:PORT[:IP]          listen to TCP PORT on IP
        pssl:PORT[:IP]          listen for SSL/TLS on PORT on IP
        punix:FILE              listen on Unix domain socket FILE
        pfd:FD                  listen on the inherited socket FD
        db:DB,TABLE,COLUMN      what that column says

      Configuration file:
        --config-file=FILE      use FILE instead of databases and remotes given here

      Syncing options:
        --sync-from=SERVER      sync databases from SERVER
        --sync-exclude-tables=DB:TABLE,...
                                exclude the TABLE in DB from syncing
        --active                with --sync-from, start in active mode

      Other database options:
        --no-dbs                do not serve any database yet
        --run COMMAND           run COMMAND while serving, and end when it ends
        --disable-file-column-diff
                                accepted; differences are written all the same
      """;

  private final List<String> remotes = new ArrayList<>();
  private String configFile;
  private String syncFrom;
  private String syncExclude;
  private boolean active;
  private boolean noDatabases;
  private String run;

  boolean accept(String option, OptionReader reader) {
    switch (option) {
      case "--remote" -> remotes.add(reader.value());
      case "--config-file" -> configFile = reader.value();
      case "--sync-from" -> syncFrom = reader.value();
      case "--sync-exclude-tables" -> syncExclude = exclusions(reader.value());
      case "--active" -> active = true;
      case "--no-dbs", "--no-db" -> noDatabases = true;
      case "--run" -> run = reader.value();
      case "--record", "--replay" ->
          throw new OptionReader.BadOption(option + ": recording is not supported");
      case "--disable-file-column-diff", "--disable-file-no-data-conversion" -> {
        // Both forms are read; which one is written makes no difference to who reads it.
        return true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String exclusions(String text) {
    String problem = SyncCommands.problem(text);
    if (problem != null) {
      throw new OptionReader.BadOption(problem);
    }
    return text;
  }

  /** Complains about options that exclude each other. */
  void check(DaemonOptions options) {
    if (configFile != null) {
      checkConfigFileIsAll(options);
    }
    if (run != null && options.detach()) {
      throw new OptionReader.BadOption("--run and --detach are mutually exclusive");
    }
  }

  private void checkConfigFileIsAll(DaemonOptions options) {
    if (syncFrom != null || syncExclude != null || active) {
      throw new OptionReader.BadOption(
          "--config-file is mutually exclusive with --sync-from, --sync-exclude and --active");
    }
    if (!remotes.isEmpty()) {
      throw new OptionReader.BadOption("--config-file is mutually exclusive with --remote");
    }
    if (!options.words().isEmpty() || noDatabases) {
      throw new OptionReader.BadOption("Databases should be specified in a config file");
    }
  }

  List<String> remotes() {
    return remotes;
  }

  /** The configuration file, which lies beside the databases unless it says where; or null. */
  Path configFile(DaemonDirectories directories) {
    return configFile == null ? null : directories.db().resolve(configFile);
  }

  String syncFrom() {
    return syncFrom;
  }

  String syncExclude() {
    return syncExclude;
  }

  /** Whether to begin as the backup of another server. */
  boolean isBackup() {
    return syncFrom != null && !active;
  }

  boolean noDatabases() {
    return noDatabases;
  }

  /** The command to run while serving; null for none. */
  String runCommand() {
    return run;
  }
}
