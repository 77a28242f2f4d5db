package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * Finds the row that somebody means: by its UUID, as {@code .} where there is only one, by a name,
 * or by the beginning of its UUID. Used by one thread, for one attempt.
 */
final class RowFinder {
  private static final int SHORTEST_UUID_START = 4;

  private final Draft draft;
  private final Map<String, List<RowName>> names;

  RowFinder(Draft draft, Map<String, List<RowName>> names) {
    this.draft = draft;
    this.names = names;
  }

  /** The row, or null. */
  Row find(TableSchema table, String id) {
    Row row = draft.row(table.name(), Uuids.parse(id));
    if (row == null && id.equals(".")) {
      List<Row> all = draft.rows(table.name());
      row = all.size() == 1 ? all.getFirst() : null;
    }
    for (RowName name : names.getOrDefault(table.name(), List.of())) {
      row = row == null ? byName(table, name, id) : row;
    }
    return row == null && isUuidStart(id) ? byUuidStart(table, id) : row;
  }

  /** The row, which must be there. */
  Row get(TableSchema table, String id) {
    Row row = find(table, id);
    if (row == null) {
      throw new CtlFailure("no row \"%s\" in table %s", id, table.name());
    }
    return row;
  }

  private Row byName(TableSchema table, RowName name, String id) {
    List<Row> named = new ArrayList<>();
    for (Row row : draft.rows(name.table())) {
      Atom atom = nameOf(row, name);
      if (atom != null && matches(atom, id)) {
        named.add(row);
      }
    }
    if (named.size() > 1) {
      throw new CtlFailure("multiple rows in %s match \"%s\"", name.table(), id);
    }
    return named.isEmpty() ? null : target(table, named.getFirst(), name);
  }

  private static Atom nameOf(Row row, RowName name) {
    Datum datum = row.get(name.column());
    if (name.key() != null) {
      return datum.isEmpty() ? null : datum.get(Atom.of(name.key()));
    }
    return datum.size() == 1 ? datum.key(0) : null;
  }

  private static boolean matches(Atom name, String id) {
    return switch (name) {
      case Atom.StringAtom(String text) ->
          text.equals(id)
              || (id.length() >= SHORTEST_UUID_START
                  && text.startsWith(id)
                  && Uuids.parse(text) != null);
      case Atom.UuidAtom(UUID uuid) -> uuid.equals(Uuids.parse(id));
      case Atom.IntegerAtom(long number) -> id.equals(Long.toString(number));
      case Atom.RealAtom _, Atom.BooleanAtom _ -> false;
    };
  }

  private Row target(TableSchema table, Row named, RowName name) {
    if (name.reference() == null) {
      return named;
    }
    draft.verify(named, name.reference());
    Datum reference = named.get(name.reference());
    return reference.size() == 1 ? draft.row(table.name(), reference.uuid()) : null;
  }

  private Row byUuidStart(TableSchema table, String id) {
    Row found = null;
    for (Row row : draft.rows(table.name())) {
      if (!row.uuid().toString().startsWith(id)) {
        continue;
      }
      if (found != null) {
        throw new CtlFailure(
            "%s contains 2 or more rows whose UUIDs begin with %s: at least %s and %s",
            table.name(), id, found.uuid(), row.uuid());
      }
      found = row;
    }
    return found;
  }

  private static boolean isUuidStart(String id) {
    String pattern = "00000000-0000-0000-0000-000000000000";
    return id.length() >= SHORTEST_UUID_START
        && id.length() <= pattern.length()
        && Uuids.parse(id + pattern.substring(id.length())) != null;
  }
}
