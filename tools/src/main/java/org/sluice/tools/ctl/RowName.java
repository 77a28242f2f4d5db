package org.sluice.tools.ctl;

/**
 * One way in which the rows of a table may be named, UUIDs apart. Immutable.
 *
 * @param table where the name stands: the table itself, or one that refers to it
 * @param column the column with the name
 * @param key if the column is a map, the key whose value is the name; else null
 * @param reference the column of {@code table} that refers to the row; null if the row itself has
 *     the name
 */
public record RowName(String table, String column, String key, String reference) {
  /** By a column of the row itself. */
  public static RowName of(String table, String column) {
    return new RowName(table, column, null, null);
  }

  /** By the name of the row that refers to it. */
  public static RowName via(String table, String column, String reference) {
    return new RowName(table, column, null, reference);
  }

  /** As the help text says it of rows of {@code target}. */
  String describe(String target) {
    String name = key == null ? column : column + ":" + key;
    if (reference == null) {
      return "by \"" + name + "\"";
    }
    String where = table.equals(target) ? "" : " of " + table;
    return "via \"" + reference + "\"" + where + " with matching \"" + name + "\"";
  }
}
