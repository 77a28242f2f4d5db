package org.sluice.ovsdb.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Fills an empty database with the rows of transactions that only inserted, without carrying each
 * of them out: what is dear to check is checked once, at the end. Used by one thread, once.
 */
public final class Adoption {
  private final Database database;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Set<UUID>> names = new HashMap<>();

  /** Begins with a database that has no rows. */
  public Adoption(Database database) {
    this.database = database;
  }

  /**
   * Takes the rows that one transaction inserted; false, and none is taken, if carrying it out
   * could do anything but insert them: if a row is there already, refers to one that is not, or
   * would go at once because nobody refers to it.
   */
  public boolean add(List<Row> inserted) {
    int count = 0;
    while (count < inserted.size() && name(inserted.get(count))) {
      count++;
    }
    if (count == inserted.size() && isWhole(inserted)) {
      rows.addAll(inserted);
      return true;
    }
    inserted.subList(0, count).forEach(row -> names(row.table().name()).remove(row.uuid()));
    return false;
  }

  private boolean name(Row row) {
    return names(row.table().name()).add(row.uuid());
  }

  private Set<UUID> names(String table) {
    return names.computeIfAbsent(table, _ -> new HashSet<>());
  }

  private boolean isWhole(List<Row> inserted) {
    boolean[] whole = {true};
    Set<UUID> needed = new HashSet<>();
    for (Row row : inserted) {
      References.strong(
          row,
          (_, table, to) -> {
            whole[0] &= names(table).contains(to);
            needed.add(to);
          });
      References.weak(row, (_, table, to) -> whole[0] &= names(table).contains(to));
    }
    return whole[0]
        && inserted.stream().allMatch(row -> row.table().isRoot() || needed.contains(row.uuid()));
  }

  /**
   * Makes all of them the database's; false, and it is empty as before, if an index or a limit is
   * broken.
   */
  public boolean finish() {
    return database.adopt(rows);
  }
}
