package org.sluice.ovsdb.transaction;

import java.util.UUID;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * What a committed transaction did to one row. Immutable.
 *
 * @param before the row as it was, or null if it was inserted
 * @param after the row as it is now, or null if it was deleted; not both are null
 */
public record RowChange(Row before, Row after) {
  /** The table of the row. */
  public TableSchema table() {
    return any().table();
  }

  /** The row's UUID. */
  public UUID uuid() {
    return any().uuid();
  }

  /** The change that takes this one back. */
  public RowChange inverse() {
    return new RowChange(after, before);
  }

  private Row any() {
    return before == null ? after : before;
  }
}
