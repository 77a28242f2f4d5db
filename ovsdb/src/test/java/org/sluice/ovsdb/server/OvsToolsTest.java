package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.DebianTools;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.storage.DatabaseFile;

/** Debian's ovs-vsctl and ovsdb-client against our server. */
@Timeout(60)
class OvsToolsTest {
  @TempDir Path directory;
  private OvsdbServer server;

  @BeforeEach
  void setUp() throws Exception {
    DebianTools.require("ovs-vsctl");
    Path file = directory.resolve("conf.db");
    DatabaseFile.create(file, ShippedSchemas.openVswitch());
    server =
        new OvsdbServer(
            ServerConfig.in(directory),
            Clock.system(),
            new VlogRegistry(Clock.system(), "test", System.err).vlog("ovsdb_server"));
    server.addDatabase(file);
    server.addRemote("punix:db.sock");
  }

  @AfterEach
  void tearDown() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private String vsctl(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "--no-wait";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return DebianTools.run(directory, "ovs-vsctl", all).ok();
  }

  private String client(String... arguments) {
    return DebianTools.run(directory, "ovsdb-client", arguments).ok();
  }

  private String remote() {
    return "unix:" + directory.resolve("db.sock");
  }

  @Test
  void shouldServeTheSequenceOfFirstTutorial() {
    vsctl("init");
    vsctl("add-br", "br0");
    vsctl("add-port", "br0", "p1", "--", "set", "Interface", "p1", "type=internal");
    vsctl("add-port", "br0", "p2", "tag=10");
    assertEquals("br0", vsctl("list-br"));
    assertEquals("p1\np2", vsctl("list-ports", "br0"));
    vsctl("set", "Bridge", "br0", "other_config:hwaddr=\"aa:55:aa:55:00:00\"", "fail_mode=secure");
    assertEquals("secure", vsctl("get", "Bridge", "br0", "fail_mode"));
    assertEquals("10", vsctl("get", "Port", "p2", "tag"));
    assertEquals("{hwaddr=\"aa:55:aa:55:00:00\"}", vsctl("get", "Bridge", "br0", "other_config"));
    assertTrue(vsctl("show").contains("Interface p1"));
    assertTrue(vsctl("list", "Interface").contains("name                : p2"));
    vsctl("wait-until", "Port", "p2", "tag=10");
    vsctl("del-port", "p1");
    assertEquals("p2", vsctl("list-ports", "br0"));
    vsctl(
        "--", "--id=@m", "create", "Mirror", "name=m0", "--", "add", "Bridge", "br0", "mirrors",
        "@m");
    vsctl("del-br", "br0");
    assertEquals("", vsctl("list", "Interface") + vsctl("list", "Mirror"));
  }

  @Test
  void shouldRefuseAsOvsDoes() {
    vsctl("init");
    vsctl("add-br", "br0");
    DebianTools.Output twice =
        DebianTools.run(
            directory,
            "ovs-vsctl",
            "--no-wait",
            "--",
            "--id=@b",
            "create",
            "Bridge",
            "name=br0",
            "--",
            "add",
            "Open_vSwitch",
            ".",
            "bridges",
            "@b");
    assertEquals(1, twice.exitCode());
    assertTrue(twice.err().contains("identical values (br0) for index on column"), twice.err());
  }

  @Test
  void shouldAnswerOvsdbClient() {
    assertEquals("Open_vSwitch\n_Server", client("list-dbs", remote()));
    assertEquals("8.8.0", client("get-schema-version", remote()));
    assertTrue(client("list-tables", remote()).contains("Flow_Sample_Collector_Set"));
    vsctl("init");
    vsctl("add-br", "br0");
    assertTrue(client("dump", remote(), "Open_vSwitch", "Bridge").contains("br0"));
    assertTrue(client("dump", remote(), "_Server").contains("standalone"));
    assertEquals(
        "[{\"rows\":[{\"name\":\"br0\"}]}]",
        client(
            "transact",
            remote(),
            "[\"Open_vSwitch\",{\"op\":\"select\",\"table\":\"Bridge\",\"where\":[],"
                + "\"columns\":[\"name\"]}]"));
    client("backup", remote());
  }

  @Test
  void shouldTellMonitorsOfEveryGeneration() throws Exception {
    vsctl("init");
    vsctl("add-br", "first");
    for (String command : new String[] {"monitor", "monitor-cond", "monitor-cond-since"}) {
      Process monitor =
          switch (command) {
            case "monitor" -> monitor(command, "Open_vSwitch", "Bridge", "name");
            case "monitor-cond" ->
                monitor(command, "Open_vSwitch", "[[\"name\",\"!=\",\"x\"]]", "Bridge", "name");
            default ->
                monitor(
                    command,
                    "Open_vSwitch",
                    "00000000-0000-0000-0000-000000000000",
                    "[[\"name\",\"!=\",\"x\"]]",
                    "Bridge",
                    "name");
          };
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
        waitForLine(out, "first");
        vsctl("add-br", command);
        waitForLine(out, "\"insert\",\"" + command + "\"");
        vsctl("del-br", command);
        waitForLine(out, "\"delete\"");
      } finally {
        monitor.destroy();
        assertTrue(monitor.waitFor(10, TimeUnit.SECONDS));
      }
    }
  }

  private Process monitor(String command, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 5];
    all[0] = "--timeout=20";
    all[1] = "-f";
    all[2] = "json";
    all[3] = command;
    all[4] = remote();
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return DebianTools.builder(directory, "ovsdb-client", all)
        .redirectError(directory.resolve("monitor.err").toFile())
        .start();
  }

  private static void waitForLine(BufferedReader out, String wanted) throws Exception {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(wanted)) {
        return;
      }
    }
    throw new AssertionError("no line with " + wanted);
  }

  @Test
  void shouldPassLockOnWhenHolderGoes() throws Exception {
    Process first =
        DebianTools.builder(directory, "ovsdb-client", "-t20", "lock", remote(), "sluice").start();
    try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8)) {
      waitForLine(out, "{\"locked\":true}");
      Process second =
          DebianTools.builder(directory, "ovsdb-client", "-t20", "lock", remote(), "sluice")
              .start();
      try (BufferedReader other = second.inputReader(StandardCharsets.UTF_8)) {
        waitForLine(other, "{\"locked\":false}");
        first.destroy();
        waitForLine(other, "locked");
      } finally {
        second.destroy();
      }
    } finally {
      first.destroy();
    }
  }

  @Test
  void shouldListenWhereManagersSay() throws Exception {
    server.addRemote("db:Open_vSwitch,Open_vSwitch,manager_options");
    vsctl("init");
    vsctl("set-manager", "punix:" + directory.resolve("other.sock"));
    String other = "unix:" + directory.resolve("other.sock");
    assertEquals("Open_vSwitch\n_Server", client("-t10", "list-dbs", other));
    vsctl("del-manager");
    vsctl("get-manager");
    assertEquals(
        1, DebianTools.run(directory, "ovsdb-client", "-t10", "list-dbs", other).exitCode());
    assertThrows(IllegalArgumentException.class, () -> server.addRemote("db:Open_vSwitch,X,y"));
  }
}
