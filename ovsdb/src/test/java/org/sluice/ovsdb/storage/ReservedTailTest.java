package org.sluice.ovsdb.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.DebianTools;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile.Opened;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.TestDatabase;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/** The file of a busy server, whose end has been reserved: always a log, whatever happens to it. */
class ReservedTailTest {
  /** More syncs than make a file busy. */
  private static final int MANY = 60;

  private static final int SECTOR = 512;

  private static final String SCHEMA =
      "{'name':'family','version':'1.0.0','tables':{'Parent':{'isRoot':true,'columns':{"
          + "'name':{'type':'string'}}}}}";

  @TempDir Path directory;
  private Path path;
  private Opened opened;
  private int rows;

  @BeforeEach
  void setUp() throws Exception {
    path = directory.resolve("family.db");
    DatabaseFile.create(path, DatabaseSchema.fromJson(TestDatabase.json(SCHEMA)));
    opened = DatabaseFile.open(path);
  }

  @AfterEach
  void tearDown() throws Exception {
    opened.file().close();
  }

  private void append(String name) throws Exception {
    String insert =
        "['family',{'op':'insert','table':'Parent','row':{'name':'%s'}}]".formatted(name);
    Outcome outcome =
        new TransactionExecutor(opened.database(), UUID::randomUUID)
            .execute(Request.of(TestDatabase.json(insert)));
    var changes = CommitCheck.run(((Outcome.Ready) outcome).transaction());
    opened.database().apply(changes);
    opened.file().append(changes, 1_000);
    rows++;
  }

