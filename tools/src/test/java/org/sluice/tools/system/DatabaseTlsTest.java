package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.tools.system.SluiceProcess.Ended;

/** Databases over TLS and IPv6, with Open vSwitch's programs at the other end. */
@Timeout(90)
class DatabaseTlsTest {
  private static final String SERVER = "server";
  private static final String CLIENT = "client";
  private static final String STRANGER = "stranger";

  @TempDir Path directory;
  private Tools tools;
  private Pki pki;
  private String database;
  private String port;
  private SluiceProcess sluice;
  private Process other;

  @BeforeEach
  void prepare() throws Exception {
    Tools.assumeInstalled("ovs-vsctl", "ovsdb-server", "ovsdb-client", "ovsdb-tool", "openssl");
    tools = new Tools(directory);
    pki = new Pki(directory, tools).make(SERVER, CLIENT, STRANGER);
    try (ServerSocket free = new ServerSocket(0)) {
      port = Integer.toString(free.getLocalPort());
    }
    database = directory.resolve("conf.db").toString();
    Path schema = directory.resolve("schema");
    Files.writeString(schema, ShippedSchemas.openVswitchText());
    tools.run("ovsdb-tool", "create", database, schema.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
    if (other != null) {
      other.destroyForcibly().waitFor();
    }
  }

  private static String[] with(String[] more, String... words) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private String ssl() {
    return "ssl:[::1]:" + port;
  }

  /** Open vSwitch's tool, with somebody's keys. */
  private Tools.Result vsctl(String own, String... words) throws Exception {
    String[] command = with(pki.options(own, SERVER), "ovs-vsctl", "--no-wait", "--db=" + ssl());
    return tools.attempt(with(words, command));
  }

  /** Sluice's, with somebody's keys. */
  private Ended ownVsctl(String own, String... words) throws Exception {
    String[] command = with(pki.options(own, SERVER), "ovs-vsctl", "--no-wait", "--db=" + ssl());
    return SluiceProcess.runToEnd(directory, with(words, command));
  }

  @Test
  void shouldServeThoseWhoHaveTheRightKeysAndNobodyElse() throws Exception {
    String[] options = pki.options(SERVER, CLIENT);
    String remote = "--remote=pssl:" + port + ":[::1]";
    sluice = SluiceProcess.start(directory, with(options, "ovsdb-server", remote, database));
    Tools.Result added = vsctl(CLIENT, "--timeout=30", "--retry", "add-br", "br-tls");
    assertEquals(0, added.status(), added.output());
    assertEquals("br-tls\n", ownVsctl(CLIENT, "list-br").output());

    String[] deletion = {"--timeout=60", "--db=" + ssl(), "del-br", "br-tls"};
    other =
        tools.start(
            directory.resolve("stranger.log"),
            with(deletion, with(pki.options(STRANGER, SERVER), "ovs-vsctl")));
    sluice.awaitConsole("|stream_ssl|WARN|SSL_accept: certificate verify failed (unable to find");
    String plain = "--db=tcp:[::1]:" + port;
    assertNotEquals(0, tools.attempt("ovs-vsctl", "--timeout=3", plain, "list-br").status());
    assertEquals("br-tls\n", vsctl(CLIENT, "--timeout=30", "--retry", "list-br").output());
  }

  /** What the database says about keys and whom to serve holds at once. */
  @Test
  void shouldTakeKeysAndRemotesFromTheDatabase() throws Exception {
    sluice =
        SluiceProcess.start(
            directory,
            "ovsdb-server",
            "--private-key=db:Open_vSwitch,SSL,private_key",
            "--certificate=db:Open_vSwitch,SSL,certificate",
            "--ca-cert=db:Open_vSwitch,SSL,ca_cert",
            "--remote=punix:db.sock",
            "--remote=db:Open_vSwitch,Open_vSwitch,manager_options",
            database);
    String local = "--db=unix:" + directory.resolve("db.sock");
    String[] keys = {pki.file(SERVER + ".key"), pki.file(SERVER + ".cert")};
    String[] setting = {"set-manager", "pssl:" + port + ":[::1]", "--", "set-ssl"};
    String[] command = with(setting, "ovs-vsctl", "--no-wait", local);
    tools.run(with(new String[] {pki.file(CLIENT + ".cert")}, with(keys, command)));
    Ended listed = ownVsctl(CLIENT, "--timeout=15", "--retry", "get-manager");
    assertEquals("pssl:" + port + ":[::1]\n", listed.output(), listed.errors());
    assertEquals(0, vsctl(CLIENT, "--timeout=30", "--retry", "add-br", "br-tls").status());

    tools.run("ovs-vsctl", "--no-wait", local, "del-manager");
    assertNotEquals(0, vsctl(CLIENT, "--timeout=3", "list-br").status());
  }

  @Test
  void shouldBeAClientOfOpenVswitchsServer() throws Exception {
    String[] options = pki.options(SERVER, CLIENT);
    String remote = "--remote=pssl:" + port + ":[::1]";
    Path log = directory.resolve("server.log");
    other = tools.start(log, with(options, "ovsdb-server", remote, database));
    Ended added = ownVsctl(CLIENT, "--timeout=30", "--retry", "add-br", "br-tls");
    assertEquals(0, added.status(), added.errors());
    assertEquals("br-tls\n", vsctl(CLIENT, "--timeout=30", "--retry", "list-br").output());
    String[] old = with(new String[] {"--ssl-protocols=TLSv1.2", "list-br"});
    assertEquals("br-tls\n", ownVsctl(CLIENT, old).output());

    // Whom to trust is learnt by a first attempt, and used by the second.
    Path learnt = directory.resolve("learnt.cert");
    String[] learning = {
      "--bootstrap-ca-cert=" + learnt, "--timeout=10", "--no-wait", "--db=" + ssl(), "list-br"
    };
    String[] own = {
      "ovs-vsctl",
      "--private-key=" + pki.file(CLIENT + ".key"),
      "--certificate=" + pki.file(CLIENT + ".cert")
    };
    SluiceProcess.runToEnd(directory, with(learning, own));
    assertTrue(Files.exists(learnt), Files.readString(log));
    Ended second = SluiceProcess.runToEnd(directory, with(learning, own));
    assertEquals("br-tls\n", second.output(), second.errors());
  }
}
