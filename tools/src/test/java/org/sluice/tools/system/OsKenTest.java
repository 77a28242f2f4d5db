package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A switch between two hosts does what programs written with OS-Ken tell it. */
@Timeout(120)
class OsKenTest {
  private static final int INSIDE = 1;
  private static final int OUTSIDE = 2;

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();
  private Tools tools;
  private Hosts hosts;
  private SluiceProcess sluice;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-ofctl", "ip", "ping", "ncat", "osken-manager");
    tools = new Tools(directory);
    hosts = Hosts.make("ken", 2);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-ken", "--", "set-fail-mode", "br-ken", "secure");
    for (int host : new int[] {INSIDE, OUTSIDE}) {
      String device = hosts.device(host);
      String number = "ofport_request=" + host;
      tools.run(
          "ovs-vsctl", "add-port", "br-ken", device, "--", "set", "interface", device, number);
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (Process each : started.reversed()) {
      each.destroyForcibly().waitFor();
    }
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  /** Starts a program of the test's resources as the controller, and waits until it has come. */
  private Process control(String program, String... options) throws Exception {
    Path script = directory.resolve(program);
    try (InputStream text = OsKenTest.class.getResourceAsStream(program)) {
      Files.copy(text, script);
    }
    List<String> command = new ArrayList<>(List.of("osken-manager", "--ofp-listen-host=127.0.0.1"));
    command.addAll(List.of(options));
    command.add(script.toString());
    Process controller =
        tools.start(directory.resolve("controller.log"), command.toArray(String[]::new));
    started.add(controller);
    return controller;
  }

  private void awaitController(String target) throws Exception {
    tools.run("ovs-vsctl", "set-controller", "br-ken", target);
    tools.run(
        "ovs-vsctl", "--timeout=45", "wait-until", "controller", "br-ken", "is_connected=true");
  }

  private void awaitFlows(String last) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!flows().contains(last) && System.nanoTime() < deadlineNs) {
      tools.run("ovs-ofctl", "ping", "br-ken");
    }
    String flows = flows();
    assertTrue(flows.contains(last), () -> flows + controllerLog());
  }

  private String flows() throws Exception {
    return tools.run("ovs-ofctl", "--no-stats", "dump-flows", "br-ken");
  }

  private String controllerLog() {
    try {
      return Files.readString(directory.resolve("controller.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void shouldBecomeALearningSwitchOverTls() throws Exception {
    Tools.assumeInstalled("openssl");
    Pki pki = new Pki(directory, tools).make("switch", "controller");
    control(
        "learning_switch.py",
        "--ofp-ssl-listen-port=" + port,
        "--ctl-privkey=" + pki.file("controller.key"),
        "--ctl-cert=" + pki.file("controller.cert"),
        "--ca-certs=" + pki.file("switch.cert"));
    tools.run(
        "ovs-vsctl",
        "set-ssl",
        pki.file("switch.key"),
        pki.file("switch.cert"),
        pki.file("controller.cert"));
    awaitController("ssl:127.0.0.1:" + port);
    awaitFlows("priority=0 actions=CONTROLLER:65535");
    assertTrue(hosts.pings(INSIDE, OUTSIDE), this::controllerLog);
    assertTrue(hosts.pings(OUTSIDE, INSIDE));
    awaitFlows(
        "priority=1,in_port=1,dl_src=02:00:00:00:78:01,dl_dst=02:00:00:00:78:02"
            + " actions=output:2");
    assertEquals(List.of(), sluice.complaints());
  }

  @Test
  void shouldBecomeAStatefulFirewall() throws Exception {
    Process controller = control("stateful_firewall.py", "--ofp-tcp-listen-port=" + port);
    awaitController("tcp:127.0.0.1:" + port);
    awaitFlows("ct_state=+rel-inv+trk,ct_zone=7,ip,in_port=2");

    assertTrue(hosts.pings(INSIDE, OUTSIDE), this::controllerLog);
    assertTrue(hosts.isCutOff(OUTSIDE, INSIDE), "nobody inside asked");
    for (int host : new int[] {INSIDE, OUTSIDE}) {
      started.add(ncat(host, "--listen", "--keep-open", "--exec", "/bin/cat", "7007"));
    }
    awaitEcho(INSIDE);
    awaitEcho(OUTSIDE);
    assertNotEquals(
        0,
        onceFrom(OUTSIDE, hosts.address(INSIDE)).status(),
        "nobody inside asked for this either");

    Process client = ncat(INSIDE, "--idle-timeout", "20s", hosts.address(OUTSIDE), "7007");
    started.add(client);
    try (Writer out = client.outputWriter();
        BufferedReader in = client.inputReader()) {
      echo(out, in, "there is a controller");
      controller.destroyForcibly().waitFor();
      tools.run(
          "ovs-vsctl", "--timeout=30", "wait-until", "controller", "br-ken", "is_connected=false");
      echo(out, in, "there is none");
    }
    assertEquals(0, onceFrom(INSIDE, hosts.address(OUTSIDE)).status(), "the rules are still there");
    assertEquals(List.of(), sluice.complaints());
  }

  /** Starts {@code ncat} on a host, to be talked to by pipes. */
  private Process ncat(int host, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("ip", "netns", "exec", hosts.namespace(host), "ncat"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("ncat.log").toFile())
        .start();
  }

  /** Connects and hangs up, with a second's patience. */
  private Tools.Result onceFrom(int host, String address) throws Exception {
    return hosts.on(host, "ncat", "-z", "--wait", "1", address, "7007");
  }

  /** Waits until a host's server has come up, over its own loopback. */
  private void awaitEcho(int host) throws Exception {
    hosts.ip(host, "link", "set", "lo", "up");
    for (int turn = 0; turn < 50 && onceFrom(host, "127.0.0.1").status() != 0; turn++) {
      Thread.onSpinWait();
    }
    assertEquals(0, onceFrom(host, "127.0.0.1").status());
  }

  private static void echo(Writer out, BufferedReader in, String line) throws IOException {
    out.write(line + "\n");
    out.flush();
    assertEquals(line, in.readLine(), "null where the connection has ended");
  }
}
