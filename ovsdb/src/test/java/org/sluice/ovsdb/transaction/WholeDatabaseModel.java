package org.sluice.ovsdb.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;

/**
 * The slow, obvious database: rows in a map, every rule checked for every row. Used by one test
 * thread.
 */
final class WholeDatabaseModel {
  private Map<UUID, Row> rows = new HashMap<>();

  WholeDatabaseModel copy() {
    WholeDatabaseModel copy = new WholeDatabaseModel();
    copy.rows.putAll(rows);
    return copy;
  }

  void become(WholeDatabaseModel other) {
    rows = other.rows;
  }

  void put(Row row) {
    rows.put(row.uuid(), row);
  }

  void delete(Row row) {
    rows.remove(row.uuid());
  }

  Map<UUID, List<Datum>> rows() {
    Map<UUID, List<Datum>> out = new HashMap<>();
    rows.forEach((uuid, row) -> out.put(uuid, row.values(row.table().ownColumns())));
    return out;
  }

  /** Applies every rule; false if one is violated. */
  boolean settle() {
    if (!strongTargets(rows).stream().allMatch(rows::containsKey)) {
      return false;
    }
    while (rows.values().removeIf(row -> isGarbage(row, strongTargets(rows)))) {}
    return countsFit() && weakReferencesFit() && namesDiffer();
  }

  private static boolean isGarbage(Row row, Set<UUID> referred) {
    return !row.table().isRoot() && !referred.contains(row.uuid());
  }

  private static Set<UUID> strongTargets(Map<UUID, Row> rows) {
    Set<UUID> targets = new HashSet<>();
    for (Row row : rows.values()) {
      for (ColumnSchema column : row.table().ownColumns()) {
        List<UUID> uuids = new ArrayList<>();
        Datum value = row.get(column);
        for (int i = 0; i < value.size(); i++) {
          addIf(column.type().key().isStrongReference(), value.key(i), uuids);
          BaseType valueType = column.type().value();
          if (valueType != null) {
            addIf(valueType.isStrongReference(), value.value(i), uuids);
          }
        }
        uuids.removeIf(row.uuid()::equals);
        targets.addAll(uuids);
      }
    }
    return targets;
  }

  private static void addIf(boolean condition, Atom atom, List<UUID> to) {
    if (condition) {
      to.add(((Atom.UuidAtom) atom).value());
    }
  }

  private boolean countsFit() {
    Map<String, Long> counts = new HashMap<>();
    rows.values().forEach(row -> counts.merge(row.table().name(), 1L, Long::sum));
    return rows.values().stream()
        .allMatch(row -> counts.get(row.table().name()) <= row.table().maxRows());
  }

  private boolean weakReferencesFit() {
    for (Row row : List.copyOf(rows.values())) {
      for (ColumnSchema column : row.table().ownColumns()) {
        if (column.type().key().isWeakReference()) {
          List<UUID> kept =
              rows.get(row.uuid()).get(column).uuids().stream().filter(rows::containsKey).toList();
          if (kept.size() < column.type().min()) {
            return false;
          }
          put(rows.get(row.uuid()).edit().set(column, Datum.ofUuids(kept)).done());
        }
      }
    }
    return true;
  }

  private boolean namesDiffer() {
    Set<List<Datum>> keys = new HashSet<>();
    for (Row row : rows.values()) {
      for (List<ColumnSchema> index : row.table().indexes()) {
        if (!keys.add(row.values(index))) {
          return false;
        }
      }
    }
    return true;
  }
}
