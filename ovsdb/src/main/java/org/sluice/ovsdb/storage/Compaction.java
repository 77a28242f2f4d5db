package org.sluice.ovsdb.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A new file for a database that goes on meanwhile: holds what the database held when it was begun;
 * what came later is added at the end, by {@link DatabaseFile#finish}. Begun and finished by who
 * owns the database, written by any one thread.
 */
public final class Compaction {
  private final Path fresh;
  private final DatabaseContents contents;
  private final long since;
  private final long wallMs;
  private FileChannel channel;
  private long length;
  private boolean writing;
  private boolean abandoned;

  /**
   * Begins.
   *
   * @param target the file that is to be replaced
   * @param since where in the old file the records begin that come later
   */
  Compaction(Path target, DatabaseContents contents, long since, long wallMs) {
    this.fresh = target.resolveSibling(target.getFileName() + ".compact.tmp");
    this.contents = contents;
    this.since = since;
    this.wallMs = wallMs;
  }

  /** Writes most of it, which takes a while. */
  public void write() throws IOException {
    if (!begin()) {
      return;
    }
    try {
      Files.deleteIfExists(fresh);
      channel = DatabaseFile.createFile(fresh);
      append(LogRecord.encode(contents.schema().toJson()));
      append(LogRecord.encode(contents.body(DatabaseFile.COMPACTING, wallMs)));
      channel.force(true);
    } catch (IOException e) {
      abandon();
      throw e;
    } finally {
      end();
    }
  }

  private synchronized boolean begin() {
    writing = !abandoned;
    return writing;
  }

  private synchronized void end() throws IOException {
    writing = false;
    if (abandoned) {
      discard();
    }
  }

  private void append(byte[] record) throws IOException {
    DatabaseFile.writeFully(channel, ByteBuffer.wrap(record), length);
    length += record.length;
  }

  /** It will not be finished: leaves nothing behind. */
  public synchronized void abandon() throws IOException {
    abandoned = true;
    if (!writing) {
      discard();
    }
  }

  private void discard() throws IOException {
    if (channel != null) {
      channel.close();
      Files.deleteIfExists(fresh);
    }
  }

  /** Adds what came since it was begun, durably; the new file, at its beginning still. */
  FileChannel complete(FileChannel old, long oldLength) throws IOException {
    long position = since;
    while (position < oldLength) {
      long n = old.transferTo(position, oldLength - position, channel.position(length));
      if (n <= 0) {
        throw new IOException("the old file is shorter than what was written to it");
      }
      position += n;
      length += n;
    }
    channel.force(true);
    return channel;
  }

  FileChannel channel() {
    return channel;
  }

  Path path() {
    return fresh;
  }

  long length() {
    return length;
  }
}
