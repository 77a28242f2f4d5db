package org.sluice.ovsdb.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.transaction.Database;

/**
 * Reads a database that no server has open and writes it anew, with nothing of its history. Used
 * once, by one thread.
 */
public final class DatabaseRewrite {
  /** What happens to the contents on the way. */
  @FunctionalInterface
  public interface Change {
    /** The database to be written. */
    Database apply(Database database) throws OvsdbException;
  }

  private final Path source;
  private final Path target;

  private DatabaseRewrite(Path source, Path target) {
    this.source = source;
    this.target = target;
  }

  /** Writes a new file over the old one, once it is whole. */
  public static DatabaseRewrite inPlace(Path source) {
    return new DatabaseRewrite(source, source);
  }

  /** Writes another file, and leaves the old one alone. */
  public static DatabaseRewrite to(Path source, Path target) {
    return new DatabaseRewrite(source, target);
  }

  /** Does it. */
  public void run(Change change, String comment, long wallMs) throws IOException, OvsdbException {
    // What is not a database is not written over by mistake.
    if (Files.exists(target) && Files.size(target) > 0) {
      FileKind.requireStandalone(target);
    }
    try (LockFile _ = LockFile.acquire(target)) {
      Database changed = change.apply(DatabaseFile.read(source));
      DatabaseFile.write(target, changed, comment, wallMs);
    }
  }
}
