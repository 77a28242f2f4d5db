package org.sluice.tools.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.tools.vsctl.OvsVsctl;

/** A database of its own, configured with {@code ovs-vsctl}. Stateless. */
final class ConfigurationTraining {
  private ConfigurationTraining() {}

  static void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-train");
    Path file = folder.resolve("conf.db");
    try {
      DatabaseFile.create(file, ShippedSchemas.openVswitch());
      VlogRegistry registry = new VlogRegistry(Clock.system(), "train", System.err);
      Vlog log = registry.vlog("ovsdb_server");
      registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
      try (OvsdbServer server = new OvsdbServer(ServerConfig.in(folder), Clock.system(), log)) {
        server.addDatabase(file);
        server.addRemote("punix:db.sock");
        configure("--db=unix:" + folder.resolve("db.sock"));
      }
    } catch (OvsdbException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      try (var files = Files.list(folder)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
    }
  }

  private static void configure(String database) throws InterruptedException {
    vsctl(database, "add-br", "br0", "--", "add-port", "br0", "p1", "tag=5");
    vsctl(
        database,
        "--may-exist",
        "add-port",
        "br0",
        "p2",
        "--",
        "set",
        "interface",
        "p2",
        "type=internal",
        "options:key=\"1 2\"");
    vsctl(database, "list-ports", "br0");
    vsctl(database, "set-controller", "br0", "tcp:127.0.0.1");
    vsctl(database, "get", "bridge", "br0", "_uuid", "external_ids");
    vsctl(database, "--columns=name,ports", "find", "bridge", "name=br0");
    vsctl(database, "list", "interface");
    vsctl(database, "show");
    vsctl(database, "del-port", "p1");
    vsctl(database, "--no-such-option");
  }

  private static void vsctl(String database, String... words) throws InterruptedException {
    String[] arguments = new String[words.length + 2];
    arguments[0] = database;
    arguments[1] = "--no-wait";
    System.arraycopy(words, 0, arguments, 2, words.length);
    new OvsVsctl().run(arguments);
  }
}
