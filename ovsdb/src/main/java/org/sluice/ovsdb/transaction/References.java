package org.sluice.ovsdb.transaction;

import java.util.UUID;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/** Walks the references that rows hold, by strength. Stateless. */
final class References {
  /** Receives one reference. */
  @FunctionalInterface
  interface Visitor<X extends Exception> {
    void visit(ColumnSchema column, String table, UUID target) throws X;
  }

  private References() {}

  /**
   * All strong references in {@code row} to other rows; a row's references to itself do not count.
   */
  static <X extends Exception> void strong(Row row, Visitor<X> visitor) throws X {
    for (ColumnSchema column : row.table().strongColumns()) {
      strong(row, column, row.get(column), visitor);
    }
  }

  /** The strong references that a row lost and gained by a change; either side may be null. */
  static <X extends Exception> void strongDifference(
      Row before, Row after, Visitor<X> lost, Visitor<X> gained) throws X {
    Row row = after == null ? before : after;
    for (ColumnSchema column : row.table().strongColumns()) {
      Datum was = before == null ? Datum.EMPTY : before.get(column);
      Datum is = after == null ? Datum.EMPTY : after.get(column);
      if (!was.equals(is)) {
        strong(row, column, was.subtract(is), lost);
        strong(row, column, is.subtract(was), gained);
      }
    }
  }

  private static <X extends Exception> void strong(
      Row row, ColumnSchema column, Datum value, Visitor<X> visitor) throws X {
    BaseType valueType = column.type().value();
    for (int i = 0; i < value.size(); i++) {
      if (column.type().key().isStrongReference()) {
        visit(row, column, column.type().key(), value.key(i), visitor);
      }
      if (valueType != null && valueType.isStrongReference()) {
        visit(row, column, valueType, value.value(i), visitor);
      }
    }
  }

  /** All weak references in {@code row}, to itself included. */
  static <X extends Exception> void weak(Row row, Visitor<X> visitor) throws X {
    for (ColumnSchema column : row.table().weakColumns()) {
      Datum value = row.get(column);
      BaseType valueType = column.type().value();
      for (int i = 0; i < value.size(); i++) {
        if (column.type().key().isWeakReference()) {
          visitor.visit(column, target(column.type().key()), uuid(value.key(i)));
        }
        if (valueType != null && valueType.isWeakReference()) {
          visitor.visit(column, target(valueType), uuid(value.value(i)));
        }
      }
    }
  }

  /** Whether the table has a column with weak references. */
  static boolean hasWeak(TableSchema table) {
    return !table.weakColumns().isEmpty();
  }

  private static <X extends Exception> void visit(
      Row row, ColumnSchema column, BaseType type, Atom atom, Visitor<X> visitor) throws X {
    UUID target = uuid(atom);
    if (!target.equals(row.uuid())) {
      visitor.visit(column, target(type), target);
    }
  }

  static String target(BaseType type) {
    return type.reference().table();
  }

  static UUID uuid(Atom atom) {
    return ((Atom.UuidAtom) atom).value();
  }
}
