package org.sluice.tools.ctl;

import java.util.List;

/**
 * What {@code show} shows of the rows of a table. Immutable.
 *
 * @param nameColumn the column by which a row is introduced; null for its UUID
 * @param columns what follows, indented; references to other shown tables show their rows
 * @param referrer rows of another table that name the row, shown as well; null for none
 */
public record ShownTable(
    String table, String nameColumn, List<String> columns, WeakReferrer referrer) {
  /** A table whose rows name others by a weak reference. */
  public record WeakReferrer(String table, String nameColumn, String reference) {}

  /** A table without referrers. */
  public static ShownTable of(String table, String nameColumn, String... columns) {
    return new ShownTable(table, nameColumn, List.of(columns), null);
  }
}
