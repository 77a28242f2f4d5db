package org.sluice.tools.ctl;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * {@code show}: the rows of the outermost table and, indented, what they refer to. Stateless but
 * for what is to be shown.
 */
final class ShowCommand {
  private static final int INDENT = 4;

  private final List<ShownTable> shown;

  ShowCommand(List<ShownTable> shown) {
    this.shown = shown;
  }

  CtlCommand command() {
    return CtlCommand.reading("show", 0, 0, "")
        .options("--filter=")
        .needing(this::prepare)
        .running(this::run);
  }

  private void prepare(Prerequisites wanted, Invocation invocation) {
    for (ShownTable table : shown) {
      wanted.add(table.table(), table.columns().toArray(String[]::new));
      if (table.nameColumn() != null) {
        wanted.add(table.table(), table.nameColumn());
      }
      if (table.referrer() != null) {
        wanted.add(
            table.referrer().table(), table.referrer().nameColumn(), table.referrer().reference());
      }
    }
  }

  private void run(CtlContext context) {
    String outermost = shown.getFirst().table();
    ShowFilter filter =
        ShowFilter.parse(context.invocation().value("--filter"), outermost, context.names());
    StringBuilder out = new StringBuilder();
    for (Row row : context.draft().rows(outermost)) {
      new Page(context.draft(), filter, out).row(row, 0);
    }
    context.invocation().print(out.toString());
  }

  private ShownTable shown(String table) {
    return shown.stream().filter(each -> each.table().equals(table)).findFirst().orElse(null);
  }

  /** One outermost row and what hangs on it. Used once. */
  private final class Page {
    private final Draft draft;
    private final ShowFilter filter;
    private final StringBuilder out;

    /** The tables that are being shown further out; a row of theirs is named only. */
    private final Set<String> around = new HashSet<>();

    Page(Draft draft, ShowFilter filter, StringBuilder out) {
      this.draft = draft;
      this.filter = filter;
      this.out = out;
    }

    void row(Row row, int level) {
      int start = out.length();
      ShownTable table = shown(row.table().name());
      boolean named = table.nameColumn() != null;
      line(level, named ? table.table() + " " + text(row, table.nameColumn()) : row.uuid() + "");
      if (!around.add(table.table())) {
        return;
      }
      table.columns().forEach(column -> column(row, row.table().column(column), level + 1));
      if (table.referrer() != null) {
        referrers(row, table.referrer(), level + 1);
      }
      around.remove(table.table());
      filter.apply(table.table(), out, start);
    }

    private void column(Row row, ColumnSchema column, int level) {
      Datum value = row.get(column);
      ShownTable target = target(column.type().key());
      ShownTable mapped = target(column.type().value());
      if (target != null) {
        value.uuids().stream()
            .map(uuid -> draft.row(target.table(), uuid))
            .filter(each -> each != null)
            .forEach(each -> row(each, level));
      } else if (mapped != null && mapped.nameColumn() != null) {
        line(level, column.name() + ":");
        for (int i = 0; i < value.size(); i++) {
          line(level + 1, value.key(i).toText() + "=" + name(mapped, value.value(i)));
        }
      } else if (!value.equals(column.type().defaultValue())) {
        line(level, column.name() + ": " + value.toText(column.type()));
      }
    }

    private ShownTable target(BaseType type) {
      return type == null || type.reference() == null ? null : shown(type.reference().table());
    }

    private String name(ShownTable table, Atom uuid) {
      Row row = draft.row(table.table(), Datum.of(uuid).uuid());
      return row == null ? "\"<null>\"" : text(row, table.nameColumn());
    }

    private void referrers(Row row, ShownTable.WeakReferrer referrer, int level) {
      for (Row other : draft.rows(referrer.table())) {
        Datum reference = other.get(referrer.reference());
        if (!reference.isEmpty() && reference.key(0).equals(Atom.of(row.uuid()))) {
          line(level, referrer.table() + " " + text(other, referrer.nameColumn()));
        }
      }
    }

    private static String text(Row row, String column) {
      return row.get(column).toText(row.table().column(column).type());
    }

    private void line(int level, String text) {
      out.repeat(' ', level * INDENT).append(text).append('\n');
    }
  }
}
