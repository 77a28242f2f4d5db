package org.sluice.tools.dbtool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.options.CapturedRun;

class OvsdbToolTest {
  private static final String SCHEMA =
      """
      {"name": "animals", "version": "1.2.3", "cksum": "12 34",
       "tables": {"Animal": {"columns": {"name": {"type": "string"},
                                         "legs": {"type": "integer"},
                                         "eats": {"type": {"key": "string", "min": 0,
                                                           "max": "unlimited"}}},
                             "indexes": [["name"]]}}}\
      """;
  private static final String ALL =
      """
      ["animals", {"op": "select", "table": "Animal", "where": [], "columns": ["name", "legs"],
                   "sort": ["name"]}]\
      """;

  @TempDir Path directory;
  private String db;
  private String schema;

  @BeforeEach
  void create() throws Exception {
    db = directory.resolve("db").toString();
    schema = write("schema", SCHEMA);
    run("create", db, schema).ok();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static CapturedRun run(String... arguments) throws Exception {
    return CapturedRun.of(OvsdbTool::new, arguments);
  }

  private static String insert(String name, int legs) {
    return """
    ["animals", {"op": "insert", "table": "Animal", "row": {"name": "%s", "legs": %d}},
                {"op": "comment", "comment": "enter %s"}]\
    """
        .formatted(name, legs, name);
  }

  @Test
  void shouldChangeTheFileByATransactionButNotByAQuery() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    run("query", db, insert("bee", 6)).ok();
    assertEquals("[{\"rows\":[{\"legs\":6,\"name\":\"ant\"}]}]\n", run("query", db, ALL).ok());
  }

