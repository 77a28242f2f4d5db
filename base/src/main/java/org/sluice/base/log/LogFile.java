package org.sluice.base.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * The file that messages are appended to. Guarded by the registry's lock.
 *
 * <p>Not a channel: that would be closed, for everybody, by the first thread that is interrupted
 * and has something to say.
 */
final class LogFile {
  private final Path path;
  private final FileOutputStream stream;
  private final Object identity;

  private LogFile(Path path, FileOutputStream stream, Object identity) {
    this.path = path;
    this.stream = stream;
    this.identity = identity;
  }

  /** Opens for appending; a new file may be read and written by its owner and group. */
  static LogFile open(Path path) throws IOException {
    var permissions = PosixFilePermissions.fromString("rw-rw----");
    Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(permissions)).close();
    return new LogFile(path, new FileOutputStream(path.toFile(), true), identity(path));
  }

  /** The inode: what tells a file from its successor of the same name. */
  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  boolean isSameAs(LogFile other) {
    return Objects.equals(identity, other.identity);
  }

  void append(String line) {
    try {
      stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A full disk must not stop the switch, and there is nowhere to say it.
      return;
    }
  }

  void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new IllegalStateException(path + ": closing a log file", e);
    }
  }
}
