package org.sluice.tools.ctl;

import java.util.List;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * What one command has to work with in one attempt at the transaction. Used by the program's
 * thread.
 */
public final class CtlContext {
  private final Attempt attempt;
  private final Invocation invocation;

  CtlContext(Attempt attempt, Invocation invocation) {
    this.attempt = attempt;
    this.invocation = invocation;
  }

  /** The command as given, and where to print. */
  public Invocation invocation() {
    return invocation;
  }

  /** The database as the commands before this one have left it. */
  public Draft draft() {
    return attempt.draft();
  }

  /** The program's own part of the attempt. */
  public <T> T own(Class<T> type) {
    return type.cast(attempt.own());
  }

  /** The module's log. */
  public Vlog log() {
    return attempt.log();
  }

  Names names() {
    return attempt.names();
  }

  Symbols symbols() {
    return attempt.symbols();
  }

  /** The table that {@code typed} means. */
  TableSchema table(String typed) {
    return attempt.names().table(typed);
  }

  /** The column that {@code typed} means. */
  ColumnSchema column(TableSchema table, String typed) {
    return attempt.names().column(table, typed);
  }

  /** The row that {@code id} names; null where there is none and {@code --if-exists} was given. */
  Row row(TableSchema table, String id) {
    RowFinder finder = attempt.finder();
    return invocation.has("--if-exists") ? finder.find(table, id) : finder.get(table, id);
  }

  /** The row that {@code id} names, or null. */
  Row rowOrNull(TableSchema table, String id) {
    return attempt.finder().find(table, id);
  }

  /** Gives up this attempt; another follows when the database has changed. */
  void tryAgain() {
    attempt.tryAgain();
  }

  Datum datum(String text, ColumnType type) {
    return attempt.values().datum(text, type);
  }

  Atom atom(String text, BaseType type) {
    return attempt.values().atom(text, type);
  }

  /** Complains if a column of an existing row never changes. */
  void checkMutable(Row row, ColumnSchema column) {
    if (!column.mutable() && !draft().isInserted(row)) {
      throw new CtlFailure(
          "cannot modify read-only column %s in table %s", column.name(), row.table().name());
    }
  }

  /** Obeys an argument {@code COLUMN[:KEY]=VALUE}. */
  public void assign(Row row, String argument) {
    ColumnTerm term = ColumnTerm.assignment(argument, row.table(), names());
    ColumnSchema column = term.column();
    checkMutable(row, column);
    ColumnType type = column.type();
    if (term.key() == null) {
      draft().set(row, column.name(), datum(term.value(), type));
      return;
    }
    if (!type.isMap()) {
      throw new CtlFailure("cannot specify key to set for non-map column %s", column.name());
    }
    Atom key = atom(term.key(), type.key());
    Atom value = atom(term.value(), type.value());
    draft().putInto(row, column.name(), Datum.ofPair(key, value));
  }

  /** Whether a row satisfies {@code COLUMN[:KEY] RELATION VALUE}. */
  boolean satisfies(Row row, String argument) {
    ColumnTerm term = ColumnTerm.condition(argument, row.table(), names());
    Relation relation = Relation.of(term.operator());
    ColumnType type = term.column().type();
    Datum have = row.get(term.column());
    if (term.key() == null) {
      return relation.holds(have, datum(term.value(), type));
    }
    if (!type.isMap()) {
      throw new CtlFailure(
          "cannot specify key to check for non-map column %s", term.column().name());
    }
    Atom key = atom(term.key(), type.key());
    ColumnType values = new ColumnType(type.value(), null, type.min(), ColumnType.UNLIMITED);
    Datum want = datum(term.value(), values);
    Atom found = have.isEmpty() ? null : have.get(key);
    if (found == null && !relation.comparesSets()) {
      return false;
    }
    return relation.holds(found == null ? Datum.EMPTY : Datum.of(found), want);
  }

  /** Whether a row satisfies all of {@code arguments}. */
  boolean satisfies(Row row, List<String> arguments) {
    return arguments.stream().allMatch(argument -> satisfies(row, argument));
  }
}
