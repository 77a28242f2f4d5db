package org.sluice.ovsdb.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.ovsdb.DebianTools;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile.Opened;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.TestDatabase;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/**
 * The file: written, read back, torn, corrupted, locked, compacted, and exchanged with ovsdb-tool.
 */
class DatabaseFileTest {
  private static final long DAY_MS = 24L * 60 * 60 * 1000;

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void setUp() throws Exception {
    path = directory.resolve("family.db");
    DatabaseFile.create(path, DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
  }

  private static void transact(Opened opened, String operations) throws Exception {
    Outcome outcome =
        new TransactionExecutor(opened.database(), UUID::randomUUID)
            .execute(Request.of(TestDatabase.json("['family'," + operations + "]")));
    if (outcome instanceof Outcome.Ready ready) {
      var changes = CommitCheck.run(ready.transaction());
      opened.database().apply(changes);
      opened.file().append(changes, 1_000);
      opened.file().sync();
    } else {
      throw new AssertionError(outcome);
    }
  }

  private static String insert(String name) {
    return "{'op':'insert','table':'Parent','row':{'name':'%s','mood':'glad'}}".formatted(name);
  }

  private static List<String> names(Database database) {
    return database.table("Parent").rows().stream()
        .map(row -> row.get("name").string())
        .sorted()
        .toList();
  }

  /** Everything that must survive: all but ephemeral columns and versions. */
  private static Map<String, String> content(Database database) {
    Map<String, String> content = new TreeMap<>();
    for (Table table : database.tables()) {
      for (Row row : table.rows()) {
        content.put(
            row.toString(),
            TestDatabase.text(
                row.toJson(
                    table.schema().ownColumns().stream().filter(c -> c.persistent()).toList())));
      }
    }
    return content;
  }

  @Test
  void shouldKeepWhatWasWrittenButNotEphemeralColumns() throws Exception {
    try (DatabaseFile file = writeTwo()) {
      assertNull(file.damage());
    }
    Opened again = DatabaseFile.open(path);
    try (DatabaseFile file = again.file()) {
      assertNull(file.damage());
      assertEquals(List.of("abel", "cain"), names(again.database()));
      for (Row row : again.database().table("Parent").rows()) {
        assertEquals("", row.get("mood").string());
      }
    }
  }

  private DatabaseFile writeTwo() throws Exception {
    Opened opened = DatabaseFile.open(path);
    transact(opened, insert("cain"));
    transact(opened, insert("abel"));
    return opened.file();
  }

  @Test
  void shouldWriteOnlyTheDifferenceOfSets() throws Exception {
    try (DatabaseFile file = writeTwo()) {
      assertNotNull(file);
    }
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      transact(
          opened,
          "{'op':'update','table':'Parent','where':[['name','==','cain']],"
              + "'row':{'tags':['map',[['a','1'],['b','2']]]}}");
      long before = Files.size(path);
      transact(
          opened,
          "{'op':'mutate','table':'Parent','where':[['name','==','cain']],"
              + "'mutations':[['tags','insert',['map',[['c','3']]]]]}");
      String tail = Files.readString(path).substring((int) before);
      assertTrue(tail.contains("[\"map\",[[\"c\",\"3\"]]]"), tail);
      assertFalse(tail.contains("\"a\""), tail);
      assertEquals(content(opened.database()), content(DatabaseFile.read(file.path())));
    }
  }

  @Test
  void shouldCutTornTailWhereverItIsTorn() throws Exception {
    writeTwo().close();
    byte[] whole = Files.readAllBytes(path);
    int last = new String(whole, StandardCharsets.UTF_8).lastIndexOf("OVSDB JSON");
    for (int length = last + 1; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      Opened opened = DatabaseFile.open(path);
      try (DatabaseFile file = opened.file()) {
        assertEquals(List.of("cain"), names(opened.database()), "cut to " + length);
        assertNotNull(file.damage(), "cut to " + length);
        assertEquals(last, Files.size(path));
      }
    }
  }

