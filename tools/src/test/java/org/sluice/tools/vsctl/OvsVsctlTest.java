package org.sluice.tools.vsctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Edit;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlProgram;
import org.sluice.tools.ctl.Terminal;

/** {@code ovs-vsctl} and the database server in one process. */
@Timeout(60)
class OvsVsctlTest {
  /** What a run printed, and its status where that is not 0. */
  private record Result(int status, String out, String err) {
    @Override
    public String toString() {
      return out + err + (status == 0 ? "" : "status " + status + "\n");
    }
  }

  @TempDir Path directory;
  private OvsdbServer server;

  @BeforeEach
  void setUp() throws Exception {
    Path file = directory.resolve("conf.db");
    DatabaseFile.create(file, ShippedSchemas.openVswitch());
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("ovsdb_server");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
    server = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log);
    server.addDatabase(file);
    server.addRemote("punix:db.sock");
  }

  @AfterEach
  void tearDown() throws IOException {
    server.close();
  }

  private String remote() {
    return "unix:" + directory.resolve("db.sock");
  }

  private Result run(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    List<String> all = new ArrayList<>(List.of("--db=" + remote(), "-vreconnect:off"));
    all.addAll(arguments);
    try {
      int status =
          new CtlProgram(new VsctlTool(terminal), terminal, all.toArray(String[]::new)).run();
      return new Result(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs without waiting for a switch; words are apart by blanks. */
  private String vsctl(String line) {
    List<String> arguments = new ArrayList<>(List.of("--no-wait"));
    arguments.addAll(List.of(line.split(" ", -1)));
    return run(arguments).toString();
  }

  @Test
  void shouldAddAndListBridgesAndPorts() {
    assertEquals("", vsctl("add-br br0 -- add-port br0 p1 tag=5 -- add-port br0 p2"));
    assertEquals("", vsctl("add-br child br0 5"));
    assertEquals("br0\nchild\n", vsctl("list-br"));
    assertEquals("child\n", vsctl("--fake list-br"));
    assertEquals("p2\n", vsctl("list-ports br0"));
    assertEquals("p1\n", vsctl("list-ports child"));
    assertEquals("child\n", vsctl("port-to-br p1"));
    assertEquals("5\nbr0\n", vsctl("br-to-vlan child -- br-to-parent child"));
    assertEquals("", vsctl("del-br br0"));
    assertEquals("", vsctl("list-br"));
    assertEquals("status 2\n", vsctl("br-exists br0"));
  }

  @Test
  void shouldRefuseWhatIsThereAlready() {
    vsctl("add-br br0 -- add-port br0 p1");
    assertEquals(
        """
        ovs-vsctl: cannot create a bridge named br0 because a bridge named br0 already exists
        status 1
        """,
        vsctl("add-br br0"));
    assertEquals("", vsctl("--may-exist add-br br0 -- --may-exist add-port br0 p1"));
    assertEquals(
        "ovs-vsctl: cannot create a port named p1 because a port named p1 already exists on"
            + " bridge br0\nstatus 1\n",
        vsctl("add-port br0 p1"));
    assertEquals(
        "ovs-vsctl: cannot delete port br0 because it is the local port for bridge br0"
            + " (deleting this port requires deleting the entire bridge)\nstatus 1\n",
        vsctl("del-port br0"));
  }

  @Test
  void shouldChangeAnyColumn() {
    vsctl("add-br br0");
    vsctl("set bridge br0 other-config:a=1 other-config:b=2 stp_enable=true");
    assertEquals("{a=\"1\", b=\"2\"}\ntrue\n", vsctl("get b br0 other_config stp"));
    vsctl("remove bridge br0 other_config a -- add bridge br0 flood_vlans 1-3");
    assertEquals("{b=\"2\"}\n[1, 2, 3]\n", vsctl("get bridge br0 other_config flood_vlans"));
    vsctl("clear bridge br0 other_config");
    assertEquals("{}\n", vsctl("get bridge br0 other_config"));
    assertEquals("br0\n", vsctl("--bare --columns=name find bridge flood_vlans{>=}2,3"));
    assertEquals(
        "name                : br0\nflood_vlans         : [1, 2, 3]\n",
        vsctl("--columns=name,flood_vlans list bridge"));
    assertEquals("ovs-vsctl: no row \"x\" in table Bridge\nstatus 1\n", vsctl("get bridge x name"));
    assertEquals("", vsctl("--if-exists get bridge x name"));
  }

  @Test
  void shouldReferToNewRowsByName() {
    vsctl("add-br br0 -- add-port br0 p1");
    String uuid =
        vsctl(
            "set bridge br0 mirrors=@m -- --id=@p get port p1"
                + " -- --id=@m create mirror name=m1 output-port=@p");
    assertEquals(uuid, vsctl("get mirror m1 _uuid"));
    assertEquals("[" + uuid.strip() + "]\n", vsctl("get bridge br0 mirrors"));
    assertEquals(
        "ovs-vsctl: row id \"@m\" is referenced but never created"
            + " (e.g. with \"-- --id=@m create ...\")\nstatus 1\n",
        vsctl("set bridge br0 mirrors=@m"));
  }

  @Test
  void shouldSetControllersManagersAndFailMode() {
    vsctl("add-br br0 -- set-controller br0 tcp:1.2.3.4 tcp:1.2.3.3 -- set-fail-mode br0 secure");
    assertEquals(
        "tcp:1.2.3.3\ntcp:1.2.3.4\nsecure\n", vsctl("get-controller br0 -- get-fail-mode br0"));
    vsctl("--inactivity-probe=7000 set-manager ptcp:6640");
    assertEquals("ptcp:6640\n7000\n", vsctl("get-manager -- get manager . inactivity_probe"));
    vsctl("emer-reset");
    assertEquals("", vsctl("get-manager -- get-controller br0 -- get-fail-mode br0"));
  }

  @Test
  void shouldKeepZonesOfADatapath() {
    vsctl("--id=@d create Datapath datapath_version=0 -- set o . datapaths:netdev=@d");
    vsctl("set-zone-limit netdev 3 100 -- add-zone-tp netdev zone=3 icmp_first=1 udp_first=2");
    assertEquals(
        "Zone: 3, Limit: 100\nZone:3, Timeout Policies: icmp_first=1 udp_first=2\n",
        vsctl("list-zone-limits netdev -- list-zone-tp netdev"));
    vsctl("del-zone-limit netdev 3 -- del-zone-tp netdev zone=3");
    assertEquals("", vsctl("list-zone-limits netdev -- list-zone-tp netdev"));
    assertEquals(
        "ovs-vsctl: zone_id (70000) out of range\nstatus 1\n",
        vsctl("set-zone-limit netdev 70000 1"));
  }

  @Test
  void shouldShowBridgesByFilter() {
    vsctl("add-br br0 -- add-port br0 t1 -- set interface t1 type=vxlan options:key=7");
    String all = vsctl("show");
    assertTrue(
        all.contains("        Port t1\n            Interface t1\n                type: vxlan\n"));
    String some = vsctl("--filter=interface(vxlan) show");
    assertTrue(some.contains("Interface t1"), some);
    assertTrue(!some.contains("Interface br0"), some);
  }

  @Test
  void shouldPrintOneLinePerCommand() {
    vsctl("add-br a -- add-br b");
    assertEquals("a\\nb\n\n", vsctl("--oneline list-br -- set bridge a stp_enable=true"));
  }

  @Test
  void shouldChangeNothingInADryRun() {
    assertEquals("", vsctl("--dry-run add-br br0"));
    assertEquals("", vsctl("list-br"));
  }

  @Test
  void shouldNoteTheCommandInTheDatabase() throws Exception {
    vsctl("add-br br0");
    String file = Files.readString(directory.resolve("conf.db"));
    assertTrue(file.contains(": ovs-vsctl --db="), file);
  }

  @Test
  void shouldTellWhyItCannotConnect() {
    List<String> arguments = List.of("--db=unix:/nonexistent/sock", "list-br");
    assertEquals(
        "ovs-vsctl: unix:/nonexistent/sock: database connection failed"
            + " (No such file or directory)\nstatus 1\n",
        run(arguments).toString());
  }

  @Test
  void shouldWaitUntilAConditionHolds() throws Exception {
    CompletableFuture<String> waiting =
        CompletableFuture.supplyAsync(
            () -> vsctl("wait-until bridge br0 stp_enable=true -- get bridge br0 name"));
    vsctl("add-br br0");
    assertTrue(!waiting.isDone());
    vsctl("set bridge br0 stp_enable=true");
    assertEquals("br0\n", waiting.get());
  }

  @Test
  void shouldWaitForTheSwitchAndReportWhatItCouldNotSetUp() throws Exception {
    vsctl("init");
    try (OvsdbClient pretended = pretendToBeTheSwitch()) {
      Result result = run(List.of("add-br", "br0", "--", "add-port", "br0", "bad"));
      assertEquals(65, result.status());
      assertTrue(
          result
              .err()
              .startsWith(
                  "ovs-vsctl: Error detected while setting up 'bad': no luck.  See ovs-vswitchd log"
                      + " for details.\novs-vsctl: The default log directory is \""),
          result.err());
      assertEquals("", run(List.of("add-port", "br0", "good")).toString());
      assertTrue(pretended.snapshot().isConnected());
    }
  }

  /** Gives ports numbers, except the bad one, and says that it runs the configuration. */
  private OvsdbClient pretendToBeTheSwitch() {
    Vlog log = new VlogRegistry(Clock.system(), "test", System.err).vlog("pretended");
    ClientConfig config =
        ClientConfig.of(remote(), ShippedSchemas.openVswitch())
            .monitor("Open_vSwitch", "next_cfg", "cur_cfg")
            .monitor("Interface", "name", "ofport");
    OvsdbClient client = new OvsdbClient(config, log);
    client.onChange(() -> {
      CompletableFuture<CommitResult> _ = client.submit(reaction(client.edit(), client.snapshot()));
    });
    client.start();
    return client;
  }

  private static Edit reaction(Edit edit, Snapshot snapshot) {
    for (Row row : snapshot.rows("Interface")) {
      boolean bad = row.get("name").string().equals("bad");
      edit.set(row, "ofport", Datum.of(bad ? -1 : 1));
      if (bad) {
        edit.set(row, "error", Datum.of("no luck"));
      }
    }
    for (Row root : snapshot.rows("Open_vSwitch")) {
      edit.set(root, "cur_cfg", root.get("next_cfg"));
    }
    return edit;
  }
}
