package org.sluice.tools.ctl;

import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Draft;

/**
 * One attempt to run all commands on one snapshot of the database. Used by the program's thread.
 */
final class Attempt {
  private final CtlDatabase database;
  private final Names names;
  private final Draft draft;
  private final Vlog log;
  private final Symbols symbols = new Symbols();
  private final ValueReader values = new ValueReader(symbols);
  private final RowFinder finder;
  private final Object own;
  private boolean again;

  Attempt(CtlDatabase database, Draft draft, Object own, Vlog log) {
    this.database = database;
    this.names = new Names(database.schema());
    this.draft = draft;
    this.own = own;
    this.log = log;
    this.finder = new RowFinder(draft, database.rowNames());
  }

  CtlDatabase database() {
    return database;
  }

  Names names() {
    return names;
  }

  Draft draft() {
    return draft;
  }

  Vlog log() {
    return log;
  }

  Symbols symbols() {
    return symbols;
  }

  ValueReader values() {
    return values;
  }

  RowFinder finder() {
    return finder;
  }

  Object own() {
    return own;
  }

  void tryAgain() {
    again = true;
  }

  boolean isToBeTriedAgain() {
    return again;
  }
}