  @Test
  void shouldReportErrorsOfTransactionsAsResults() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    String again = run("transact", db, insert("ant", 8)).ok();
    assertTrue(again.contains("\"error\":\"constraint violation\""), again);
    assertEquals(
        "{\"details\":\"database name expected as first parameter\",\"error\":\"syntax error\","
            + "\"syntax\":\"[\\\"plants\\\"]\"}\n",
        run("query", db, "[\"plants\"]").ok());
    String waited =
        """
        ["animals", {"op": "wait", "table": "Animal", "where": [], "columns": ["name"],
                     "until": "==", "rows": [{"name": "cat"}]}]\
        """;
    assertEquals(
        "[{\"details\":\"triggers not supported\",\"error\":\"not supported\"}]\n",
        run("query", db, waited).ok());
  }

  @Test
  void shouldShowSchemas() throws Exception {
    assertEquals("animals\n", run("db-name", db).ok());
    assertEquals("1.2.3\n", run("db-version", db).ok());
    assertEquals("12 34\n", run("db-cksum", db).ok());
    assertEquals("animals\n", run("schema-name", schema).ok());
    assertEquals("1.2.3\n", run("schema-version", schema).ok());
    assertEquals("12 34\n", run("schema-cksum", schema).ok());
    assertEquals("no\n", run("needs-conversion", db, schema).ok());
    String other = write("other", SCHEMA.replace("1.2.3", "1.2.4"));
    assertEquals("yes\n", run("needs-conversion", db, other).ok());
  }

  @Test
  void shouldCompareVersionsByNumber() throws Exception {
    assertEquals(0, run("compare-versions", "1.2.10", ">", "1.2.9").status());
    assertEquals(2, run("compare-versions", "1.2.10", "==", "1.2.9").status());
    assertEquals(0, run("compare-versions", "7.0.0", "!=", "8.0.0").status());
    assertEquals(
        "ovsdb-tool: 1.2: not an OVSDB version number in format x.y.z\n",
        run("compare-versions", "1.2", "<", "1.3.0").err());
    assertEquals(
        "ovsdb-tool: =: not a relational operator\n",
        run("compare-versions", "1.2.0", "=", "1.3.0").err());
  }

  @Test
  void shouldForgetHistoryButNoRowWhenCompacting() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    run("transact", db, insert("bee", 6)).ok();
    String before = run("query", db, ALL).ok();
    String copy = directory.resolve("copy").toString();
    run("compact", db, copy).ok();
    assertEquals(3, records(db));
    assertEquals(2, records(copy));
    run("compact", db).ok();
    assertEquals(2, records(db));
    assertEquals(before, run("query", db, ALL).ok());
    assertEquals(before, run("query", copy, ALL).ok());
  }

  private static long records(String file) throws IOException {
    return Files.readString(Path.of(file)).lines().filter(line -> line.startsWith("OVSDB")).count();
  }

  @Test
  void shouldReplaceWhatALinkPointsTo() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("folder/real"));
    run("create", link.toString(), schema).ok();
    run("compact", link.toString()).ok();
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.isRegularFile(folder.resolve("real")));
    assertTrue(Files.exists(folder.resolve(".real.~lock~")));
  }

  @Test
  void shouldConvertToASchemaWithOtherColumns() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    String narrower =
        write(
            "narrower",
            SCHEMA.replace(
                "\"legs\": {\"type\": \"integer\"}", "\"wings\": {\"type\": \"integer\"}"));
    run("convert", db, narrower).ok();
    String query = ALL.replace("legs", "wings");
    assertEquals("[{\"rows\":[{\"name\":\"ant\",\"wings\":0}]}]\n", run("query", db, query).ok());
  }

  @Test
  void shouldLeaveTheFileAloneWhenItsDataDoNotFitTheNewSchema() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    byte[] before = Files.readAllBytes(Path.of(db));
    String stricter =
        write(
            "stricter",
            SCHEMA.replace("\"integer\"", "{\"key\": {\"type\": \"integer\", \"maxInteger\": 4}}"));
    CapturedRun run = run("convert", db, stricter);
    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("ovsdb-tool: constraint violation: "), run.err());
    assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(Path.of(db))));
  }

  @Test
  void shouldTellTheHistory() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    run(
            "transact",
            db,
            "[\"animals\",{\"op\":\"update\",\"table\":\"Animal\",\"where\":[],\"row\":{\"legs\":5,"
                + "\"eats\":[\"set\",[\"a b\",\"c\"]]}}]")
        .ok();
    run("transact", db, "[\"animals\",{\"op\":\"delete\",\"table\":\"Animal\",\"where\":[]}]").ok();
    String expected =
        """
        record 0: "animals" schema, version="1.2.3", cksum="12 34"

        record 1: DATE "enter ant"
          table Animal insert row "ant" (UUID):
            name=ant
            legs=6

        record 2: DATE
          table Animal row "ant" (UUID) diff:
            legs=5
            eats=["a b", c]

        record 3: DATE
          table Animal row "ant" (UUID) diff:
            delete row

        """;
    String text =
        run("-mm", "show-log", db)
            .ok()
            .replaceAll("[0-9]{4}-[0-9-]{5} [0-9:]{8}\\.[0-9]{3}", "DATE")
            .replaceAll("\\([0-9a-f]{8}\\)", "(UUID)");
    assertEquals(sorted(expected), sorted(text));
  }

  /** Columns come in the file's order, which is the alphabet's. */
  private static String sorted(String text) {
    return text.replace("    name=ant\n    legs=6\n", "    legs=6\n    name=ant\n")
        .replace("    legs=5\n    eats=[\"a b\", c]\n", "    eats=[\"a b\", c]\n    legs=5\n");
  }

  @Test
  void shouldRefuseAFileThatIsLocked() throws Exception {
    Path lock = directory.resolve(".db.~lock~");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      channel.lock();
      CapturedRun run = run("transact", db, insert("ant", 6));
      assertEquals(
          "ovsdb-tool: I/O error: "
              + db
              + ": failed to lock lockfile (Resource temporarily unavailable)\n",
          run.err());
      assertEquals(1, run.status());
      run("query", db, ALL).ok();
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() throws Exception {
    String none = directory.resolve("none").toString();
    String garbage = write("garbage", "{}\n");
    String empty = write("empty", "");
    String cluster =
        write("cluster", "OVSDB CLUSTER 3 0123456789012345678901234567890123456789\n{}\n");
    assertError(
        "I/O error: " + none + ": open failed (No such file or directory)", "db-name", none);
    assertError("ovsdb error: " + garbage + ": unexpected file format", "show-log", garbage);
    assertError("ovsdb error: " + empty + ": cannot identify file type", "db-version", empty);
    assertError(
        "ovsdb error: " + cluster + ": cannot apply this operation to clustered database file",
        "compact",
        cluster);
    assertError("I/O error: " + db + ": create failed (File exists)", "create", db, schema);
    assertError(
        "I/O error: " + directory + ": read error (Is a directory)",
        "db-name",
        directory.toString());
  }

  @Test
  void shouldSayWhatIsWrongWithASchema() throws Exception {
    String none = directory.resolve("none").toString();
    assertError(
        "failed to read schema: \"%s\" could not be read as JSON (error opening \"%s\": No such file or directory)"
            .formatted(none, none),
        "schema-name",
        none);
    assertError(
        "failed to read schema: \"%s\" could not be read as JSON (error reading JSON stream: Is a directory)"
            .formatted(directory),
        "schema-name",
        directory.toString());
    String garbage = write("garbage", "{\n  \"name\": x}");
    CapturedRun run = run("schema-name", garbage);
    assertTrue(
        run.err()
            .startsWith(
                "ovsdb-tool: failed to read schema: \""
                    + garbage
                    + "\" could not be read as JSON (line 1, "),
        run.err());
    String nameless = write("nameless", "{\"tables\": {}}");
    assertError(
        "syntax \"{\"tables\":{}}\": syntax error: failed to parse \"%s\" as ovsdb schema: Parsing database schema failed: Required 'name' member is missing."
            .formatted(nameless),
        "schema-name",
        nameless);
  }

  @Test
  void shouldRefuseATornTailRatherThanDropIt() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    byte[] whole = Files.readAllBytes(Path.of(db));
    Files.write(Path.of(db), Arrays.copyOf(whole, whole.length - 5));
    byte[] torn = Files.readAllBytes(Path.of(db));
    for (String command : List.of("query", "transact")) {
      CapturedRun run = run(command, db, command.equals("query") ? ALL : insert("bee", 6));
      assertEquals(1, run.status(), command);
      assertTrue(run.err().contains("error reading"), run.err());
      assertArrayEquals(torn, Files.readAllBytes(Path.of(db)), command);
    }
  }

  @Test
  void shouldTellTheTwoFormatsApart() throws Exception {
    String cluster =
        write("cluster", "OVSDB CLUSTER 3 0123456789012345678901234567890123456789\n{}\n");
    assertEquals(0, run("db-is-standalone", db).status());
    assertEquals(2, run("db-is-clustered", db).status());
    assertEquals(2, run("db-is-standalone", cluster).status());
    assertEquals(0, run("db-is-clustered", cluster).status());
    assertError(db + ": not a clustered database", "db-cid", db);
  }

  @Test
  void shouldSayWhatIsWrongWithAMember() throws Exception {
    String member = directory.resolve("member").toString();
    String remote = "tcp:192.0.2.2:6643";
    String timer = "ovsdb error: election timer must be between 100 and 600000, in msec.";
    assertError(timer, "--election-timer=99", "create-cluster", member, schema, remote);
    assertError(timer, "--election-timer=soon", "create-cluster", member, schema, remote);
    assertError(
        "ovsdb error: nowhere: expected \"tcp\" or \"ssl\" address",
        "create-cluster",
        member,
        schema,
        "nowhere");
    assertError(
        "ovsdb error: tcp:x:y: syntax error in address", "create-cluster", member, db, "tcp:x:y");
    assertError("0: not a valid UUID", "--cid=0", "join-cluster", member, "a", "unix:b", remote);
    assertError(
        "ovsdb error: remote addresses cannot be the same as the local address",
        "join-cluster",
        member,
        "a",
        remote,
        remote);
    assertError(
        "a/b: not a valid schema name (use \"schema-name\" command to find the correct name)",
        "join-cluster",
        member,
        "a/b",
        "unix:b",
        remote);
    assertTrue(Files.notExists(Path.of(member)));
  }

  @Test
  void shouldSayWhatIsWrongWithTheHeaderOfAMember() throws Exception {
    String member = directory.resolve("member").toString();
    run("create-cluster", member, schema, "unix:raft").ok();
    byte[] whole = Files.readAllBytes(Path.of(member));
    Path damaged = directory.resolve("damaged");
    for (int length : new int[] {30, whole.length - 1}) {
      Files.write(damaged, Arrays.copyOf(whole, length));
      CapturedRun run = run("db-sid", damaged.toString());
      assertEquals(1, run.status());
      assertTrue(run.err().contains(damaged + ": "), run.err());
      assertEquals(1, run.err().lines().count());
    }
    whole[whole.length - 9] ^= 1;
    Files.write(damaged, whole);
    CapturedRun run = run("db-cid", damaged.toString());
    assertTrue(run.err().contains(" have SHA-1 hash "), run.err());
  }

  @Test
  void shouldShowATornFileUpToWhereItIsTorn() throws Exception {
    run("transact", db, insert("ant", 6)).ok();
    Path file = Path.of(db);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    CapturedRun torn = run("show-log", db);
    assertTrue(torn.err().startsWith("ovsdb-tool: I/O error: " + db + ": error reading "));
    assertTrue(torn.err().endsWith(" (End of file)\n"), torn.err());
    assertTrue(torn.out().startsWith("record 0: \"animals\" schema"), torn.out());
    whole[whole.length - 9] ^= 1;
    Files.write(file, whole);
    String wrong = run("show-log", db).err();
    assertTrue(wrong.startsWith("ovsdb-tool: syntax error: " + db + ": "), wrong);
  }

  @Test
  void shouldComplainAboutWrongCommandLines() throws Exception {
    assertError("missing command name; use --help for help");
    assertError("unknown command 'frob'; use --help for help", "frob");
    assertError("'query' command requires at least 1 arguments", "query");
    assertError("'db-name' command takes at most 1 arguments", "db-name", "a", "b");
    assertError("unrecognized option '--frob'", "--frob");
    assertError("udp:x:y: bad syslog target", "--syslog-target=x:y", "db-name", db);
    CapturedRun json = run("query", db, "[x");
    assertTrue(json.err().startsWith("ovsdb-tool: \"[x\": line 0, column "), json.err());
  }

  private static void assertError(String expected, String... arguments) throws Exception {
    CapturedRun run = run(arguments);
    assertEquals("ovsdb-tool: " + expected + "\n", run.err());
    assertEquals(1, run.status());
    assertEquals("", run.out());
  }
}
