package org.sluice.ovsdb.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.sluice.base.linux.FileErrors;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * What keeps two servers from writing one file: a POSIX lock on {@code .NAME.~lock~} beside it, as
 * OVS's tools take it.
 *
 * <p>Such a lock belongs to the process and goes when the process closes <em>any</em> descriptor of
 * the lock file; so a channel whose lock was refused because this same process has it already is
 * never closed.
 */
final class LockFile implements Closeable {
  private static final String HELD = "Resource temporarily unavailable";
  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final FileAttribute<?> PERMISSIONS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the database at {@code path}, or says that somebody else has. */
  static LockFile acquire(Path path) throws IOException, OvsdbException {
    Path target = SymbolicLinks.follow(path);
    Path lock = target.resolveSibling("." + target.getFileName() + ".~lock~");
    FileChannel channel = open(path, lock);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      throw failed(path, HELD);
    }
    if (held == null) {
      channel.close();
      throw failed(path, HELD);
    }
    return new LockFile(channel);
  }

  private static FileChannel open(Path path, Path lock) throws OvsdbException {
    try {
      return FileChannel.open(lock, OPTIONS, PERMISSIONS);
    } catch (IOException e) {
      throw failed(path, FileErrors.reason(e));
    }
  }

  private static OvsdbException failed(Path path, String why) {
    String text = "%s: failed to lock lockfile (%s)".formatted(path, why);
    return OvsdbError.of("I/O error", text).thrown();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