  private void write(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      append("row" + rows);
      opened.file().sync();
    }
  }

  private static int rows(Database database) {
    return database.table("Parent").rows().size();
  }

  /** A copy of the file as it is, opened like one that a killed server has left. */
  private Opened openCopy(byte[] bytes) throws Exception {
    Path copy = directory.resolve("copy.db");
    Files.write(copy, bytes);
    return DatabaseFile.open(copy);
  }

  @Test
  void shouldBeWholeForOtherReadersAfterEachSyncWhileSpaceIsReserved() throws Exception {
    write(MANY);
    assertEquals(0, Files.size(path) % LogPadding.BLOCK);
    for (int i = 0; i < 400; i++) {
      write(1);
      assertEquals(rows, rows(DatabaseFile.read(path)));
    }
    assertEquals(0, Files.size(path) % LogPadding.BLOCK);
  }

  @Test
  void shouldBeReadByOvsdbToolWithoutComplaintWhileSpaceIsReserved() throws Exception {
    DebianTools.require("ovsdb-tool");
    write(MANY);
    for (int i = 0; i < 20; i++) {
      write(1);
      Path copy = directory.resolve("copy.db");
      Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
      String query = "[\"family\",{\"op\":\"select\",\"table\":\"Parent\",\"where\":[]}]";
      var output = DebianTools.run(directory, "ovsdb-tool", "query", copy.toString(), query);
      assertEquals("", output.err());
      assertEquals(rows, output.ok().split("\"name\"", -1).length - 1);
    }
  }

  @Test
  void shouldBeWrittenToByOvsdbToolAfterTheServerWasKilled() throws Exception {
    write(MANY);
    Path copy = directory.resolve("copy.db");
    Files.copy(path, copy);
    String insert =
        "[\"family\",{\"op\":\"insert\",\"table\":\"Parent\",\"row\":{\"name\":\"seth\"}}]";
    DebianTools.run(directory, "ovsdb-tool", "transact", copy.toString(), insert).ok();
    Opened again = DatabaseFile.open(copy);
    try (DatabaseFile file = again.file()) {
      assertNull(file.damage());
      assertEquals(MANY + 1, rows(again.database()));
    }
  }

  @Test
  void shouldGiveSpaceBackWhenQuietOrClosed() throws Exception {
    write(MANY);
    opened.file().tick();
    assertEquals(0, Files.size(path) % LogPadding.BLOCK, "busy in the second before");
    opened.file().tick();
    assertTrue(Files.readString(path).endsWith("}\n"), "nothing behind the last record");
    assertTrue(Files.size(path) < 64 * LogPadding.BLOCK);
    write(MANY);
    opened.file().close();
    assertTrue(Files.size(path) < 64 * LogPadding.BLOCK);
    opened = DatabaseFile.open(path);
    assertEquals(2 * MANY, rows(opened.database()));
  }

  @Test
  void shouldWriteWhatDoesNotFitBehindTheRest() throws Exception {
    write(MANY);
    append("a");
    append("b".repeat(300_000));
    append("c");
    opened.file().sync();
    write(1);
    assertEquals(rows, rows(DatabaseFile.read(path)));
  }

  @Test
  void shouldForgetWhatWasNotSynced() throws Exception {
    write(MANY);
    append("lost");
    opened.file().rewind();
    assertEquals(MANY, rows(DatabaseFile.read(path)));
    append("kept");
    opened.file().sync();
    assertEquals(MANY + 1, rows(DatabaseFile.read(path)));
    write(MANY);
    int before = rows(DatabaseFile.read(path));
    append("lost");
    append("too long for the space reserved".repeat(10_000));
    opened.file().rewind();
    assertEquals(before, rows(DatabaseFile.read(path)));
  }

  @Test
  void shouldCutReservedSpaceThatKilledServerHasLeft() throws Exception {
    write(MANY);
    Opened again = openCopy(Files.readAllBytes(path));
    try (DatabaseFile file = again.file()) {
      assertNull(file.damage());
      assertEquals(MANY, rows(again.database()));
      assertTrue(Files.size(file.path()) < 64 * LogPadding.BLOCK);
    }
  }

  /** Of the sectors of the last write any may be missing: a disk writes them in its own order. */
  @Test
  void shouldLoseNothingAcknowledgedAndKeepNoHalfWhenPowerFails() throws Exception {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    write(MANY);
    for (int round = 0; round < 150; round++) {
      byte[] before = Files.readAllBytes(path);
      int acknowledged = rows;
      int batch = 1 + random.nextInt(random.nextBoolean() ? 2 : 12);
      for (int i = 0; i < batch; i++) {
        append("row" + rows + "x".repeat(random.nextInt(400)));
      }
      opened.file().sync();
      byte[] after = Files.readAllBytes(path);
      if (before.length == after.length) {
        Opened again = openCopy(torn(before, after, random));
        try (DatabaseFile _ = again.file()) {
          int found = rows(again.database());
          String what = "%d of %d to %d, %s".formatted(found, acknowledged, rows, Seed.hint(seed));
          assertTrue(found >= acknowledged && found <= rows, what);
          Set<String> names =
              again.database().table("Parent").rows().stream()
                  .map(row -> row.get("name").string().replace("x", ""))
                  .collect(Collectors.toSet());
          for (int i = 0; i < found; i++) {
            assertTrue(names.contains("row" + i), what);
          }
        }
      }
    }
  }

  /** The padding that stood where a batch began is whole, and so are the last records of it. */
  @Test
  void shouldKeepNothingOfBatchWhoseBeginningWasNotWritten() throws Exception {
    write(MANY);
    long start = contentEnd();
    append("x".repeat(1000));
    opened.file().sync();
    int record = (int) (contentEnd() - start) - 1000;
    byte[] before = Files.readAllBytes(path);
    int acknowledged = rows;
    int from = (int) contentEnd();
    int first = from & -LogPadding.BLOCK;
    append("x".repeat(first + 2 * LogPadding.BLOCK - from - record));
    append("begins where a block does");
    opened.file().sync();
    byte[] torn = Files.readAllBytes(path);
    System.arraycopy(before, first, torn, first, 2 * LogPadding.BLOCK);
    Opened again = openCopy(torn);
    try (DatabaseFile file = again.file()) {
      assertEquals(acknowledged, rows(again.database()));
      assertTrue(file.damage().toString().contains("which is missing"), file.damage().toString());
    }
  }

  private long contentEnd() throws Exception {
    try (LogReader reader = new LogReader(path)) {
      while (reader.nextBody() != null) {
        // only to its end
      }
      return reader.contentEnd();
    }
  }

  private static byte[] torn(byte[] before, byte[] after, Random random) {
    byte[] mixed = after.clone();
    for (int at = 0; at < mixed.length; at += SECTOR) {
      if (random.nextBoolean()) {
        System.arraycopy(before, at, mixed, at, SECTOR);
      }
    }
    return mixed;
  }

  @Test
  void shouldRefuseFileThatIsCorruptBeforeRecordOfAnotherSync() throws Exception {
    write(MANY);
    append("first");
    append("second");
    opened.file().sync();
    write(1);
    byte[] bytes = Files.readAllBytes(path);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("second");
    bytes[at] = 'S';
    OvsdbException thrown = assertThrows(OvsdbException.class, () -> openCopy(bytes));
    assertTrue(thrown.getMessage().contains("a whole record follows"), thrown.getMessage());
    assertNotNull(thrown.error());
  }

  @Test
  void shouldFillAnyRestOfBlocksWithOneRecord() {
    for (int from = 0; from <= LogPadding.BLOCK; from++) {
      ByteBuffer out = ByteBuffer.allocate(3 * LogPadding.BLOCK);
      int end = LogPadding.fill(out, from);
      assertEquals(0, end % LogPadding.BLOCK);
      if (end > from) {
        String text = new String(out.array(), from, end - from, StandardCharsets.US_ASCII);
        String line = text.substring(0, text.indexOf('\n'));
        LogRecord.Header header = LogRecord.Header.parse(line, FileKind.STANDALONE);
        byte[] body = text.substring(line.length() + 1).getBytes(StandardCharsets.US_ASCII);
        assertEquals(header.length(), body.length);
        assertEquals(header.sha1(), LogRecord.sha1(body));
        assertTrue(LogPadding.is(body));
      }
    }
  }
}
