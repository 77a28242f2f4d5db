package org.sluice.ovsdb.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of a log whose space was written before, so that a sync is one write to the disk and
 * leaves the file system's journal alone. It is filled by {@link LogPadding}: before and after each
 * write the file is a log from beginning to end.
 *
 * <p>A power failure may leave some blocks of the last write undone, in any order. What readers
 * find then is a record that is not whole, with nothing behind it but padding and records that say
 * that they were written together with one before them ({@link LogRecord#continuesBatch}). Belongs
 * to the database's writer thread.
 */
final class ReservedTail implements Closeable {
  private static final int BLOCKS = 64;
  private static final int BYTES = BLOCKS * LogPadding.BLOCK;

  private final FileChannel channel;

  /** The records from {@link #start} on. */
  private final ByteBuffer buffer;

  /** A multiple of the block. */
  private long start;

  private int filled;
  private boolean pending;
  private final long end;

  private ReservedTail(FileChannel channel, ByteBuffer buffer, long start, int filled, long end) {
    this.channel = channel;
    this.buffer = buffer;
    this.start = start;
    this.filled = filled;
    this.end = end;
  }

  /**
   * Writes padding behind a log. It may be used when the file has been synced, and not before.
   *
   * @param file open for reading and writing
   * @param length where the log ends; nothing follows
   */
  static ReservedTail reserve(Path path, FileChannel file, long length) throws IOException {
    int filled = (int) (length % LogPadding.BLOCK);
    long start = length - filled;
    ByteBuffer buffer = aligned(BYTES);
    readFully(file, buffer.limit(filled), start);
    buffer.clear();
    int used = LogPadding.fill(buffer, filled);
    for (int at = used; at < BYTES; at += LogPadding.BLOCK) {
      LogPadding.put(buffer, at, LogPadding.BLOCK);
    }
    DatabaseFile.writeFully(file, buffer.duplicate().position(filled), length);
    return new ReservedTail(open(path), buffer, start, filled, start + BYTES);
  }

  /** Memory that a disk can be written from without a copy. */
  private static ByteBuffer aligned(int bytes) {
    ByteBuffer room = ByteBuffer.allocateDirect(bytes + LogPadding.BLOCK);
    return room.alignedSlice(LogPadding.BLOCK).slice(0, bytes);
  }

  private static void readFully(FileChannel file, ByteBuffer to, long from) throws IOException {
    long position = from;
    while (to.hasRemaining()) {
      int n = file.read(to, position);
      if (n < 0) {
        throw new IOException("the file is shorter than what was written to it");
      }
      position += n;
    }
  }

  /** Past the kernel's cache, where the file system's blocks are such that this can. */
  private static FileChannel open(Path path) throws IOException {
    OpenOption direct = direct();
    if (direct != null && LogPadding.BLOCK % Files.getFileStore(path).getBlockSize() == 0) {
      try {
        return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, direct);
      } catch (IOException | UnsupportedOperationException _) {
        // The other way is only a little slower.
      }
    }
    return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
  }

  /** The compiler warns of this option wherever it is named, and cannot be told not to. */
  private static OpenOption direct() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) options.getField("DIRECT").get(null);
    } catch (ReflectiveOperationException _) {
      return null;
    }
  }

  /** Takes a record, to be written by {@link #sync}; false if there is no room for it. */
  boolean append(byte[] record) {
    int needed = LogPadding.padded(Math.addExact(filled, record.length));
    if (needed > buffer.capacity() || start + needed > end) {
      return false;
    }
    buffer.put(filled, record);
    filled += record.length;
    pending = true;
    return true;
  }

  /** Whether records wait to be written. */
  boolean isPending() {
    return pending;
  }

  /** Makes all durable. */
  void sync() throws IOException {
    int length = LogPadding.fill(buffer, filled);
    DatabaseFile.writeFully(channel, buffer.slice(0, length), start);
    pending = false;
    int whole = filled & -LogPadding.BLOCK;
    if (whole > 0) {
      buffer.put(0, buffer, whole, filled - whole);
      start += whole;
      filled -= whole;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
