package org.sluice.tools.vsctl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.Invocation;

/**
 * Controllers or managers: rows of one table with a target each, to which a column of another row
 * refers. Keeps nothing but the table's name and a log.
 */
final class Targets {
  private static final Pattern KNOWN = Pattern.compile("p?(tcp|ssl|unix):.*");

  private final String table;
  private final Vlog log;

  Targets(String table, Vlog log) {
    this.table = table;
    this.log = log;
  }

  /** The targets that a column refers to, in order. */
  List<String> list(Draft draft, Row row, String column) {
    verify(draft, row, column);
    return rows(draft, row, column).stream()
        .map(each -> each.get("target").string())
        .sorted()
        .toList();
  }

  /** Makes a column refer to nothing, and deletes what it referred to. */
  void delete(Draft draft, Row row, String column) {
    verify(draft, row, column);
    rows(draft, row, column).forEach(draft::delete);
    draft.set(row, column, Datum.EMPTY);
  }

  /** Makes a column refer to new rows with these targets. */
  void replace(Draft draft, Row row, String column, Invocation invocation, int first) {
    delete(draft, row, column);
    List<UUID> added = new ArrayList<>();
    for (String target : invocation.arguments(first)) {
      if (!KNOWN.matcher(target).matches()) {
        log.warn("target type \"%s\" is possibly erroneous", target);
      }
      Row made = draft.insert(table);
      draft.set(made, "target", Datum.of(target));
      if (invocation.has("--inactivity-probe")) {
        long ms = Numbers.leading(invocation.value("--inactivity-probe"));
        draft.set(made, "inactivity_probe", Datum.of(ms));
      }
      added.add(made.uuid());
    }
    draft.set(row, column, Datum.ofUuids(added));
  }

  private void verify(Draft draft, Row row, String column) {
    draft.verify(row, column);
    rows(draft, row, column).forEach(each -> draft.verify(each, "target"));
  }

  private Collection<Row> rows(Draft draft, Row row, String column) {
    List<Row> rows = new ArrayList<>();
    for (UUID uuid : draft.now(row).get(column).uuids()) {
      Row target = draft.row(table, uuid);
      if (target != null) {
        rows.add(target);
      }
    }
    return rows;
  }
}
