package org.sluice.base.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.sluice.base.linux.FileErrors;

/**
 * The file that says which process a daemon is: its pid in decimal and a new line, under a POSIX
 * write lock for the daemon's whole life. A file that nobody has locked is stale.
 *
 * <p>It is written as {@code FILE.tmp}, whose lock also keeps two daemons from starting at once,
 * and then renamed. POSIX drops a process's locks on a file as soon as the process closes any
 * descriptor of that file: nothing in the daemon may open its own pidfile again.
 *
 * <p>Made and closed by the thread that starts and ends the daemon.
 */
public final class Pidfile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private Pidfile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes this process's pidfile.
   *
   * @param overwrite take the place of another daemon's pidfile instead of failing
   * @throws IOException in one line, among others if the daemon {@code path} names is running
   */
  public static Pidfile create(Path path, boolean overwrite) throws IOException {
    long pid = ProcessHandle.current().pid();
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp" + (overwrite ? pid : ""));
    FileChannel channel = openForLocking(temporary);
    try {
      lock(channel, temporary);
      if (!overwrite) {
        refuseIfRunning(path, temporary);
      }
      write(channel, pid + "\n", temporary);
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      return new Pidfile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A full disk must not leave the file behind that was to be renamed. */
  private static void write(FileChannel channel, String text, Path path) throws IOException {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      Files.delete(path);
      throw new IOException(path + ": write failed (" + e.getMessage() + ")", e);
    }
  }

  private static FileChannel openForLocking(Path path) throws IOException {
    try {
      return FileChannel.open(
          path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(path + ": create failed (" + FileErrors.reason(e) + ")", e);
    }
  }

  private static void lock(FileChannel channel, Path path) throws IOException {
    if (!tryLock(channel)) {
      throw new IOException(path + ": fcntl(F_SETLK) failed (Resource temporarily unavailable)");
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // Locked, by this very process.
    }
  }

  private static void refuseIfRunning(Path path, Path temporary) throws IOException {
    try {
      checkNotRunning(path);
    } catch (IOException e) {
      Files.delete(temporary);
      throw e;
    }
  }

  private static void checkNotRunning(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    String pid = lockedPid(path);
    if (pid != null) {
      throw new IOException(path + ": already running as pid " + pid + ", aborting");
    }
    deleteStale(path);
  }

  /** Only who holds the lock of a stale file may delete it: its successor has the same name. */
  private static void deleteStale(Path path) throws IOException {
    Object identity = identity(path);
    try (FileChannel stale = openForLocking(path)) {
      lock(stale, path);
      if (!Objects.equals(identity, identity(path))) {
        throw new IOException(path + ": lost race to delete pidfile");
      }
      Files.delete(path);
    }
  }

  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * What a pidfile says, or null if nobody has it locked. Asked by trying to lock it, which needs
   * no native call: those take a tool, which lives for a moment, longer than all the rest.
   */
  private static String lockedPid(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return tryLock(channel) ? null : Files.readString(path, StandardCharsets.US_ASCII).strip();
    }
  }

  /**
   * Which process another program's pidfile names. Not to be asked about this process's own.
   *
   * @throws IOException in one line, if there is no such file or nobody has it locked
   */
  public static int read(Path path) throws IOException {
    String pid;
    try {
      pid = lockedPid(path);
    } catch (NoSuchFileException e) {
      throw unreadable(path, "No such file or directory", e);
    } catch (AccessDeniedException e) {
      throw unreadable(path, "Permission denied", e);
    }
    if (pid == null) {
      throw unreadable(path, "No such process", null);
    }
    try {
      return Integer.parseInt(pid);
    } catch (NumberFormatException e) {
      throw unreadable(path, "Invalid argument", e);
    }
  }

  private static IOException unreadable(Path path, String why, Exception cause) {
    return new IOException("cannot read pidfile \"" + path + "\" (" + why + ")", cause);
  }

  /** Removes the file and lets the lock go. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    channel.close();
  }
}
