package org.sluice.ovsdb.server;

import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * The latest change sets of one database, so that a client that was away briefly gets only what it
 * missed. Bounded in number and in rows. Belongs to the writer thread.
 */
final class History {
  private static final int MAX_CHANGE_SETS = 100;
  private static final int MAX_ROWS = 20_000;

  private final boolean kept;
  private final ArrayDeque<ChangeSet> changeSets = new ArrayDeque<>();
  private UUID start;
  private int rows;

  /**
   * Begins with a database as it is after the change set {@code start}.
   *
   * @param kept whether anybody will ask what happened; otherwise only the last id is remembered
   */
  History(UUID start, boolean kept) {
    this.start = start;
    this.kept = kept;
  }

  void add(ChangeSet changes) {
    if (!kept) {
      start = changes.id();
      return;
    }
    changeSets.addLast(changes);
    rows += changes.rows().size();
    while (changeSets.size() > MAX_CHANGE_SETS || rows > MAX_ROWS) {
      ChangeSet oldest = changeSets.removeFirst();
      rows -= oldest.rows().size();
      start = oldest.id();
    }
  }

  /**
   * All that changed after the change set {@code id}, folded to one change per row; null if not
   * known any more.
   */
  List<RowChange> since(UUID id) {
    boolean found = id.equals(start);
    FoldedChanges folded = new FoldedChanges();
    for (ChangeSet changes : changeSets) {
      if (found) {
        changes.rows().forEach(folded::add);
      }
      found |= changes.id().equals(id);
    }
    return found ? folded.take() : null;
  }

  /** The state that the database is in. */
  UUID last() {
    return changeSets.isEmpty() ? start : changeSets.getLast().id();
  }

  /** How many rows the remembered change sets are about. */
  int rows() {
    return rows;
  }

  /** How many change sets are remembered. */
  int size() {
    return changeSets.size();
  }
}
