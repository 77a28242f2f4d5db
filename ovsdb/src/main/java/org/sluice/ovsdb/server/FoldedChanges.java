package org.sluice.ovsdb.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * Changes of several transactions, folded to one change per row; what was made and went again is
 * left out. Belongs to the writer thread.
 */
final class FoldedChanges {
  private record RowKey(String table, UUID uuid) {}

  private final Map<RowKey, RowChange> byRow = new LinkedHashMap<>();

  void add(RowChange change) {
    RowKey key = new RowKey(change.table().name(), change.uuid());
    RowChange earlier = byRow.get(key);
    RowChange both = earlier == null ? change : new RowChange(earlier.before(), change.after());
    if (both.before() == null && both.after() == null) {
      byRow.remove(key);
    } else {
      byRow.put(key, both);
    }
  }

  /** All of them, which are forgotten. */
  List<RowChange> take() {
    List<RowChange> all = new ArrayList<>(byRow.values());
    byRow.clear();
    return all;
  }
}
