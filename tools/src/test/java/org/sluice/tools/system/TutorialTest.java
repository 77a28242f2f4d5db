package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody does on the first day with Open vSwitch, done to Sluice with Debian's tools: two
 * bridges joined by a patch pair, four hosts on veth ports, a flow file, traffic, dumps, a trace,
 * and a restart that keeps the database.
 */
class TutorialTest {
  private static final int HOSTS = 4;

  @TempDir Path directory;
  private Tools tools;
  private Hosts hosts;
  private SluiceProcess sluice;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-ofctl", "ovs-appctl", "ip", "ping");
    tools = new Tools(directory);
    hosts = Hosts.make("tut", HOSTS);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  private void configure() throws Exception {
    tools.run("ovs-vsctl", "add-br", "br-int");
    tools.run(
        "ovs-vsctl", "add-br", "br-ext", "--", "set", "bridge", "br-ext", "fail_mode=standalone");
    tools.run(
        "ovs-vsctl",
        "add-port",
        "br-int",
        "to-ext",
        "--",
        "set",
        "interface",
        "to-ext",
        "type=patch",
        "options:peer=to-int",
        "--",
        "add-port",
        "br-ext",
        "to-int",
        "--",
        "set",
        "interface",
        "to-int",
        "type=patch",
        "options:peer=to-ext");
    for (int host = 1; host <= HOSTS; host++) {
      String bridge = host <= 2 ? "br-int" : "br-ext";
      tools.addPort(bridge, hosts.device(host), host);
    }
  }

  @Test
  void shouldCarryAFirstTutorial() throws Exception {
    configure();
    assertTrue(tools.run("ovs-vsctl", "show").contains("Port sl-tut3"));
    assertEquals(
        "2", tools.run("ovs-vsctl", "get", "interface", hosts.device(2), "ofport").strip());

    // As a learning switch, every host reaches every other, through the patch pair too.
    assertTrue(hosts.pings(1, 2), "within a bridge");
    assertTrue(hosts.pings(1, 3), "through the patch ports");
    assertTrue(tools.run("ovs-appctl", "fdb/show", "br-int").lines().count() > 2);

    // With a flow file, host 1 may ping host 2 and nobody else.
    Path flows = directory.resolve("tutorial.flows");
    Files.writeString(
        flows,
        """
        # who may talk to whom
        priority=200,arp,actions=normal
        priority=100,icmp,nw_src=10.78.0.1,nw_dst=10.78.0.2,actions=normal
        priority=100,icmp,nw_src=10.78.0.2,nw_dst=10.78.0.1,actions=normal
        priority=0,actions=drop
        """);
    tools.run("ovs-ofctl", "del-flows", "br-int");
    tools.run("ovs-ofctl", "add-flows", "br-int", flows.toString());
    tools.run("ovs-appctl", "revalidator/wait");
    assertTrue(hosts.pings(1, 2), "allowed by rule");
    assertTrue(hosts.isCutOff(1, 3), "not allowed by rule");

    String dump = tools.run("ovs-ofctl", "dump-flows", "br-int");
    assertEquals(4, dump.lines().filter(line -> line.contains("actions=")).count(), dump);
    assertTrue(
        tools.run("ovs-ofctl", "-O", "OpenFlow13", "show", "br-int").contains(hosts.device(1)));
    assertTrue(tools.run("ovs-ofctl", "dump-ports", "br-int").contains("rx pkts="));
    assertTrue(tools.run("ovs-appctl", "dpctl/dump-flows").contains("actions:"));
    assertTrue(tools.run("ovs-appctl", "dpif/show").contains("br-int"));

    String trace =
        tools.run(
            "ovs-appctl",
            "ofproto/trace",
            "br-int",
            "in_port=1,icmp,nw_src=10.78.0.1,nw_dst=10.78.0.9");
    assertTrue(trace.endsWith("Datapath actions: drop\n"), trace);
    assertEquals(List.of(), sluice.complaints());
  }

