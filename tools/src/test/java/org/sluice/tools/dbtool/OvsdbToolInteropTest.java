package org.sluice.tools.dbtool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.tools.options.CapturedRun;
import org.sluice.tools.system.Tools;

/** Our tool and Debian's on each other's files. */
class OvsdbToolInteropTest {
  private static final String INSERT =
      """
      ["Open_vSwitch",
       {"op": "insert", "table": "Bridge", "uuid-name": "b",
        "row": {"name": "br\u00e9", "external_ids": ["map", [["k", "v w"]]]}},
       {"op": "insert", "table": "Open_vSwitch", "row": {"bridges": ["named-uuid", "b"]}},
       {"op": "comment", "comment": "first"}]\
      """;
  private static final String UPDATE =
      """
      ["Open_vSwitch",
       {"op": "mutate", "table": "Bridge", "where": [],
        "mutations": [["external_ids", "insert", ["map", [["l", "m"]]]],
                      ["protocols", "insert", ["set", ["OpenFlow10", "OpenFlow15"]]]]}]\
      """;
  private static final String SELECT =
      """
      ["Open_vSwitch", {"op": "select", "table": "Bridge", "where": [],
                        "columns": ["_uuid", "name", "external_ids", "protocols"]}]\
      """;

  @TempDir Path directory;
  private Tools debian;
  private String db;
  private String schema;

  @BeforeEach
  void setUp() throws Exception {
    Tools.assumeInstalled("ovsdb-tool");
    debian = new Tools(directory);
    db = directory.resolve("db").toString();
    schema = directory.resolve("schema").toString();
    Files.writeString(Path.of(schema), ShippedSchemas.openVswitchText());
  }

  private static String ours(String... arguments) throws Exception {
    return CapturedRun.of(OvsdbTool::new, arguments).ok();
  }

  private String theirs(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "ovsdb-tool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return debian.run(command);
  }

  @Test
  void shouldReadAndChangeWhatDebiansToolMade() throws Exception {
    theirs("create", db, schema);
    theirs("transact", db, INSERT);
    ours("transact", db, UPDATE);
    assertEquals(theirs("query", db, SELECT), ours("query", db, SELECT));
    assertEquals(theirs("db-version", db), ours("db-version", db));
    assertEquals(theirs("needs-conversion", db, schema), ours("needs-conversion", db, schema));
  }

  @Test
  void shouldWriteWhatDebiansToolReadsAndChanges() throws Exception {
    ours("create", db, schema);
    ours("transact", db, INSERT);
    theirs("transact", db, UPDATE);
    ours("compact", db);
    theirs("compact", db);
    assertEquals(theirs("query", db, SELECT), ours("query", db, SELECT));
    assertTrue(ours("query", db, SELECT).contains("OpenFlow15"));
  }

  @Test
  void shouldTellTheSameHistory() throws Exception {
    ours("create", db, schema);
    ours("transact", db, INSERT);
    theirs("transact", db, UPDATE);
    assertEquals(theirs("show-log", db), ours("show-log", db));
    assertEquals(
        sortedLines(theirs("-mm", "show-log", db)), sortedLines(ours("-mm", "show-log", db)));
  }

  /** Debian's goes by its hash tables' order. */
  private static String sortedLines(String text) {
    return String.join("\n", text.lines().sorted().toList());
  }

  @Test
  void shouldRefuseInTheSameWords() throws Exception {
    Files.writeString(Path.of(db), "no database\n");
    for (String command : new String[] {"db-version", "compact", "show-log"}) {
      Tools.Result their = debian.attempt("ovsdb-tool", command, db);
      CapturedRun our = CapturedRun.of(OvsdbTool::new, command, db);
      assertEquals(their.output(), our.err());
      assertEquals(their.status(), our.status());
    }
  }

  @Test
  void shouldFoundAClusterThatDebiansToolAccepts() throws Exception {
    String member = directory.resolve("member").toString();
    ours("create", db, schema);
    ours("transact", db, INSERT);
    String log =
        CapturedRun.of(
                OvsdbTool::new, "--election-timer=1500", "create-cluster", member, db, "unix:raft")
            .err();
    assertTrue(log.contains("|ovsdb|WARN|" + db + ": changed 31 columns in 'Open_vSwitch'"), log);
    theirs("check-cluster", member);
    for (String command : new String[] {"db-name", "db-cid", "db-sid", "db-local-address"}) {
      assertEquals(theirs(command, member), ours(command, member));
    }
    assertTrue(theirs("show-log", member).contains("record 1:\n term: 1\n index: 2\n"));
    String again = directory.resolve("again").toString();
    theirs("cluster-to-standalone", again, member);
    assertEquals(ours("query", db, SELECT), theirs("query", again, SELECT));
  }

  @Test
  void shouldJoinAClusterAsDebiansToolDoes() throws Exception {
    String cid = "520cf525-3772-43cc-8268-23bf5b548cf4";
    for (String option : new String[] {"--cid=" + cid, "--verbose=ovsdb:off"}) {
      String member = directory.resolve("member" + option.length()).toString();
      ours(option, "join-cluster", member, "Open_vSwitch", "tcp:192.0.2.1:1", "tcp:192.0.2.2:1");
      for (String command : new String[] {"db-name", "db-sid", "db-local-address", "db-cid"}) {
        Tools.Result their = debian.attempt("ovsdb-tool", command, member);
        CapturedRun our = CapturedRun.of(OvsdbTool::new, command, member);
        assertEquals(their.output(), our.out() + our.err());
        assertEquals(their.status(), our.status());
      }
    }
  }

  @Test
  void shouldReadWhatAServerWroteIntoAMembersFile() throws Exception {
    Tools.assumeInstalled("ovsdb-server", "ovsdb-client");
    String member = directory.resolve("member").toString();
    String socket = directory.resolve("db.sock").toString();
    String bridge = INSERT.replace("br\u00e9", "bre");
    ours("create", db, schema);
    ours("transact", db, bridge);
    ours("--verbose=ovsdb:off", "create-cluster", member, db, "unix:" + directory.resolve("raft"));
    debian.run(
        "ovsdb-server", "--detach", "--no-chdir", "--pidfile", "--remote=punix:" + socket, member);
    try {
      debian.run("ovsdb-client", "wait", "unix:" + socket, "Open_vSwitch", "connected");
      debian.run("ovsdb-client", "transact", "unix:" + socket, UPDATE);
    } finally {
      debian.run("ovs-appctl", "-t", "ovsdb-server", "exit");
    }
    assertEquals(theirs("show-log", member), ours("show-log", member));
    assertEquals(
        sortedLines(theirs("-mm", "show-log", member)),
        sortedLines(ours("-mm", "show-log", member)));
    assertEquals(theirs("check-cluster", member), ours("check-cluster", member));
    String again = directory.resolve("again").toString();
    ours("cluster-to-standalone", again, member);
    assertTrue(theirs("query", again, SELECT).contains("OpenFlow15"));
    assertEquals(theirs("query", again, SELECT), ours("query", again, SELECT));
  }
}
