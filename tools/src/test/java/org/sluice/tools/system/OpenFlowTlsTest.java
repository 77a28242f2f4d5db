package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.system.SluiceProcess.Ended;

/** OpenFlow over TLS, with the programs that people have at the other end. */
@Timeout(90)
class OpenFlowTlsTest {
  private static final String SWITCH = "switch";
  private static final String CONTROLLER = "controller";
  private static final String STRANGER = "stranger";

  @TempDir Path directory;
  private final List<Process> others = new ArrayList<>();
  private Tools tools;
  private Pki pki;
  private Hosts hosts;
  private SluiceProcess sluice;
  private int port;

  @BeforeEach
  void prepare() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovs-ofctl", "ovs-testcontroller", "openssl", "ip");
    tools = new Tools(directory);
    pki = new Pki(directory, tools).make(SWITCH, CONTROLLER, STRANGER);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (Process other : others.reversed()) {
      other.destroyForcibly().waitFor();
    }
    if (sluice != null) {
      sluice.stop();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  /** A switch between two hosts that asks its controllers about everything. */
  private void startSwitch() throws Exception {
    hosts = Hosts.make("tls", 2);
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-tls");
    tools.run("ovs-vsctl", "add-port", "br-tls", hosts.device(1));
    tools.run("ovs-vsctl", "add-port", "br-tls", hosts.device(2));
    useKeysOf(SWITCH);
  }

  private void useKeysOf(String name) throws Exception {
    tools.run(
        "ovs-vsctl",
        "set-ssl",
        pki.file(name + ".key"),
        pki.file(name + ".cert"),
        pki.file(CONTROLLER + ".cert"));
  }

  private Tools.Result ofctl(String own, String... words) throws Exception {
    return tools.attempt(with(words, with(pki.options(own, SWITCH), "ovs-ofctl")));
  }

  private Ended ownOfctl(String own, String... words) throws Exception {
    return SluiceProcess.runToEnd(
        directory, with(words, with(pki.options(own, SWITCH), "ovs-ofctl")));
  }

  private static String[] with(String[] more, String... words) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private String ssl() {
    return "ssl:127.0.0.1:" + port;
  }

  private void controller(String target) throws Exception {
    tools.run("ovs-vsctl", "set-controller", "br-tls", target);
  }

  @Test
  void shouldServeThoseWhoHaveTheRightKeysAndNobodyElse() throws Exception {
    startSwitch();
    controller("pssl:" + port + ":127.0.0.1");
    assertTrue(
        tools
            .run(
                with(
                    new String[] {ssl()},
                    with(pki.options(CONTROLLER, SWITCH), "ovs-ofctl", "show")))
            .contains("tls1"));
    Tools.Result stranger = ofctl(STRANGER, "show", ssl());
    assertNotEquals(0, stranger.status(), stranger.output());
    sluice.awaitConsole("|stream_ssl|WARN|SSL_accept: certificate verify failed (unable to find");

    Tools.Result plain = tools.attempt("ovs-ofctl", "show", "tcp:127.0.0.1:" + port);
    assertNotEquals(0, plain.status(), plain.output());
    Tools.Result without = tools.attempt("ovs-ofctl", "show", ssl());
    assertNotEquals(0, without.status(), without.output());

    assertEquals(0, ownOfctl(CONTROLLER, "add-flow", ssl(), "priority=7,actions=drop").status());
    assertTrue(ofctl(CONTROLLER, "dump-flows", ssl()).output().contains("priority=7 actions=drop"));
    Ended ownStranger = ownOfctl(STRANGER, "show", ssl());
    assertEquals(1, ownStranger.status());
    // What comes first: the refusal, or the end of the connection.
    assertTrue(
        ownStranger
            .errors()
            .matches(
                "(?s).*ovs-ofctl: connecting to "
                    + ssl()
                    + " \\((Protocol error|Broken pipe|Connection reset)\\)\n"),
        ownStranger.errors());
    assertEquals(List.of(), sluice.complaints("|stream_ssl|WARN|SSL_accept: "));
  }

  @Test
  void shouldServeOthersWhileHandshakesHang() throws Exception {
    startSwitch();
    controller("pssl:" + port + ":127.0.0.1");
    tools.run("ovs-ofctl", "add-flow", "br-tls", "actions=normal");
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
        silent.getLast().getOutputStream().write(22); // how a handshake begins
      }
      assertEquals(0, ofctl(CONTROLLER, "show", ssl()).status());
      assertTrue(hosts.pings(1, 2));
      for (Socket each : silent) {
        assertEquals(-1, each.getInputStream().read(), "given up in the end");
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
    sluice.awaitConsole("takes too long");
    assertEquals(0, ofctl(CONTROLLER, "show", ssl()).status());
  }

  @Test
  void shouldObeyAControllerThatItConnectsTo() throws Exception {
    startSwitch();
    tools.run("ovs-vsctl", "set-fail-mode", "br-tls", "secure");
    // Open vSwitch 3.1's test controller sends arbitrary matches in packet-outs of version 1.5.
    tools.run("ovs-vsctl", "set", "bridge", "br-tls", "protocols=OpenFlow13");
    useKeysOf(STRANGER);
    others.add(
        tools.start(
            directory.resolve("controller.log"),
            with(
                pki.options(CONTROLLER, SWITCH),
                "ovs-testcontroller",
                "--peer-ca-cert=" + pki.file(CONTROLLER + ".cert"),
                "pssl:" + port + ":127.0.0.1")));
    controller(ssl());
    tools.run(
        "ovs-vsctl",
        "--timeout=15",
        "wait-until",
        "controller",
        "br-tls",
        "status:last_error!=\"\"");
    assertEquals(
        "false", tools.run("ovs-vsctl", "get", "controller", "br-tls", "is_connected").strip());
    assertTrue(hosts.isCutOff(1, 2));

    // The right keys, and the controller's certificate is still to be learnt.
    Path learnt = directory.resolve("learnt.cert");
    tools.run(
        "ovs-vsctl",
        "--",
        "--bootstrap",
        "set-ssl",
        pki.file(SWITCH + ".key"),
        pki.file(SWITCH + ".cert"),
        learnt.toString());
    tools.run(
        "ovs-vsctl", "--timeout=30", "wait-until", "controller", "br-tls", "is_connected=true");
    assertEquals(
        tools.run(
            "openssl", "x509", "-in", pki.file(CONTROLLER + ".cert"), "-fingerprint", "-noout"),
        tools.run("openssl", "x509", "-in", learnt.toString(), "-fingerprint", "-noout"));
    assertTrue(hosts.pings(1, 2), () -> "a learning switch: " + console());
    sluice.awaitConsole("|stream_ssl|INFO|successfully bootstrapped CA cert");
  }

  private String console() {
    try {
      return sluice.console();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldDriveASwitchOfOpenVswitch() throws Exception {
    Tools.assumeInstalled("ovsdb-server", "ovsdb-tool", "ovs-vswitchd");
    String database = directory.resolve("conf.db").toString();
    tools.run("ovsdb-tool", "create", database, "/usr/share/openvswitch/vswitch.ovsschema");
    String socket = directory.resolve("db.sock").toString();
    others.add(
        tools.start(
            directory.resolve("db.log"), "ovsdb-server", "--remote=punix:" + socket, database));
    tools.run("ovs-vsctl", "--timeout=15", "--retry", "--no-wait", "init");
    others.add(
        tools.start(
            directory.resolve("switch.log"),
            with(
                pki.options(SWITCH, CONTROLLER),
                "ovs-vswitchd",
                "--disable-system",
                "--enable-dummy=override",
                "unix:" + socket)));
    tools.run(
        "ovs-vsctl",
        "--timeout=30",
        "add-br",
        "br-tls",
        "--",
        "set",
        "bridge",
        "br-tls",
        "datapath_type=dummy",
        "fail_mode=secure");
    tools.run("ovs-vsctl", "set-controller", "br-tls", "pssl:" + port + ":127.0.0.1");
    Ended added = ownOfctl(CONTROLLER, "add-flow", ssl(), "priority=7,actions=drop");
    assertEquals(0, added.status(), added.errors());
    String[] old = {"--ssl-protocols=TLSv1.2", "dump-flows", ssl()};
    assertTrue(ownOfctl(CONTROLLER, old).output().contains("priority=7 actions=drop"));
    assertEquals(1, ownOfctl(STRANGER, "show", ssl()).status());

    // Whom to trust is learnt by a first attempt, and used by the second.
    Path learnt = directory.resolve("learnt.cert");
    String[] learning = {"--bootstrap-ca-cert=" + learnt, "show", ssl()};
    assertEquals(1, ownOfctl(CONTROLLER, learning).status());
    assertTrue(Files.exists(learnt));
    Ended second = ownOfctl(CONTROLLER, learning);
    assertEquals(0, second.status(), second.errors());
  }
}
