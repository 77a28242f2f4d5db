package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * Reads a log from its beginning, record by record. Used by one thread.
 *
 * <p>A record that is not whole is a torn tail if no whole record follows it anywhere: somebody
 * stopped in the middle of writing, before anything was acknowledged. Then reading ends there. If
 * one follows, the middle of the file is corrupt, and going on would lose acknowledged changes:
 * then reading fails and says where. Padding does not count, nor does a record that was written
 * together with one before it: where padding stands before such a record, what should be there was
 * never written, and reading ends as at a torn record.
 */
public final class LogReader implements Closeable {
  private static final int SEARCH_CHUNK = 1 << 20;

  /** The longest array that a JVM makes. */
  private static final int MAX_BODY = Integer.MAX_VALUE - 8;

  private final Path path;
  private final FileKind kind;
  private final RandomAccessFile file;
  private final long fileLength;
  private long offset;

  /** Where the padding begins that was read last, or -1 if something else was. */
  private long padding = -1;

  private OvsdbError damage;

  /** Opens a standalone database's file for reading. */
  public LogReader(Path path) throws IOException, OvsdbException {
    this(path, FileKind.STANDALONE);
  }

  /** Opens a file of this kind for reading, and complains about one of the other. */
  LogReader(Path path, FileKind kind) throws IOException, OvsdbException {
    kind.require(path);
    this.path = path;
    this.kind = kind;
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.fileLength = file.length();
  }

  /** Where the next record begins; after the last one, where the log ends. */
  public long offset() {
    return offset;
  }

  /** Where the last record ends that says something; the rest is padding. */
  long contentEnd() {
    return padding < 0 ? offset : padding;
  }

  /** Whether nothing follows what was read last. */
  public boolean isAtEnd() {
    return offset == fileLength;
  }

  /**
   * Gives up what was read last, because it makes no sense.
   *
   * @param start where it began
   * @param why the reason
   */
  void giveUp(long start, OvsdbError why) {
    offset = start;
    damage = why;
  }

  /** What is wrong with the bytes after the log's end, or null. */
  OvsdbError damage() {
    return damage;
  }

  /** To be called at the end: complains about what is wrong with the bytes after it. */
  public void requireWhole() throws OvsdbException {
    if (damage != null) {
      throw damage.thrown();
    }
  }

  /** Goes on at a record that was read before. */
  void seek(long start) {
    offset = start;
    padding = -1;
    damage = null;
  }

  /**
   * The next record, or null at the end of the log.
   *
   * @throws OvsdbException if the middle of the file is corrupt, or it is not a database
   */
  public JsonNode next() throws IOException, OvsdbException {
    long start = offset;
    byte[] body = nextBody();
    return body == null ? null : object(body, start);
  }

  /** The body of a record as JSON; null if it is none, which ends the log where it began. */
  JsonNode object(byte[] body, long start) throws IOException, OvsdbException {
    long at = offset - body.length;
    String where = "%d bytes starting at offset %d are not ".formatted(body.length, at);
    try {
      JsonNode json = JsonComplaint.parse(body);
      if (json.isObject()) {
        return json;
      }
      offset = start;
      broken(OvsdbError.SYNTAX_ERROR, where + "a JSON object");
    } catch (JsonComplaint e) {
      offset = start;
      broken(OvsdbError.SYNTAX_ERROR, where + "valid JSON (" + e.getMessage() + ")");
    }
    return null;
  }

  /** The body of the next record, whose checksum is right; null at the end of the log. */
  byte[] nextBody() throws IOException, OvsdbException {
    if (offset == fileLength || damage != null) {
      return null;
    }
    file.seek(offset);
    String line = headerLine();
    LogRecord.Header header = LogRecord.Header.parse(line, kind);
    if (header == null) {
      return broken(
          OvsdbError.SYNTAX_ERROR,
          "parse error at offset %d in header line \"%s\"".formatted(offset, shown(line)));
    }
    long start = offset + line.length() + 1;
    if (header.length() > fileLength - start) {
      return broken(
          "I/O error",
          "error reading %d bytes starting at offset %d (End of file)"
              .formatted(header.length(), start));
    }
    return body(header, start);
  }

  private byte[] body(LogRecord.Header header, long start) throws IOException, OvsdbException {
    if (header.length() > MAX_BODY) {
      return broken(
          OvsdbError.SYNTAX_ERROR,
          "%d bytes starting at offset %d are too many".formatted(header.length(), start));
    }
    byte[] body = new byte[(int) header.length()];
    file.readFully(body);
    String sha1 = LogRecord.sha1(body);
    if (!sha1.equals(header.sha1())) {
      return broken(
          OvsdbError.SYNTAX_ERROR,
          "%d bytes starting at offset %d have SHA-1 hash %s but should have hash %s"
              .formatted(body.length, start, sha1, header.sha1()));
    }
    if (padding >= 0 && LogRecord.continuesBatch(body)) {
      return broken(
          OvsdbError.SYNTAX_ERROR,
          "the record at offset %d was written together with one before it, which is missing"
              .formatted(offset));
    }
    notePadding(LogPadding.is(body));
    offset = start + body.length;
    return body;
  }

  private void notePadding(boolean pad) {
    if (!pad) {
      padding = -1;
    } else if (padding < 0) {
      padding = offset;
    }
  }

  /** Without its end; cut short if it has none. */
  private String headerLine() throws IOException {
    byte[] bytes = new byte[(int) Math.min(LogRecord.MAX_HEADER, fileLength - offset)];
    file.readFully(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    file.seek(offset + end + 1);
    return end < 0 ? text : text.substring(0, end);
  }

  private static String shown(String line) {
    return line.replaceAll("[^ -~]", "?");
  }

  private byte[] broken(String tag, String text) throws IOException, OvsdbException {
    String what = path + ": " + text;
    if (offset == 0) {
      throw OvsdbError.of(tag, what).thrown();
    }
    long next = acknowledgedAfter(offset + 1);
    if (next >= 0) {
      String more = ", and a whole record follows at offset %d".formatted(next);
      throw OvsdbError.of(tag, what + more).thrown();
    }
    damage = OvsdbError.of(tag, what);
    return null;
  }

  /**
   * Where a whole record begins, at or after {@code from}, that was written when the one before it
   * was durable; or -1.
   */
  private long acknowledgedAfter(long from) throws IOException {
    byte[] chunk = new byte[SEARCH_CHUNK];
    long position = from;
    while (position < fileLength) {
      file.seek(position);
      int length = (int) Math.min(chunk.length, fileLength - position);
      file.readFully(chunk, 0, length);
      String text = new String(chunk, 0, length, StandardCharsets.ISO_8859_1);
      for (int i = text.indexOf(kind.magic()); i >= 0; i = text.indexOf(kind.magic(), i + 1)) {
        if (isAcknowledged(position + i)) {
          return position + i;
        }
      }
      position += Math.max(1, length - kind.magic().length());
      if (length < chunk.length) {
        return -1;
      }
    }
    return -1;
  }

  private boolean isAcknowledged(long at) throws IOException {
    long saved = offset;
    offset = at;
    file.seek(at);
    String line = headerLine();
    offset = saved;
    LogRecord.Header header = LogRecord.Header.parse(line, kind);
    if (header == null
        || header.length() > MAX_BODY
        || header.length() > fileLength - at - line.length() - 1) {
      return false;
    }
    byte[] body = new byte[(int) header.length()];
    file.seek(at + line.length() + 1);
    file.readFully(body);
    return LogRecord.sha1(body).equals(header.sha1())
        && !LogPadding.is(body)
        && !LogRecord.continuesBatch(body);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
