package org.sluice.ovsdb.transaction;

import java.util.List;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;

/**
 * How much memory one request may have filled with what it finds and with what it changes. A short
 * request can ask for all rows a thousand times over, or put one long string into all of them,
 * which takes no room here but much in the file's record. Belongs to the database's writer thread.
 */
final class Allowance {
  /** What a row and each of its columns take as JSON beside their values, roughly. */
  private static final long ITEM_BYTES = 100;

  private final long maxBytes;
  private long bytes;

  Allowance(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Counts these columns of a row that is sent back, unless that is too much. */
  void takeFound(Row row, List<ColumnSchema> columns) throws OvsdbException {
    long size = ITEM_BYTES;
    for (ColumnSchema column : columns) {
      size += ITEM_BYTES + row.get(column).bytes();
    }
    take(size, "found");
  }

  /** Counts all that is written of these changes, unless that is too much. */
  void takeChanged(List<RowChange> changes) throws OvsdbException {
    for (RowChange change : changes) {
      take(ITEM_BYTES + bytes(change), "changed");
    }
  }

  private static long bytes(RowChange change) {
    if (change.after() == null) {
      return 0;
    }
    long sum = 0;
    for (ColumnSchema column : change.table().ownColumns()) {
      Datum after = change.after().get(column);
      boolean known = change.before() != null && change.before().get(column).equals(after);
      sum += known ? 0 : ITEM_BYTES + after.bytes();
    }
    return sum;
  }

  private void take(long size, String what) throws OvsdbException {
    bytes += size;
    if (bytes > maxBytes) {
      String text = "what is %s in one transaction may take %d bytes".formatted(what, maxBytes);
      throw OvsdbError.of("resources exhausted", text).thrown();
    }
  }
}
