package org.sluice.tools.dbclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.options.CapturedRun;

class OvsdbClientToolTest {
  @TempDir Path directory;
  private AnimalServer server;

  @BeforeEach
  void start() throws Exception {
    server = AnimalServer.start(directory);
    client("transact", server.remote(), AnimalServer.insert("ant", 6)).ok();
    client("transact", server.remote(), AnimalServer.insert("cow", 4)).ok();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static CapturedRun client(String... arguments) throws Exception {
    return CapturedRun.of(OvsdbClientTool::new, arguments);
  }

  @Test
  void shouldShowWhatThereIs() throws Exception {
    assertEquals("_Server\nanimals\n", client("list-dbs", server.remote()).ok());
    assertEquals("1.2.3\n", client("get-schema-version", server.remote(), "animals").ok());
    assertEquals("12 34\n", client("get-schema-cksum", server.remote()).ok());
    assertEquals("Table\n------\nAnimal\n", client("list-tables", server.remote()).ok());
    String columns =
        """
        Column   Type
        -------- ------------------------------------------
        _uuid    "uuid"
        _version "uuid"
        eats     {"key":"string","max":"unlimited","min":0}
        legs     "integer"
        name     "string"
        """;
    assertEquals(columns, client("list-columns", server.remote(), "animals", "Animal").ok());
  }

  @Test
  void shouldDumpInTheOrderOfContents() throws Exception {
    assertEquals(
        "Animal table\nlegs name\n---- ----\n4    cow\n6    ant\n",
        client("dump", server.remote(), "animals", "Animal", "name", "legs").ok());
    assertEquals(
        "ant\n\ncow\n",
        client("--bare", "dump", server.remote(), "Animal", "name")
            .ok()
            .replace("Animal table\n", ""));
  }

  @Test
  void shouldChangeNothingByAQuery() throws Exception {
    String result = client("query", server.remote(), AnimalServer.insert("bee", 6)).ok();
    assertTrue(result.matches("\\[\\{\"uuid\":\\[\"uuid\",\"[0-9a-f-]{36}\"\\]\\}\\]\n"), result);
    String dump = client("dump", server.remote(), "Animal", "name").ok();
    assertEquals("Animal table\nname\n----\nant\ncow\n", dump);
  }

  @Test
  void shouldPrintPrettyJsonWhereAsked() throws Exception {
    String select =
        "[\"animals\",{\"op\":\"select\",\"table\":\"Animal\",\"where\":[[\"legs\",\"==\",6]],"
            + "\"columns\":[\"name\"]}]";
    assertEquals(
        "[\n  {\n    \"rows\": [\n      {\n        \"name\": \"ant\"}]}]\n",
        client("--pretty", "transact", server.remote(), select).ok());
  }

  @Test
  void shouldRestoreABackupWithReferencesKept() throws Exception {
    String backup = client("backup", server.remote()).ok();
    String before = client("dump", server.remote(), "Animal", "name", "legs").ok();
    String delete = "[\"animals\",{\"op\":\"delete\",\"table\":\"Animal\",\"where\":[]}]";
    client("transact", server.remote(), delete).ok();
    InputStream stdin = System.in;
    Path file = Files.writeString(directory.resolve("backup"), backup);
    try (InputStream in = Files.newInputStream(file)) {
      System.setIn(in);
      client("restore", server.remote()).ok();
    } finally {
      System.setIn(stdin);
    }
    assertEquals(before, client("dump", server.remote(), "Animal", "name", "legs").ok());
  }

  @Test
  void shouldNameTheInputThatIsNoBackup() throws Exception {
    InputStream stdin = System.in;
    try {
      System.setIn(InputStream.nullInputStream());
      assertEquals(
          "ovsdb-client: ovsdb error: /dev/stdin: cannot identify file type\n",
          client("restore", server.remote()).err());
    } finally {
      System.setIn(stdin);
    }
  }

  @Test
  void shouldTellWhetherASchemaDiffers() throws Exception {
    String schema = Files.writeString(directory.resolve("s"), AnimalServer.SCHEMA).toString();
    assertEquals("no\n", client("needs-conversion", server.remote(), schema).ok());
    Files.writeString(Path.of(schema), AnimalServer.SCHEMA.replace("1.2.3", "1.2.4"));
    assertEquals("yes\n", client("needs-conversion", server.remote(), schema).ok());
  }

  @Test
  void shouldReturnAtOnceFromAWaitThatIsOver() throws Exception {
    client("-vconsole:warn", "wait", server.remote(), "animals", "connected").ok();
    client("-vconsole:warn", "wait", server.remote(), "animals", "added").ok();
    client("-vconsole:warn", "wait", server.remote(), "plants", "removed").ok();
    assertError("gone: unknown state", "wait", server.remote(), "animals", "gone");
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    String nobody = "unix:" + directory.resolve("nobody");
    assertError(
        "failed to connect to \"" + nobody + "\" (No such file or directory)", "list-dbs", nobody);
    assertError("unknown command 'frob'; use --help for help", "frob");
    assertError("missing command name; use --help for help");
    assertError(
        "invalid syntax for 'list-tables' (use --help for help)",
        "list-tables",
        server.remote(),
        "animals",
        "x");
    assertError("not a valid OVSDB query", "transact", server.remote(), "{}");
    assertError("No table \"Plant\" found.", "dump", server.remote(), "animals", "Plant");
    assertError(
        "Table \"Animal\" has no column wings.", "dump", server.remote(), "Animal", "wings");
    assertError("value soon on -t or --timeout is invalid", "--timeout=soon", "list-dbs");
    assertError(
        "%s: animals does not have a table named \"Plant\"".formatted(server.remote()),
        "monitor",
        server.remote(),
        "Plant");
    assertError(
        "%s: column \"name\" mentioned multiple times".formatted(server.remote()),
        "monitor",
        server.remote(),
        "Animal",
        "name,name");
    String both = server.remote() + "," + nobody;
    CapturedRun run = client("get-schema", both, "plants");
    assertTrue(run.err().endsWith("ovsdb-client: no servers were available\n"), run.err());
  }

  private static void assertError(String expected, String... arguments) throws Exception {
    CapturedRun run = client(arguments);
    assertEquals("ovsdb-client: " + expected + "\n", run.err());
    assertEquals(1, run.status());
    assertEquals("", run.out());
  }
}
