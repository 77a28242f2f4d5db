package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who decides about a bridge's packets: the bridge itself, somebody at a shell, a controller. */
@Timeout(60)
class ControllerTest {
  private static final int HOSTS = 2;

  @TempDir Path directory;
  private Tools tools;
  private Hosts hosts;
  private SluiceProcess sluice;
  private Process controller;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-ofctl", "ovs-appctl", "ip", "ping");
    tools = new Tools(directory);
    hosts = Hosts.make("ctl", HOSTS);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-ctl");
    for (int host = 1; host <= HOSTS; host++) {
      tools.addPort("br-ctl", hosts.device(host), host);
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (controller != null) {
      controller.destroyForcibly().waitFor();
    }
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void shouldDoNothingByItselfWhenSecure() throws Exception {
    assertTrue(hosts.pings(1, 2), "a learning switch");
    tools.run("ovs-vsctl", "set-fail-mode", "br-ctl", "secure");
    tools.run("ovs-ofctl", "del-flows", "br-ctl");
    assertTrue(hosts.isCutOff(1, 2), "no flows, no packets");
    tools.run("ovs-ofctl", "add-flow", "br-ctl", "actions=normal");
    assertTrue(hosts.pings(1, 2));
    tools.run("ovs-ofctl", "del-flows", "br-ctl");
    tools.run("ovs-vsctl", "del-fail-mode", "br-ctl");
    assertEquals(List.of(), sluice.complaints());
  }

  @Test
  void shouldForwardByItselfWhileAControllerIsAwayAndStandalone() throws Exception {
    String nobody = "unix:" + directory.resolve("nobody.sock");
    tools.run("ovs-vsctl", "set-fail-mode", "br-ctl", "standalone");
    tools.run("ovs-vsctl", "set-controller", "br-ctl", nobody);
    assertEquals(
        "false", tools.run("ovs-vsctl", "get", "controller", "br-ctl", "is_connected").strip());
    assertTrue(hosts.pings(1, 2));
    tools.run("ovs-vsctl", "set-fail-mode", "br-ctl", "secure");
    assertTrue(hosts.isCutOff(1, 2));
  }

  @Test
  void shouldObeyAControllerThatConnects() throws Exception {
    Tools.assumeInstalled("ovs-testcontroller");
    Path socket = directory.resolve("controller.sock");
    tools.run("ovs-vsctl", "set-fail-mode", "br-ctl", "secure");
    controller =
        tools.start(directory.resolve("controller.log"), "ovs-testcontroller", "punix:" + socket);
    tools.run("ovs-vsctl", "set-controller", "br-ctl", "unix:" + socket);
    awaitController("is_connected=true");
    assertTrue(hosts.pings(1, 2), "the controller makes it a learning switch");
    assertTrue(
        tools.run("ovs-ofctl", "dump-flows", "br-ctl").contains("idle_timeout=60"),
        "by flows of its own");
    assertEquals("other", tools.run("ovs-vsctl", "get", "controller", "br-ctl", "role").strip());
    assertTrue(
        tools.run("ovs-vsctl", "get", "controller", "br-ctl", "status").contains("state=ACTIVE"));
    assertTrue(tools.run("ovs-vsctl", "show").contains("is_connected: true"));

    controller.destroyForcibly().waitFor();
    awaitController("is_connected=false");
    assertEquals(List.of(), sluice.complaints("|rconn|"));
  }

  private void awaitController(String condition) throws Exception {
    tools.run("ovs-vsctl", "--timeout=15", "wait-until", "controller", "br-ctl", condition);
  }

  @Test
  void shouldSpeakOnlyTheProtocolsThatAreAllowed() throws Exception {
    tools.run("ovs-vsctl", "set", "bridge", "br-ctl", "protocols=OpenFlow13");
    Tools.Result refused = tools.attempt("ovs-ofctl", "show", "br-ctl");
    assertEquals(1, refused.status());
    assertTrue(refused.output().contains("version negotiation failed"), refused.output());
    tools.run("ovs-ofctl", "-O", "OpenFlow13", "show", "br-ctl");
    tools.run("ovs-vsctl", "clear", "bridge", "br-ctl", "protocols");
    for (String version : List.of("10", "11", "12", "13", "14", "15")) {
      tools.run("ovs-ofctl", "-O", "OpenFlow" + version, "dump-flows", "br-ctl");
    }
    assertEquals(List.of(), sluice.complaints("|vconn|", "|rconn|"));
  }

  @Test
  void shouldRefuseAMalformedFlowAndKeepTheOthers() throws Exception {
    String before = rules();
    Tools.Result unknown =
        tools.attempt("ovs-ofctl", "add-flow", "br-ctl", "nonsense=1,actions=drop");
    assertEquals(1, unknown.status(), unknown.output());
    Tools.Result group =
        tools.attempt("ovs-ofctl", "-O", "OpenFlow13", "add-flow", "br-ctl", "actions=group:77");
    assertTrue(group.output().contains("OFPT_ERROR"), group.output());
    assertEquals(before, rules());
    assertEquals(List.of(), sluice.complaints());
  }

  private String rules() throws Exception {
    return tools.run("ovs-ofctl", "--no-stats", "dump-flows", "br-ctl");
  }

  @Test
  void shouldHandPacketsToAMonitorAndTakeThemBack() throws Exception {
    tools.run("ovs-ofctl", "del-flows", "br-ctl");
    tools.run("ovs-ofctl", "add-flow", "br-ctl", "in_port=1,arp,actions=controller:65535");
    Path seen = directory.resolve("monitor.log");
    Path control = directory.resolve("ofctl.ctl");
    Process monitor =
        tools.start(
            seen,
            ("ovs-ofctl monitor br-ctl 65534 -P nxt_packet_in --detach --no-chdir --unixctl="
                    + control)
                .split(" "));
    assertTrue(monitor.waitFor(10, TimeUnit.SECONDS), "detaches");
    assertTrue(hosts.isCutOff(1, 2), "all go to the monitor");
    // A request for host 2, as if it came from host 1.
    tools.run(
        "ovs-ofctl",
        "packet-out",
        "br-ctl",
        "in_port=1 packet=ffffffffffff02000000780108060001080006040001020000007801"
            + "0a4e00010000000000000a4e0002 actions=2");
    tools.run("ovs-appctl", "-t", control.toString(), "exit");
    String text = Files.readString(seen);
    assertTrue(text.contains("NXT_PACKET_IN"), text);
    assertTrue(text.contains("arp_spa=10.78.0.1,arp_tpa=10.78.0.2"), text);
    assertTrue(
        hosts.on(2, "ip", "neigh", "show", "10.78.0.1").output().contains("02:00:00:00:78:01"),
        "the request arrived");
    assertEquals(List.of(), sluice.complaints());
  }
}
