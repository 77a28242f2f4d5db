package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.dbtool.OvsdbTool;
import org.sluice.tools.options.CapturedRun;

/**
 * Debian's OVN with both of its databases on one server of ours: what is configured in the
 * northbound database arrives, translated by {@code ovn-northd}, in the southbound one.
 */
class OvnTest {
  private static final Path SCHEMAS = Path.of("/usr/share/ovn");

  @TempDir Path directory;
  private Tools tools;
  private SluiceProcess server;
  private Process northd;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeInstalled("ovn-northd", "ovn-nbctl", "ovn-sbctl");
    tools = new Tools(directory);
    List<String> words = new ArrayList<>(List.of("ovsdb-server", "--remote=punix:db.sock"));
    for (String name : List.of("ovn-nb", "ovn-sb")) {
      String file = directory.resolve(name + ".db").toString();
      String schema = SCHEMAS.resolve(name + ".ovsschema").toString();
      CapturedRun.of(OvsdbTool::new, "create", file, schema).ok();
      words.add(file);
    }
    server = SluiceProcess.start(directory, words.toArray(String[]::new));
    northd =
        tools.start(
            directory.resolve("northd.out"),
            "ovn-northd",
            "--ovnnb-db=" + remote(),
            "--ovnsb-db=" + remote(),
            "--unixctl=" + directory.resolve("northd.ctl"));
  }

  @AfterEach
  void stop() throws Exception {
    if (northd != null) {
      northd.destroyForcibly().waitFor();
    }
    if (server != null) {
      server.stop();
    }
  }

  private String remote() {
    return "unix:" + directory.resolve("db.sock");
  }

  private void north(String... words) throws Exception {
    run("ovn-nbctl", words);
  }

  private String south(String... words) throws Exception {
    return run("ovn-sbctl", words);
  }

  private String run(String program, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(program, "--db=" + remote(), "--timeout=50", "--no-leader-only"));
    command.addAll(List.of(words));
    return tools.run(command.toArray(String[]::new));
  }

  @Test
  void shouldCarryASwitchARouterAndALoadBalancerToTheSouthboundDatabase() throws Exception {
    north("ls-add", "sw0", "--", "lsp-add", "sw0", "p0");
    north("lsp-set-addresses", "p0", "00:00:00:00:00:01 10.0.0.1");
    north("acl-add", "sw0", "to-lport", "1000", "ip4 && tcp.dst == 22", "allow-related");
    north("acl-add", "sw0", "to-lport", "900", "udp.dst == 53", "drop");
    north("lr-add", "lr0", "--", "set", "Logical_Router", "lr0", "options:chassis=gateway");
    north("lrp-add", "lr0", "lrp0", "00:00:00:00:ff:01", "10.0.0.254/24");
    north("lsp-add", "sw0", "sw0-lr0", "--", "lsp-set-type", "sw0-lr0", "router");
    north("lsp-set-options", "sw0-lr0", "router-port=lrp0");
    north("lr-nat-add", "lr0", "snat", "172.16.0.1", "10.0.0.0/24");
    north("lb-add", "lb0", "10.0.0.100:80", "10.0.0.1:80,10.0.0.2:80", "tcp");
    north("ls-lb-add", "sw0", "lb0");
    north("--wait=sb", "sync");

    assertEquals(
        List.of("lr0", "sw0"),
        south("--bare", "--columns=external_ids", "list", "Datapath_Binding")
            .lines()
            .flatMap(line -> line.lines())
            .filter(line -> line.contains("name="))
            .map(line -> line.replaceAll(".*\\bname=(\\w+).*", "$1"))
            .sorted()
            .toList());
    String ports = south("--bare", "--columns=logical_port", "list", "Port_Binding");
    assertEquals(List.of("lrp0", "p0", "sw0-lr0"), words(ports));
    assertEquals(List.of("lb0"), words(south("--bare", "--columns=name", "list", "Load_Balancer")));
    String flows = south("lflow-list");
    assertTrue(flows.contains("ip4 && tcp.dst == 22"), flows);
    assertTrue(flows.contains("udp.dst == 53"), flows);
    assertTrue(flows.contains("ct_snat(172.16.0.1)"), flows);
    assertTrue(flows.contains("backends=10.0.0.1:80,10.0.0.2:80"), flows);
  }

  private static List<String> words(String text) {
    return text.lines().filter(line -> !line.isBlank()).sorted().toList();
  }

  @Test
  void shouldKeepBothDatabasesInStepWhenTheServerIsKilled() throws Exception {
    north("--wait=sb", "ls-add", "before");
    server.kill();
    server =
        SluiceProcess.start(
            directory,
            "ovsdb-server",
            "--remote=punix:db.sock",
            directory.resolve("ovn-nb.db").toString(),
            directory.resolve("ovn-sb.db").toString());
    north("--wait=sb", "ls-add", "after");
    String datapaths = south("--bare", "--columns=external_ids", "list", "Datapath_Binding");
    assertTrue(datapaths.contains("name=before") && datapaths.contains("name=after"), datapaths);
    assertTrue(Files.exists(directory.resolve("northd.out")));
  }
}
