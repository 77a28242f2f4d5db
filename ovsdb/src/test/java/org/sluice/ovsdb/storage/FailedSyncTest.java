package org.sluice.ovsdb.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.TestDatabase;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/** A disk that fails now and then. */
class FailedSyncTest {
  private static final long MINUTE_MS = 60_000;

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void setUp() throws Exception {
    path = directory.resolve("family.db");
    DatabaseFile.create(path, DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
  }

  /** Fails to sync once, and then does as Linux does: what was not written is forgotten. */
  private static final class OnceFailing extends FileChannel {
    private final FileChannel channel;
    private boolean failed;

    OnceFailing(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (!failed) {
        failed = true;
        throw new IOException("Input/output error");
      }
      channel.force(metaData);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return channel.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
      return channel.read(to, offset, length);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return channel.write(from);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
      return channel.write(from, offset, length);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
      channel.position(newPosition);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
      return channel.transferTo(position, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count)
        throws IOException {
      return channel.transferFrom(from, position, count);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return channel.read(to, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      return channel.write(from, position);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return channel.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return channel.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return channel.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      channel.close();
    }
  }

  private static void letSyncFailOnce(DatabaseFile file) throws ReflectiveOperationException {
    Field channel = DatabaseFile.class.getDeclaredField("channel");
    channel.setAccessible(true);
    channel.set(file, new OnceFailing((FileChannel) channel.get(file)));
  }

  private static ChangeSet insert(DatabaseFile.Opened opened, String name) throws Exception {
    String insert = "['family',{'op':'insert','table':'Parent','row':{'name':'%s'}}]";
    Outcome outcome =
        new TransactionExecutor(opened.database(), UUID::randomUUID)
            .execute(Request.of(TestDatabase.json(insert.formatted(name))));
    return CommitCheck.run(((Outcome.Ready) outcome).transaction());
  }

  /** Whoever syncs next (a compaction may, or a conversion) must not take it for done. */
  @Test
  void shouldNotTakeSecondSyncForSuccessOfTheFirst() throws Exception {
    DatabaseFile.Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      letSyncFailOnce(file);
      file.append(insert(opened, "eve"), 1_000);
      assertThrows(IOException.class, file::sync);
      assertThrows(IOException.class, file::sync);
      file.rewind();
      file.append(insert(opened, "adam"), 1_000);
      file.sync();
    }
    assertEquals(1, DatabaseFile.read(path).table("Parent").size());
  }

  @Test
  void shouldRestAfterCompactionThatFailed() throws Exception {
    DatabaseFile.Opened opened = DatabaseFile.open(path);
    try (DatabaseFile file = opened.file()) {
      assertFalse(file.isWorthCompacting(0));
      file.append(insert(opened, "eve"), 1_000);
      file.sync();
      long nowMs = 25 * 60 * MINUTE_MS;
      assertTrue(file.isWorthCompacting(nowMs));
      Path inTheWay = Files.createDirectories(directory.resolve("family.db.compact.tmp/occupied"));
      Compaction compaction = file.compact(opened.database(), 2_000);
      assertThrows(IOException.class, compaction::write);
      file.giveUp(compaction);
      assertFalse(file.isWorthCompacting(nowMs + 1_000));
      assertFalse(file.isWorthCompacting(nowMs + 9 * MINUTE_MS));
      Files.delete(inTheWay);
      Files.delete(inTheWay.getParent());
      assertTrue(file.isWorthCompacting(nowMs + 11 * MINUTE_MS));
      Compaction again = file.compact(opened.database(), 2_000);
      again.write();
      file.finish(again);
      assertFalse(file.isWorthCompacting(nowMs + 12 * MINUTE_MS));
    }
  }
}
