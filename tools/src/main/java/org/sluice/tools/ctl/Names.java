package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * Finds tables and columns by what people type: in any case, with {@code -} for {@code _}, and
 * shortened as long as it stays unique. Stateless but for the schema.
 */
public final class Names {
  private static final int EXACT = 3;
  private static final int SAME_LETTERS = 2;
  private static final int PREFIX = 1;

  private final DatabaseSchema schema;

  Names(DatabaseSchema schema) {
    this.schema = schema;
  }

  /** The schema that names are looked up in. */
  public DatabaseSchema schema() {
    return schema;
  }

  /** The table that {@code typed} means. */
  public TableSchema table(String typed) {
    List<TableSchema> best = best(schema.tables(), TableSchema::name, typed);
    if (best.isEmpty()) {
      throw new CtlFailure("unknown table \"%s\"", typed);
    }
    if (best.size() > 1) {
      throw new CtlFailure(
          "\"%s\" matches multiple table names: %s", typed, joined(best, TableSchema::name));
    }
    return best.getFirst();
  }

  /** The column of {@code table} that {@code typed} means. */
  public ColumnSchema column(TableSchema table, String typed) {
    List<ColumnSchema> best = best(table.ownColumns(), ColumnSchema::name, typed);
    if (best.isEmpty()) {
      throw new CtlFailure(
          "%s does not contain a column whose name matches \"%s\"", table.name(), typed);
    }
    if (best.size() > 1) {
      throw new CtlFailure(
          "%s contains more than one column whose name matches \"%s\": %s",
          table.name(), typed, joined(best, ColumnSchema::name));
    }
    return best.getFirst();
  }

  /** The columns of a table in the order in which they are shown. */
  static List<ColumnSchema> sorted(TableSchema table) {
    return table.ownColumns().stream().sorted(Comparator.comparing(ColumnSchema::name)).toList();
  }

  private static <T> List<T> best(Iterable<T> all, Function<T, String> name, String typed) {
    int best = 1;
    List<T> found = new ArrayList<>();
    for (T each : all) {
      int score = score(name.apply(each), typed);
      if (score > best) {
        found.clear();
        best = score;
      }
      if (score == best) {
        found.add(each);
      }
    }
    return found;
  }

  private static int score(String name, String typed) {
    if (name.equals(typed)) {
      return EXACT;
    }
    String folded = fold(name);
    String foldedTyped = fold(typed);
    if (folded.equals(foldedTyped)) {
      return SAME_LETTERS;
    }
    return !typed.isEmpty() && folded.startsWith(foldedTyped) ? PREFIX : 0;
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static <T> String joined(List<T> all, Function<T, String> name) {
    return String.join(", ", new TreeSet<>(all.stream().map(name).toList()));
  }
}