  @Test
  void shouldKeepTheDatabaseOverARestart() throws Exception {
    configure();
    String before = tools.run("ovs-vsctl", "show");
    tools.run("ovs-appctl", "exit", "--cleanup");
    assertEquals(0, sluice.awaitExit());

    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    assertEquals(before, tools.run("ovs-vsctl", "show"));
    assertTrue(hosts.pings(3, 4), "the restarted switch forwards");
  }

  @Test
  void shouldKeepOpenFlowNumbersOverARestart() throws Exception {
    tools.run("ovs-vsctl", "add-br", "br-int");
    for (String port : List.of("two", "one", "three")) {
      addPatch(port);
    }
    tools.run("ovs-vsctl", "del-port", "two");
    addPatch("four");
    Map<String, String> before = numbers("one", "three", "four");
    assertEquals(Map.of("one", "2", "three", "3", "four", "4"), before);
    sluice.kill();

    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    addPatch("five");
    assertEquals(before, numbers("one", "three", "four"), "rules still mean the same ports");
    assertEquals(Map.of("five", "1"), numbers("five"), "the one number that nobody had");
  }

  private void addPatch(String name) throws Exception {
    String command =
        "ovs-vsctl add-port br-int %s -- set interface %s type=patch options:peer=to-%s";
    tools.run(command.formatted(name, name, name).split(" "));
  }

  private Map<String, String> numbers(String... interfaces) throws Exception {
    Map<String, String> numbers = new TreeMap<>();
    for (String each : interfaces) {
      numbers.put(each, tools.run("ovs-vsctl", "get", "interface", each, "ofport").strip());
    }
    return numbers;
  }

  @Test
  void shouldHaveTheWholeConfigurationAfterAKill() throws Exception {
    configure();
    String before = tools.run("ovs-vsctl", "show");
    sluice.kill();

    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    assertEquals(before, tools.run("ovs-vsctl", "show"));
    assertTrue(hosts.pings(1, 4), "the restarted switch forwards");
  }

  @Test
  void shouldReportADeviceThatIsNotThere() throws Exception {
    tools.run("ovs-vsctl", "add-br", "br-int");
    Tools.Result result = tools.attempt("ovs-vsctl", "add-port", "br-int", "sl-nothing");
    assertTrue(
        result.output().contains("Error detected while setting up 'sl-nothing'"), result.output());
    assertEquals("-1", tools.run("ovs-vsctl", "get", "interface", "sl-nothing", "ofport").strip());
    assertFalse(tools.run("ovs-vsctl", "get", "interface", "sl-nothing", "error").isBlank());
  }

  @Test
  void shouldRefuseInterfacesThatCannotWork() throws Exception {
    tools.run("ovs-vsctl", "add-br", "br-int");
    assertRefused("lo", "", "lo: cannot add a loopback device");
    assertRefused("sixteen-letters.", "", "(File name too long)");
    assertRefused("sixteen-letters.", "type=internal", "(File name too long)");
    assertRefused("p", "type=patch", "p: patch type requires valid 'peer' argument");
    assertRefused("p", "type=patch options:peer=p", "p: patch peer must not be self");
    assertRefused(
        "p", "type=patch options:peer=q options:x=1", "p: patch type takes only a 'peer' argument");
    addPatch("p");
    assertEquals("[]", tools.run("ovs-vsctl", "get", "interface", "p", "error").strip());
  }

  private void assertRefused(String name, String settings, String why) throws Exception {
    String command = "ovs-vsctl add-port br-int %s -- set interface %s mtu_request=1400 %s";
    String output = tools.attempt(command.formatted(name, name, settings).split(" ")).output();
    assertTrue(output.contains("Error detected while setting up '" + name + "'"), output);
    assertTrue(output.contains(why), output);
    assertEquals("-1", tools.run("ovs-vsctl", "get", "interface", name, "ofport").strip());
    tools.run("ovs-vsctl", "del-port", name);
  }
}
