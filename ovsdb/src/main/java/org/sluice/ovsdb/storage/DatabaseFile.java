package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.sluice.base.linux.FileErrors;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * A database's file. Belongs to the database's writer thread.
 *
 * <h2>The format</h2>
 *
 * <p>It is OVSDB's standalone format. The file is a sequence of records, only ever appended to:
 *
 * <pre>
 *   OVSDB JSON LENGTH SHA1\n      LENGTH decimal, SHA1 40 hexadecimal digits, both of the body
 *   BODY                          LENGTH bytes: one JSON object and a line feed
 * </pre>
 *
 * <p>The first body is the schema. Each other one is a transaction:
 *
 * <pre>
 *   {"TABLE": {"UUID": null,                       the row was deleted
 *              "UUID": {"COLUMN": VALUE, ...}},    the row was inserted or changed
 *    "_is_diff": true, "_date": MILLISECONDS, "_comment": TEXT}
 * </pre>
 *
 * <p>An inserted row names the columns that have not their default value; a changed row those that
 * changed, each with the new value or, where {@code _is_diff} is true and the column can hold more
 * than one element, with the elements that only the old or only the new value has ({@link
 * org.sluice.ovsdb.data.Datum#diffTo}). Ephemeral columns are left out; a transaction that changes
 * nothing else leaves no record.
 *
 * <h2>What it promises</h2>
 *
 * <p>{@link #append} only puts a record into the kernel's hands; {@link #sync} makes all that were
 * appended durable, and only then may anybody be told. One sync can so serve many transactions. If
 * either fails, {@link #rewind} cuts the file back to what was durable before. While there is much
 * to write, it goes into space that was reserved ({@link ReservedTail}). Opening cuts off a torn
 * tail and reports it, and refuses a file whose middle is corrupt (see {@link LogReader}).
 * Compaction writes a new file beside the old one while the old one is still appended to, adds what
 * was appended, syncs it, renames it over the old one and syncs the directory, so that a crash at
 * any moment leaves one of the two, whole.
 */
public final class DatabaseFile implements Closeable {
  /** What the record says that compaction leaves. */
  static final String COMPACTING = "compacting database online";

  private static final long MIN_COMPACTION_BYTES = 10L << 20;
  private static final long MAX_COMPACTION_MS = 24L * 60 * 60 * 1000;
  private static final long COMPACTION_RETRY_MS = 10L * 60 * 1000;
  private static final Set<StandardOpenOption> CREATE_NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final Set<StandardOpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** From how many syncs a second on space is reserved. */
  private static final int BUSY_SYNCS = 50;

  private static final FileAttribute<?> PERMISSIONS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw----"));

  private final Path path;
  private final LockFile lock;
  private FileChannel channel;
  private ReservedTail tail;
  private Compaction compaction;
  private boolean compactionFailed;
  private boolean busy;
  private int syncs;
  private long durableLength;
  private boolean syncFailed;
  private long length;
  private long compactLength;
  private long compactSinceMs;
  private long compactAgainMs = Long.MIN_VALUE;
  private OvsdbError damage;

  private DatabaseFile(Path path, LockFile lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes a new file with nothing in it but the schema; it appears whole or not at all. */
  public static void create(Path path, DatabaseSchema schema) throws IOException, OvsdbException {
    createNew(path, LogRecord.encode(schema.toJson()));
  }

  /** Makes a new file of {@code content}; it appears whole or not at all. */
  static void createNew(Path path, byte[] content) throws IOException, OvsdbException {
    createNew(path, (out, _) -> writeFully(out, ByteBuffer.wrap(content), 0));
  }

  /** What is to stand in a new file. */
  @FunctionalInterface
  interface Content {
    /** Writes it to {@code out}, which is the empty file {@code fresh}. */
    void write(FileChannel out, Path fresh) throws IOException, OvsdbException;
  }

  /** The same with content that is not at hand as a whole. */
  static void createNew(Path path, Content content) throws IOException, OvsdbException {
    Path target = SymbolicLinks.follow(path);
    Path fresh = beside(target);
    try (LockFile _ = LockFile.acquire(path)) {
      Files.deleteIfExists(fresh);
      try (FileChannel out = createFile(fresh)) {
        content.write(out, fresh);
        out.force(true);
      }
      Files.createLink(target, fresh);
      syncDirectory(target);
    } catch (IOException e) {
      throw failed(path, "create failed (" + FileErrors.reason(e) + ")");
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Writes a whole database to a file, which it replaces if there is one.
   *
   * @param comment is kept with the rows
   */
  public static void write(Path path, Database database, String comment, long wallMs)
      throws IOException {
    Path target = SymbolicLinks.follow(path);
    writeFresh(target, database, comment, wallMs).close();
    syncDirectory(target);
  }

  private static FileChannel writeFresh(Path target, Database database, String comment, long wallMs)
      throws IOException {
    Path fresh = beside(target);
    Files.deleteIfExists(fresh);
    FileChannel out = createFile(fresh);
    try {
      byte[] schema = LogRecord.encode(database.schema().toJson());
      byte[] rows = LogRecord.encode(DatabaseContents.of(database).body(comment, wallMs));
      writeFully(out, ByteBuffer.wrap(schema), 0);
      writeFully(out, ByteBuffer.wrap(rows), schema.length);
      out.force(true);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return out;
    } catch (IOException e) {
      out.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  static FileChannel createFile(Path path) throws IOException {
    return FileChannel.open(path, CREATE_NEW, PERMISSIONS);
  }

  private static Path beside(Path target) {
    return target.resolveSibling(target.getFileName() + ".tmp");
  }

  /** Reads the schema of a file without locking it. */
  public static DatabaseSchema readSchema(Path path) throws IOException, OvsdbException {
    try (LogReader reader = new LogReader(path)) {
      return schema(path, reader);
    }
  }

  /** Reads a whole file without locking it; a torn tail is an error. */
  public static Database read(Path path) throws IOException, OvsdbException {
    try (LogReader reader = new LogReader(path)) {
      Database database = load(path, reader);
      reader.requireWhole();
      return database;
    }
  }

  /** A file opened for writing, and what was in it. */
  public record Opened(DatabaseFile file, Database database) {}

  /** Locks a file, reads it whole, cuts a torn tail off, and makes it ready for appending. */
  public static Opened open(Path path) throws IOException, OvsdbException {
    return open(path, false);
  }

  /** The same, but a torn tail is an error, and stays. */
  static Opened openUntorn(Path path) throws IOException, OvsdbException {
    return open(path, true);
  }

  private static Opened open(Path path, boolean untorn) throws IOException, OvsdbException {
    if (!Files.exists(path)) {
      throw failed(path, "open failed (No such file or directory)");
    }
    if (Files.isDirectory(path)) {
      throw failed(path, "open failed (Is a directory)");
    }
    DatabaseFile file = new DatabaseFile(path, LockFile.acquire(path));
    try (LogReader reader = new LogReader(path)) {
      Database database = load(path, reader);
      if (untorn) {
        reader.requireWhole();
      }
      file.damage = reader.damage();
      file.channel = FileChannel.open(path, READ_WRITE);
      file.length = reader.contentEnd();
      file.cutTo(file.length);
      file.compactLength = file.length;
      return new Opened(file, database);
    } catch (IOException | OvsdbException e) {
      file.close();
      throw e;
    }
  }

  private static OvsdbException failed(Path path, String what) {
    return OvsdbError.of("I/O error", path + ": " + what).thrown();
  }

  private static DatabaseSchema schema(Path path, LogReader reader)
      throws IOException, OvsdbException {
    JsonNode json = reader.next();
    if (json == null) {
      throw OvsdbError.of("ovsdb error", path + ": cannot identify file type").thrown();
    }
    return DatabaseSchema.fromJson(json);
  }

  private static Database load(Path path, LogReader reader) throws IOException, OvsdbException {
    Database database = new Database(schema(path, reader));
    ReadAhead.load(reader, database);
    long offset = reader.offset();
    byte[] body = reader.nextBody();
    while (body != null) {
      JsonNode record = reader.object(body, offset);
      if (record == null || !replay(path, record, database, reader, offset)) {
        return database;
      }
      offset = reader.offset();
      body = reader.nextBody();
    }
    return database;
  }

  /** Does what a record says; false if it is the last and makes no sense. */
  private static boolean replay(
      Path path, JsonNode record, Database database, LogReader reader, long offset)
      throws OvsdbException {
    Transaction transaction = new Transaction(database, Uuids::quick);
    try {
      ChangeJson.read(record, transaction);
      database.apply(CommitCheck.run(transaction));
      return true;
    } catch (OvsdbException e) {
      if (reader.isAtEnd()) {
        reader.giveUp(offset, e.error());
        return false;
      }
      String text = "%s: transaction at offset %d: %s".formatted(path, offset, e.getMessage());
      throw OvsdbError.of("ovsdb error", text).thrown();
    }
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** What was wrong with a torn tail that opening cut off, or null. */
  public OvsdbError damage() {
    return damage;
  }

  /** Appends what {@code changes} did to rows on disk; not yet durable. */
  public void append(ChangeSet changes, long wallMs) throws IOException {
    JsonNode record = ChangeJson.write(changes, wallMs);
    if (record != null) {
      append(
          tail != null && tail.isPending()
              ? LogRecord.encodeContinued(record)
              : LogRecord.encode(record));
    }
  }

  private void append(byte[] record) throws IOException {
    if (tail == null || !tail.append(record)) {
      giveUpTail();
      writeWhole(record);
    }
    length += record.length;
  }

  /** What a full disk took of a record must not stand behind the next one, which may be shorter. */
  private void writeWhole(byte[] record) throws IOException {
    try {
      writeFully(channel, ByteBuffer.wrap(record), length);
    } catch (IOException e) {
      channel.truncate(length);
      throw e;
    }
  }

  /**
   * Makes all that was appended durable. Where that has failed it fails again, until {@link
   * #rewind}: the kernel tells of what it could not write only once, and then passes it over.
   */
  public void sync() throws IOException {
    if (durableLength == length) {
      return;
    }
    if (syncFailed) {
      throw new IOException("a sync has failed before");
    }
    syncs++;
    busy |= syncs >= BUSY_SYNCS;
    syncFailed = true;
    if (tail != null) {
      tail.sync();
    } else {
      forceAndReserve();
    }
    syncFailed = false;
    durableLength = length;
  }

  private void forceAndReserve() throws IOException {
    ReservedTail next = busy ? reservedTail() : null;
    try {
      channel.force(false);
    } catch (IOException e) {
      if (next != null) {
        next.close();
      }
      throw e;
    }
    tail = next;
  }

  /** Space for what is to come; null if there is none, which is no error yet. */
  private ReservedTail reservedTail() throws IOException {
    try {
      return ReservedTail.reserve(path, channel, length);
    } catch (IOException _) {
      channel.truncate(length);
      busy = false;
      syncs = 0;
      return null;
    }
  }

  /**
   * The log ends where its records do again. What waited to be written has been, into space that
   * was there; whether it counts is up to {@link #sync} and {@link #rewind}.
   */
  private void giveUpTail() throws IOException {
    if (tail != null) {
      if (tail.isPending()) {
        tail.sync();
      }
      tail.close();
      tail = null;
      channel.truncate(length);
    }
  }

  /** To be called about once a second: space is reserved for those who use it. */
  public void tick() throws IOException {
    busy = syncs >= BUSY_SYNCS;
    syncs = 0;
    if (!busy) {
      giveUpTail();
    }
  }

  /** Forgets what was appended since the last sync. */
  public void rewind() throws IOException {
    if (tail != null) {
      tail.close();
      tail = null;
    }
    cutTo(durableLength);
  }

  private void cutTo(long end) throws IOException {
    boolean longer = channel.size() > end;
    if (longer) {
      channel.truncate(end);
    }
    // Known before the sync that may fail: the next record must not be written behind a hole.
    length = end;
    durableLength = end;
    syncFailed = false;
    if (longer) {
      channel.force(true);
    }
  }

  /**
   * Whether the file has grown so much that compaction pays, or has grown at all for a day; for ten
   * minutes not after it has failed, as it does on a disk that is full.
   *
   * @param nowMs a clock's monotonic time, the same clock's at each call
   */
  public boolean isWorthCompacting(long nowMs) {
    if (length == compactLength) {
      compactSinceMs = nowMs;
      return false;
    }
    if (compaction != null) {
      return false;
    }
    if (compactionFailed) {
      compactionFailed = false;
      compactAgainMs = nowMs + COMPACTION_RETRY_MS;
    }
    if (nowMs < compactAgainMs) {
      return false;
    }
    boolean grown = length > MIN_COMPACTION_BYTES && length > 2 * compactLength;
    return grown || nowMs - compactSinceMs > MAX_COMPACTION_MS;
  }

  /**
   * Begins to make a shorter file that holds the same: it is to be written, by any thread, and then
   * given to {@link #finish}. One that was begun before is abandoned.
   *
   * @param database what the file holds, durably
   */
  public Compaction compact(Database database, long wallMs) throws IOException {
    abandonCompaction();
    DatabaseContents contents = DatabaseContents.of(database);
    compaction = new Compaction(path.toRealPath(), contents, length, wallMs);
    return compaction;
  }

  private void abandonCompaction() throws IOException {
    if (compaction != null) {
      compaction.abandon();
      compaction = null;
    }
  }

  /** Replaces the file by a shorter one that was written, durable at once. */
  public void finish(Compaction written) throws IOException {
    if (!written.equals(compaction)) {
      return; // the file holds something else by now
    }
    compaction = null;
    compactionFailed = true;
    try {
      giveUpTail();
      FileChannel fresh = written.complete(channel, length);
      Path target = path.toRealPath();
      Files.move(written.path(), target, StandardCopyOption.ATOMIC_MOVE);
      take(fresh, written.length());
      compactionFailed = false;
      syncDirectory(target);
    } finally {
      if (!channel.equals(written.channel())) {
        written.abandon();
      }
    }
  }

  /** Ends a compaction that could not be written. */
  public void giveUp(Compaction failed) {
    if (failed.equals(compaction)) {
      compaction = null;
      compactionFailed = true;
    }
  }

  /** Replaces the file by one that holds {@code database} and nothing else, durable at once. */
  public void replace(Database database, String comment, long wallMs) throws IOException {
    abandonCompaction();
    giveUpTail();
    Path target = path.toRealPath();
    FileChannel fresh = writeFresh(target, database, comment, wallMs);
    take(fresh, fresh.size());
    syncDirectory(target);
  }

  /** From here on the new file is the database, whatever else fails. */
  private void take(FileChannel fresh, long freshLength) throws IOException {
    FileChannel old = channel;
    channel = fresh;
    length = freshLength;
    durableLength = length;
    syncFailed = false;
    compactLength = length;
    old.close();
  }

  /** Writes all bytes of {@code buffer}. */
  static void writeFully(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
    long position = at;
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  private static void syncDirectory(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try (LockFile _ = lock;
        FileChannel _ = channel) {
      abandonCompaction();
      giveUpTail();
    }
  }
}
