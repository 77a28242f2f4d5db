package org.sluice.base.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** The file that messages are appended to. Guarded by the registry's lock. */
final class LogFile {
  private final Path path;
  private final FileChannel channel;
  private final Object identity;

  private LogFile(Path path, FileChannel channel, Object identity) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
  }

  /** Opens for appending; a new file may be read and written by its owner and group. */
  static LogFile open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw----")));
    return new LogFile(path, channel, identity(path));
  }

  /** The inode: what tells a file from its successor of the same name. */
  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  boolean isSameAs(LogFile other) {
    return Objects.equals(identity, other.identity);
  }

  void append(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // A full disk must not stop the switch, and there is nowhere to say it.
      return;
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(path + ": closing a log file", e);
    }
  }
}
