package org.sluice.ovsdb.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.transaction.Adoption;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;

/**
 * Loads the long records at the beginning of a log that only insert rows. While one is checked
 * against its hash and put in its place, the next are taken apart on another thread. Used once.
 */
final class ReadAhead {
  /** From what size on a record is worth another way of reading. */
  private static final int LONG_BYTES = 1 << 12;

  private static final int RECORDS = 4;

  private final LogReader reader;
  private final DatabaseSchema schema;
  private final Adoption adoption;

  /** Records that have been read and not yet been taken. */
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();

  private ReadAhead(LogReader reader, Database database) {
    this.reader = reader;
    this.schema = database.schema();
    this.adoption = new Adoption(database);
  }

  /** A record that begins at {@code offset}; rows are null where it is not one for here. */
  private record Pending(long offset, CompletableFuture<List<Row>> rows) {}

  /**
   * Fills an empty database with what can be read in this way, and leaves the reader where the rest
   * begins.
   */
  static void load(LogReader reader, Database database) throws IOException, OvsdbException {
    long start = reader.offset();
    ReadAhead loader = new ReadAhead(reader, database);
    long rest = loader.load();
    reader.seek(loader.adoption.finish() ? rest : start);
  }

  /** Where the first record begins that is not one for here. */
  private long load() throws IOException, OvsdbException {
    boolean more = readOne();
    while (!pending.isEmpty()) {
      while (more && pending.size() < RECORDS) {
        more = readOne();
      }
      Pending first = pending.remove();
      List<Row> rows = first.rows().join();
      if (rows == null || !adoption.add(rows)) {
        pending.forEach(each -> each.rows().join());
        return first.offset();
      }
    }
    return reader.offset();
  }

  /** Reads a record; false if it is the last for here. */
  private boolean readOne() throws IOException, OvsdbException {
    long offset = reader.offset();
    byte[] body = reader.nextBody();
    if (body == null) {
      return false;
    }
    if (body.length < LONG_BYTES) {
      pending.add(new Pending(offset, CompletableFuture.completedFuture(null)));
      return false;
    }
    pending.add(
        new Pending(offset, CompletableFuture.supplyAsync(() -> BulkLoader.rows(body, schema))));
    return true;
  }
}