  @Test
  void shouldGoOnAfterTornTail() throws Exception {
    writeTwo().close();
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length - 5));
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      transact(opened, insert("seth"));
      assertEquals(List.of("cain", "seth"), names(DatabaseFile.read(file.path())));
    }
  }

  @Test
  void shouldRefuseCorruptMiddleAndSayWhere() throws Exception {
    writeTwo().close();
    byte[] whole = Files.readAllBytes(path);
    String text = new String(whole, StandardCharsets.UTF_8);
    whole[text.indexOf("cain")] = 'C';
    Files.write(path, whole);
    OvsdbException thrown = assertThrows(OvsdbException.class, () -> DatabaseFile.open(path));
    assertTrue(thrown.getMessage().contains("starting at offset"), thrown.getMessage());
    assertTrue(
        thrown.getMessage().contains("a whole record follows at offset"), thrown.getMessage());
    assertEquals(whole.length, Files.size(path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1 2] | valid JSON (line 0, column 4, byte 4: syntax error expecting ']' or ',')",
        "[1,2] | a JSON object",
      })
  void shouldSayWhatARecordIsNot(String body, String what) throws Exception {
    writeTwo().close();
    byte[] record = LogRecord.encode(body.getBytes(StandardCharsets.UTF_8));
    long offset = Files.size(path) + record.length - 5;
    Files.write(path, record, StandardOpenOption.APPEND);
    try (DatabaseFile file = DatabaseFile.open(path).file()) {
      String where = ": 5 bytes starting at offset " + offset;
      assertEquals("syntax error: " + path + where + " are not " + what, file.damage().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'_commment':'x'}",
        "{'_date':1.5}",
        "{'_date':'now'}",
        "{'_is_diff':1}",
        "{'_x':{}}"
      })
  void shouldRefuseARecordThatSaysNothingKnown(String record) throws Exception {
    writeTwo().close();
    byte[] body = (record.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(path, LogRecord.encode(body), StandardOpenOption.APPEND);
    String member = record.split("'", 3)[1];
    OvsdbException thrown = assertThrows(OvsdbException.class, () -> DatabaseFile.read(path));
    assertTrue(
        thrown.getMessage().endsWith("unknown table: No table named " + member + "."),
        thrown.getMessage());
  }

  @Test
  void shouldSurviveAnyDamageWithAnswerOrRefusal() throws Exception {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    writeTwo().close();
    byte[] whole = Files.readAllBytes(path);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int i = random.nextInt(4); i > 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(path, damaged);
      try (DatabaseFile file = DatabaseFile.open(path).file()) {
        assertNotNull(file, () -> Seed.hint(seed));
      } catch (OvsdbException e) {
        assertFalse(e.getMessage().contains("\n"), () -> e.getMessage() + Seed.hint(seed));
      }
    }
  }

  @Test
  void shouldRefuseSecondOpener() throws Exception {
    try (DatabaseFile file = DatabaseFile.open(path).file()) {
      assertNotNull(file);
      OvsdbException thrown = assertThrows(OvsdbException.class, () -> DatabaseFile.open(path));
      assertEquals(
          "I/O error: " + path + ": failed to lock lockfile (Resource temporarily unavailable)",
          thrown.getMessage());
    }
  }

  @Test
  void shouldSayWhyFileCannotBeOpened() throws IOException {
    Path none = directory.resolve("none");
    OvsdbException missing = assertThrows(OvsdbException.class, () -> DatabaseFile.open(none));
    assertEquals(
        "I/O error: " + none + ": open failed (No such file or directory)", missing.getMessage());
    Path folder = Files.createDirectory(none);
    OvsdbException isFolder = assertThrows(OvsdbException.class, () -> DatabaseFile.open(folder));
    assertEquals("I/O error: " + folder + ": open failed (Is a directory)", isFolder.getMessage());
    Files.writeString(path, "hello\n");
    OvsdbException garbage = assertThrows(OvsdbException.class, () -> DatabaseFile.open(path));
    assertEquals("ovsdb error: " + path + ": unexpected file format", garbage.getMessage());
  }

  @Test
  void shouldHoldTheSameAfterCompaction() throws Exception {
    writeTwo().close();
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      for (int i = 0; i < 50; i++) {
        transact(
            opened, "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','+=',1]]}");
      }
      long before = Files.size(path);
      compact(opened);
      assertTrue(Files.size(path) < before / 2);
      transact(opened, insert("seth"));
      assertEquals(content(opened.database()), content(DatabaseFile.read(file.path())));
    }
  }

  @Test
  void shouldBeWorthCompactingWhenItHasTwiceItsSizeAndTenMegabytes() throws Exception {
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      transact(opened, insert("cain"));
      for (int i = 0; i < 10; i++) {
        assertFalse(file.isWorthCompacting(0), "after " + Files.size(path) + " bytes");
        transact(opened, rename("x".repeat(1_050_000) + i));
      }
      assertTrue(file.isWorthCompacting(0), "after " + Files.size(path) + " bytes");
      compact(opened);
      transact(opened, rename("cain"));
      assertFalse(file.isWorthCompacting(0), "not yet twice as long as it was then");
    }
  }

  @Test
  void shouldBeWorthCompactingADayAfterTheFirstChange() throws Exception {
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      assertFalse(file.isWorthCompacting(3 * DAY_MS), "nothing has changed");
      transact(opened, insert("cain"));
      assertFalse(file.isWorthCompacting(4 * DAY_MS));
      assertTrue(file.isWorthCompacting(4 * DAY_MS + 1));
      compact(opened);
      assertFalse(file.isWorthCompacting(9 * DAY_MS), "nothing has changed since");
    }
  }

  private static String rename(String name) {
    return "{'op':'update','table':'Parent','where':[],'row':{'name':'%s'}}".formatted(name);
  }

  private static void compact(Opened opened) throws Exception {
    Compaction compaction = opened.file().compact(opened.database(), 2_000);
    compaction.write();
    opened.file().finish(compaction);
  }

  @Test
  void shouldKeepWhatIsWrittenWhileCompactionIsUnderWay() throws Exception {
    writeTwo().close();
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      for (int i = 0; i < 100; i++) {
        transact(
            opened, "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','+=',1]]}");
      }
      Compaction compaction = file.compact(opened.database(), 2_000);
      transact(opened, insert("seth"));
      compaction.write();
      transact(opened, insert("enos"));
      file.finish(compaction);
      transact(opened, insert("noah"));
      assertEquals(content(opened.database()), content(DatabaseFile.read(file.path())));
      assertEquals(List.of("abel", "cain", "enos", "noah", "seth"), names(opened.database()));
    }
    assertEquals(List.of("abel", "cain", "enos", "noah", "seth"), names(DatabaseFile.read(path)));
  }

  @Test
  void shouldLeaveNothingOfCompactionThatComesTooLate() throws Exception {
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      Compaction first = file.compact(opened.database(), 2_000);
      first.write();
      Compaction second = file.compact(opened.database(), 2_000);
      file.replace(opened.database(), "other contents", 2_000);
      second.write();
      file.finish(first);
      file.finish(second);
      transact(opened, insert("seth"));
      file.compact(opened.database(), 3_000).write();
    }
    assertEquals(List.of("seth"), names(DatabaseFile.read(path)));
    try (var files = Files.list(directory)) {
      assertEquals(
          List.of(".family.db.~lock~", "family.db"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void shouldForgetWhatWasNotSynced() throws Exception {
    writeTwo().close();
    Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      Outcome.Ready ready =
          (Outcome.Ready)
              new TransactionExecutor(opened.database(), UUID::randomUUID)
                  .execute(Request.of(TestDatabase.json("['family'," + insert("seth") + "]")));
      file.append(CommitCheck.run(ready.transaction()), 0);
      file.rewind();
      assertEquals(List.of("abel", "cain"), names(DatabaseFile.read(file.path())));
    }
  }

  @Test
  void shouldBeReadAndWrittenByOvsdbTool() throws Exception {
    DebianTools.require("ovsdb-tool");
    writeTwo().close();
    ArrayNode select =
        (ArrayNode)
            TestDatabase.json(
                "['family',{'op':'select','table':'Parent','where':[],"
                    + "'columns':['name'],'sort':['name']}]");
    String query = TestDatabase.text(select).replace('\'', '"');
    String seen = DebianTools.run(directory, "ovsdb-tool", "query", path.toString(), query).ok();
    assertEquals("[{\"rows\":[{\"name\":\"abel\"},{\"name\":\"cain\"}]}]", seen);
    DebianTools.run(
            directory,
            "ovsdb-tool",
            "transact",
            path.toString(),
            ("['family',{'op':'mutate','table':'Parent','where':[],'mutations':"
                    + "[['tags','insert',['map',[['x','1']]]]]},"
                    + insert("seth")
                    + ",{'op':'comment','comment':'by tool'}]")
                .replace('\'', '"'))
        .ok();
    Database read = DatabaseFile.read(path);
    assertEquals(List.of("abel", "cain", "seth"), names(read));
    String log = DebianTools.run(directory, "ovsdb-tool", "-mm", "show-log", path.toString()).ok();
    assertTrue(log.contains("by tool") && log.contains("insert row"), log);
  }
}
