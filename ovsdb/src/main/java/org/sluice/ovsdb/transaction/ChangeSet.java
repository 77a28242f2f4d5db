package org.sluice.ovsdb.transaction;

import java.util.List;
import java.util.UUID;

/**
 * All that one transaction changed: what is written to the file and told to monitors. Immutable.
 *
 * @param id names the state that the database is in afterwards
 * @param rows at most one change per row; empty if the transaction changed nothing
 * @param comment the text of {@code comment} operations, for the file; or null
 */
public record ChangeSet(UUID id, List<RowChange> rows, String comment) {
  /** Takes the list over. */
  public ChangeSet {
    rows = List.copyOf(rows);
  }

  /** Whether nothing changed. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The changes that take these back. */
  public ChangeSet inverse() {
    return new ChangeSet(id, rows.stream().map(RowChange::inverse).toList(), comment);
  }
}
