package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.daemon.Pidfile;
import org.sluice.base.linux.Processes;
import org.sluice.tools.system.SluiceProcess.Ended;

/** The daemons as processes: how they start, say no, and end; what they leave. */
class DaemonTest {
  @TempDir Path directory;
  private Tools tools;
  private SluiceProcess server;
  private SluiceProcess vswitchd;

  @BeforeEach
  void prepare() {
    Tools.assumeInstalled("ovs-vsctl", "ovs-appctl", "ovsdb-tool", "ovsdb-client");
    tools = new Tools(directory);
  }

  @AfterEach
  void stop() throws Exception {
    for (SluiceProcess process : new SluiceProcess[] {vswitchd, server}) {
      if (process != null) {
        process.stop();
      }
    }
  }

  private void startServer(String... more) throws Exception {
    if (!Files.exists(directory.resolve("conf.db"))) {
      tools.run("ovsdb-tool", "create", directory.resolve("conf.db").toString(), schema());
    }
    String remote = "--remote=punix:" + directory.resolve("db.sock");
    server = SluiceProcess.start(directory, with(more, "ovsdb-server", "--pidfile", remote));
  }

  private static String schema() {
    return "/usr/share/openvswitch/vswitch.ovsschema";
  }

  private void startVswitchd(String... more) throws Exception {
    vswitchd = SluiceProcess.start(directory, with(more, "ovs-vswitchd", "--pidfile"));
  }

