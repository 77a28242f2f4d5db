package org.sluice.ovsdb.server;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * Writes the changes of chosen tables of one database to the log, at most 30 rows a minute in the
 * long run. Belongs to the writer thread.
 */
final class ChangeLog {
  private final Vlog log;
  private final VlogRateLimit limit = new VlogRateLimit(30, 60);
  private final Set<String> tables = new TreeSet<>();

  ChangeLog(Vlog log) {
    this.log = log;
  }

  /** Chooses a table, or does not choose it any more. */
  void choose(String table, boolean chosen) {
    if (chosen) {
      tables.add(table);
    } else {
      tables.remove(table);
    }
  }

  boolean isChosen(String table) {
    return tables.contains(table);
  }

  void tell(ChangeSet changes) {
    for (RowChange change : changes.rows()) {
      if (isChosen(change.table().name())) {
        Row row = change.after() == null ? change.before() : change.after();
        log.log(
            limit,
            LogLevel.INFO,
            "table:%s,op:%s,%s",
            change.table().name(),
            operation(change),
            new LoggedRow(row));
      }
    }
  }

  private static String operation(RowChange change) {
    if (change.before() == null) {
      return "inserted";
    }
    return change.after() == null ? "deleted" : "updated";
  }

  /** Becomes text only if the message may pass. */
  private record LoggedRow(Row row) {
    private String member(ColumnSchema column) {
      return column.name() + ":" + row.get(column).toText(column.type());
    }

    @Override
    public String toString() {
      return row.table().columns().stream().map(this::member).collect(Collectors.joining(","));
    }
  }
}
