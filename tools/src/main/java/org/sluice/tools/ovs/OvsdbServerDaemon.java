package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.tools.Command;

/** {@code ovsdb-server}: the database server as a daemon of its own. */
public final class OvsdbServerDaemon implements Command {
  private static final String PROGRAM = "ovsdb-server";
  private static final String USAGE =
      """
      ovsdb-server: Open vSwitch database server
      usage: ovsdb-server [OPTIONS] [DATABASE...]
      where each DATABASE is a database file in ovsdb format.
      The default DATABASE, if none is given, is
      %s/conf.db.

      JSON-RPC options (may be specified any number of times):
        --remote=REMOTE         connect or listen to REMOTE

      Active JSON-RPC connection methods:
        tcp:HOST:PORT           PORT at remote HOST
        unix:FILE               Unix domain socket named FILE
      Passive JSON-RPC connection methods:
        ptcp:PORT[:IP]          listen to TCP PORT on IP
        punix:FILE              listen on Unix domain socket FILE
        db:DB,TABLE,COLUMN      what that column says
      """;

  private final List<String> remotes = new ArrayList<>();

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
    DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
    VlogRegistry log = new VlogRegistry(Clock.system(), PROGRAM, System.err);
    DaemonOptions options = new DaemonOptions(PROGRAM, directories);
    try {
      options.read(arguments, log, this::accept);
      if (options.help()) {
        System.out.print(USAGE.formatted(directories.db()) + options.usage());
        return 0;
      }
      if (options.version()) {
        System.out.println(PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT);
        return 0;
      }
      return serve(directories, log, options);
    } catch (OptionReader.BadOption | OvsdbException | IOException e) {
      System.err.println(PROGRAM + ": " + e.getMessage());
      return 1;
    }
  }

  private boolean accept(String option, OptionReader reader) {
    switch (option) {
      case "--remote" -> remotes.add(reader.value());
      case "--disable-file-column-diff" -> {
        // Both forms are read; which one is written makes no difference to who reads it.
        return true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private int serve(DaemonDirectories directories, VlogRegistry log, DaemonOptions options)
      throws IOException, OvsdbException, InterruptedException {
    DaemonShell shell = new DaemonShell(PROGRAM, directories, log);
    shell.open(options);
    OvsdbServer server =
        new OvsdbServer(
            ServerConfig.in(directories.run()), Clock.system(), shell.log("ovsdb_server"));
    shell.termination().atEnd(() -> close(server, shell));
    new ServerCommands(server).registerIn(shell.commands());
    try {
      for (String file : databases(directories, options)) {
        server.addDatabase(Path.of(file));
      }
      for (String remote : remotes) {
        server.addRemote(remote);
      }
    } catch (IOException | OvsdbException e) {
      shell.termination().run();
      throw e;
    }
    shell.registerExit("", 0, _ -> close(server, shell));
    shell.log("ovsdb_server").info("%s (Open vSwitch) %s", PROGRAM, OvsVersion.TEXT);
    shell.ready(options);
    return shell.awaitEnd();
  }

  private static List<String> databases(DaemonDirectories directories, DaemonOptions options) {
    return options.words().isEmpty()
        ? List.of(directories.db().resolve("conf.db").toString())
        : options.words();
  }

  private static void close(OvsdbServer server, DaemonShell shell) {
    try {
      server.close();
    } catch (IOException e) {
      shell.log("ovsdb_server").warn("close failed (%s)", e.getMessage());
    }
  }
}
