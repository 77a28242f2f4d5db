package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Row;

/** The example of the documentation, run as a user would run it. */
@Timeout(120)
class ExampleTest {
  private static final Path EXAMPLE = Path.of("../examples/ovsdb-client/WatchPorts.java");

  @TempDir Path directory;

  @Test
  void shouldTellPortsAndNoteTheirNumber() throws Exception {
    DatabaseFile.create(directory.resolve("conf.db"), ShippedSchemas.openVswitch());
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("ovsdb_server");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
    try (OvsdbServer server = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log)) {
      server.addDatabase(directory.resolve("conf.db"));
      server.addRemote("punix:db.sock");
      String remote = "unix:" + directory.resolve("db.sock");
      ClientConfig config = ClientConfig.of(remote, ShippedSchemas.openVswitch()).monitorAll();
      try (OvsdbClient client = new OvsdbClient(config, log)) {
        client.start();
        runExample(client, remote);
      }
    }
  }

  private static void runExample(OvsdbClient client, String remote) throws Exception {
    Process example =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                EXAMPLE.toString(),
                remote)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = example.inputReader(StandardCharsets.UTF_8)) {
      while (!client.snapshot().isConnected()) {
        client.awaitChange(client.snapshot(), 1_000);
      }
      addBridge(client, "br0", "p1");
      assertEquals("+ p1", output.readLine());
      Row bridge = client.snapshot().onlyRow("Bridge");
      while (!"1".equals(bridge.get("external_ids").get("ports"))) {
        client.awaitChange(client.snapshot(), 1_000);
        bridge = client.snapshot().onlyRow("Bridge");
      }
      addBridge(client, "stop", "p2");
      assertEquals("+ p2", output.readLine());
      assertEquals(0, example.waitFor(60, TimeUnit.SECONDS) ? example.exitValue() : -1);
    } finally {
      example.destroyForcibly();
    }
  }

  private static void addBridge(OvsdbClient client, String name, String portName) {
    Draft draft = new Draft(ShippedSchemas.openVswitch(), client.snapshot());
    Row device = draft.set(draft.insert("Interface"), "name", Datum.of(portName));
    Row port = draft.set(draft.insert("Port"), "name", Datum.of(portName));
    draft.set(port, "interfaces", Datum.of(device.uuid()));
    Row bridge = draft.set(draft.insert("Bridge"), "name", Datum.of(name));
    draft.set(bridge, "ports", Datum.of(port.uuid()));
    UUID root =
        draft.rows("Open_vSwitch").stream()
            .findFirst()
            .orElseGet(() -> draft.insert("Open_vSwitch"))
            .uuid();
    draft.insertInto(draft.row("Open_vSwitch", root), "bridges", Datum.of(bridge.uuid()));
    CommitResult result = client.commit(draft.toEdit());
    assertEquals(true, result.isOk(), result.toString());
  }
}
