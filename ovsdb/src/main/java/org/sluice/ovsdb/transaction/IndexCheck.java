package org.sluice.ovsdb.transaction;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Transaction.Entry;

/**
 * Holds the rows that a transaction touched against unique indexes. Lives for the length of one
 * commit.
 */
final class IndexCheck {
  private final Transaction transaction;

  IndexCheck(Transaction transaction) {
    this.transaction = transaction;
  }

  void run() throws OvsdbException {
    for (Table table : transaction.touchedTables()) {
      for (int i = 0; i < table.schema().indexes().size(); i++) {
        run(table, i);
      }
    }
  }

  private void run(Table table, int index) throws OvsdbException {
    Map<List<Datum>, Row> mine = new HashMap<>();
    for (Entry entry : transaction.entries(table)) {
      if (entry.after == null) {
        continue;
      }
      List<Datum> key = table.indexKey(entry.after, index);
      Row twin = mine.put(key, entry.after);
      if (twin == null) {
        twin = committedTwin(table, index, key);
      }
      if (twin != null) {
        throw duplicate(table, index, entry.after, twin);
      }
    }
  }

  /** A row that has the key and that the transaction did not touch. */
  private Row committedTwin(Table table, int index, List<Datum> key) {
    UUID uuid = table.indexed(index, key);
    return uuid == null || transaction.entryOrNull(table, uuid) != null ? null : table.row(uuid);
  }

  private OvsdbException duplicate(Table table, int index, Row a, Row b) {
    List<ColumnSchema> columns = table.schema().indexes().get(index);
    Comparator<Row> order = Row.orderBy(table.schema().ownColumns());
    Row first = order.compare(a, b) < 0 ? b : a;
    Row second = first == a ? b : a;
    String text =
        ("Transaction causes multiple rows in \"%s\" table to have identical values (%s) for "
                + "index on %s.  %s  %s")
            .formatted(
                table.schema(),
                valuesText(first, columns),
                columnsText(columns),
                describe(table, columns, first, "First"),
                describe(table, columns, second, "Second"));
    return OvsdbError.of("constraint violation", text).thrown();
  }

  private String describe(Table table, List<ColumnSchema> columns, Row row, String title) {
    Entry entry = transaction.entryOrNull(table, row.uuid());
    String history;
    if (entry == null || entry.isNoChange()) {
      history =
          "existed in the database before this transaction and was not modified by the "
              + "transaction.";
    } else if (entry.before == null) {
      history = "was inserted by this transaction.";
    } else if (entry.before.sameValues(row, columns)) {
      history =
          "existed in the database before this transaction, which modified some of the row's "
              + "columns but not any columns in this index.";
    } else {
      history =
          "had the following index values before the transaction: "
              + valuesText(entry.before, columns)
              + ".";
    }
    return "%s row, with UUID %s, %s".formatted(title, row.uuid(), history);
  }

  private static String valuesText(Row row, List<ColumnSchema> columns) {
    return englishList(columns.stream().map(c -> row.get(c).toText(c.type())).toList());
  }

  private static String columnsText(List<ColumnSchema> columns) {
    String names = englishList(columns.stream().map(column -> '"' + column.name() + '"').toList());
    return (columns.size() > 1 ? "columns " : "column ") + names;
  }

  private static String englishList(List<String> items) {
    if (items.size() < 3) {
      return String.join(" and ", items);
    }
    List<String> head = items.subList(0, items.size() - 1);
    return head.stream().collect(Collectors.joining(", ")) + ", and " + items.getLast();
  }
}
