package org.sluice.ovsdb.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
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
  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the database at {@code path}, or says that somebody else has. */
  static LockFile acquire(Path path) throws IOException, OvsdbException {
    Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path lock = target.resolveSibling("." + target.getFileName() + ".~lock~");
    FileChannel channel =
        FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      throw refused(path);
    }
    if (held == null) {
      channel.close();
      throw refused(path);
    }
    return new LockFile(channel);
  }

  private static OvsdbException refused(Path path) {
    String text = path + ": failed to lock lockfile (Resource temporarily unavailable)";
    return OvsdbError.of("I/O error", text).thrown();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