  private static String[] with(String[] more, String... words) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith(".") && !name.startsWith("console"))
          .filter(name -> !name.equals("ready"))
          .sorted()
          .toList();
    }
  }

  @Test
  void shouldRunServerAndSwitchApart() throws Exception {
    startServer("--detach", "--no-chdir", "--log-file");
    tools.run("ovs-vsctl", "--no-wait", "init");
    startVswitchd("--detach", "--no-chdir", "--log-file", "-vvconn", "-vofproto_dpif", "-vunixctl");

    assertEquals(server.pid(), Pidfile.read(directory.resolve("ovsdb-server.pid")));
    assertEquals(vswitchd.pid(), Pidfile.read(directory.resolve("ovs-vswitchd.pid")));
    assertTrue(tools.run("ovs-appctl", "version").startsWith("ovs-vswitchd (Open vSwitch) "));
    assertTrue(
        tools.run("ovs-appctl", "-t", "ovsdb-server", "version").startsWith("ovsdb-server (Open"));
    tools.run("ovs-vsctl", "add-br", "br-dm", "--", "set", "bridge", "br-dm", "fail_mode=secure");
    assertTrue(tools.run("ovs-vsctl", "show").contains("Bridge br-dm"));

    tools.run("ovs-appctl", "exit", "--cleanup");
    assertEquals(0, vswitchd.awaitExit());
    tools.run("ovs-appctl", "-t", "ovsdb-server", "exit");
    assertEquals(0, server.awaitExit());
    assertEquals(List.of("conf.db", "ovs-vswitchd.log", "ovsdb-server.log"), files());
    assertOnlyKnownLines(server);
    assertOnlyKnownLines(vswitchd);
  }

  /** A start script takes anything else for a failure. */
  private static void assertOnlyKnownLines(SluiceProcess process) throws IOException {
    List<String> others =
        process
            .console()
            .lines()
            .filter(line -> !line.contains("|vlog|INFO|opened log file "))
            .filter(line -> !line.contains("|INFO|ovs-vswitchd (Open vSwitch)"))
            .filter(line -> !line.contains("|INFO|ovsdb-server (Open vSwitch)"))
            .toList();
    assertEquals(List.of(), others);
  }

  private String appctl(String... words) throws Exception {
    return tools.run(with(words, "ovs-appctl", "-t", "ovsdb-server"));
  }

  @Test
  void shouldLogTheChangesOfTablesWhenTold() throws Exception {
    startServer("--detach", "--no-chdir", "--log-file");
    appctl("ovsdb-server/tlog-set", "Open_vSwitch:Bridge", "ON");
    String list = appctl("ovsdb-server/tlog-list");
    assertTrue(list.startsWith("database        table                       logging\n"), list);
    assertTrue(list.contains("\nOpen_vSwitch     \n                AutoAttach "), list);
    assertTrue(list.contains("\n                Bridge                      ON\n"), list);
    assertTrue(list.endsWith("\n                Database                    OFF\n"), list);
    tools.run("ovs-vsctl", "--no-wait", "add-br", "br-tlog");
    appctl("exit");
    assertEquals(0, server.awaitExit());
    String log = Files.readString(directory.resolve("ovsdb-server.log"));
    assertTrue(log.contains("|transaction|INFO|table:Bridge,op:inserted,_uuid:"), log);
    assertFalse(log.contains("table:Port"), log);
  }

  @Test
  void shouldRefuseToLogWhatThereIsNot() throws Exception {
    startServer("--detach", "--no-chdir");
    String[][] refusals = {
      {"Open_vSwitch:Bridge", "maybe", "invalid command argument"},
      {"Open_vSwitch", "on", "invalid DB:TABLE argument"},
      {"a:b:c", "on", "invalid DB:TABLE argument"},
      {"OVN:Bridge", "on", "no such database"},
      {"Open_vSwitch:Bride", "off", "no such table"}
    };
    for (String[] refusal : refusals) {
      Tools.Result result =
          tools.attempt(
              "ovs-appctl", "-t", "ovsdb-server", "ovsdb-server/tlog-set", refusal[0], refusal[1]);
      assertEquals(2, result.status());
      assertTrue(result.output().startsWith(refusal[2] + "\n"), result.output());
    }
  }

  @Test
  void shouldMakeTheDirectoryThatItIsGiven() throws Exception {
    Path made = directory.resolve("new");
    vswitchd =
        SluiceProcess.start(directory, "run", "--dir", made.toString(), "--detach", "--log-file");
    assertTrue(Files.exists(made.resolve("ovs-vswitchd.log")));
    new Tools(made).run("ovs-vsctl", "--timeout=5", "get", "open_vswitch", ".", "cur_cfg");
    assertOnlyKnownLines(vswitchd);
    new Tools(made).run("ovs-appctl", "exit");
    assertEquals(0, vswitchd.awaitExit());
  }

  @Test
  void shouldDieByTheSignalAndLeaveNothing() throws Exception {
    startServer();
    startVswitchd("--log-file");
    vswitchd.signal("TERM");
    assertEquals(128 + 15, vswitchd.awaitExit());
    assertEquals(
        1,
        vswitchd.complaints().stream()
            .filter(line -> line.contains("|fatal_signal|WARN|terminating with signal 15"))
            .count(),
        vswitchd.console());
    server.signal("INT");
    assertEquals(128 + 2, server.awaitExit());
    assertEquals(List.of("conf.db", "ovs-vswitchd.log"), files());
  }

  @Test
  void shouldRefuseToRunTwice() throws Exception {
    startServer();
    startVswitchd();
    List<String> before = files();

    Ended second = SluiceProcess.runToEnd(directory, "ovs-vswitchd", "--pidfile");
    String file = directory.resolve("ovs-vswitchd.pid").toString();
    String refusal = ": " + file + ": already running as pid " + vswitchd.pid() + ", aborting\n";
    assertEquals(new Ended(1, "", "ovs-vswitchd" + refusal), second);

    Ended whole = SluiceProcess.runToEnd(directory, "run", "--dir", directory.toString());
    assertEquals(new Ended(1, "", "sluice run" + refusal), whole);

    Ended otherServer = SluiceProcess.runToEnd(directory, "ovsdb-server", "--pidfile");
    assertTrue(
        otherServer.errors().endsWith("already running as pid " + server.pid() + ", aborting\n"));

    assertEquals(before, files());
    assertTrue(tools.run("ovs-appctl", "version").startsWith("ovs-vswitchd"));
  }

  @Test
  void shouldRefuseADatabaseThatAnotherServerHas() throws Exception {
    startServer();
    Ended second =
        SluiceProcess.runToEnd(
            directory, "ovsdb-server", "--unixctl=" + directory.resolve("other.ctl"));
    assertEquals(1, second.status());
    assertTrue(second.errors().contains("conf.db: "), second.errors());
    assertTrue(second.errors().contains("failed to lock lockfile"), second.errors());
    assertTrue(second.errors().endsWith("server configuration failed\n"), second.errors());
    assertFalse(Files.exists(directory.resolve("other.ctl")));
  }

  @Test
  void shouldNameTheOffsetOfWhatIsCorruptInADatabase() throws Exception {
    startServer();
    tools.run("ovs-vsctl", "--no-wait", "init");
    long middle = Files.size(directory.resolve("conf.db")) - 20;
    tools.run("ovs-vsctl", "--no-wait", "add-br", "br-dm");
    server.stop();
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("conf.db").toFile(), "rw")) {
      file.seek(middle);
      file.write('~');
    }
    byte[] before = Files.readAllBytes(directory.resolve("conf.db"));

    Ended refused = SluiceProcess.runToEnd(directory, "run", "--dir", directory.toString());
    assertEquals(1, refused.status());
    assertEquals(1, refused.errors().lines().count(), refused.errors());
    assertTrue(refused.errors().contains("conf.db: "), refused.errors());
    assertTrue(refused.errors().contains("offset "), refused.errors());
    assertTrue(Arrays.equals(before, Files.readAllBytes(directory.resolve("conf.db"))));
    assertEquals(List.of("conf.db"), files());
  }

  @Test
  void shouldRefuseWhatMakesNoSense() throws Exception {
    assertRefused("unrecognized option '--nonsense'", "ovs-vswitchd", "--nonsense");
    assertRefused("unrecognized option '--nonsense'", "run", "--nonsense");
    assertRefused("'--remote' requires an argument", "ovsdb-server", "--remote");
    assertRefused("at most one non-option argument", "ovs-vswitchd", "a", "b");
    Ended missing = SluiceProcess.runToEnd(directory, "ovsdb-server", "/missing.db");
    assertEquals(1, missing.status());
    assertTrue(missing.errors().contains("/missing.db: open failed (No such file"));
    assertTrue(missing.errors().endsWith("ovsdb-server: server configuration failed\n"));
    assertRefused("/etc/passwd: is no directory", "run", "--dir", "/etc/passwd");
    assertRefused("/missing/x.pid", "ovs-vswitchd", "--pidfile=/missing/x.pid");
    assertEquals(List.of(), files());
  }

  private void assertRefused(String why, String... words) throws Exception {
    Ended ended = SluiceProcess.runToEnd(directory, words);
    assertEquals(1, ended.status());
    assertEquals("", ended.output());
    assertEquals(1, ended.errors().lines().count(), ended.errors());
    assertTrue(ended.errors().contains(why), ended.errors());
  }

  @Test
  void shouldSayWhichPrivilegeIsMissing() throws Exception {
    assumeTrue(Processes.isRoot(), "skipped: only root has privileges to lose");
    Tools.assumeInstalled("setpriv");
    vswitchd = SluiceProcess.startWithoutPrivilege(directory, "run", "--dir", directory.toString());
    assertTrue(
        vswitchd.console().startsWith("sluice run: without CAP_NET_ADMIN and"), vswitchd.console());

    Tools.Result result = tools.attempt("ovs-vsctl", "add-br", "br-dm");
    assertTrue(result.output().contains("Operation not permitted"), result.output());
    assertEquals(List.of(), vswitchd.complaints("(Operation not permitted)"));
  }
}
