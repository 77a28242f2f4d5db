package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.RowChange;
import org.sluice.ovsdb.transaction.Transaction;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/**
 * A database with its file, its history, those who monitor it and those who wait for it to change.
 * Belongs to the writer thread.
 */
final class ServedDatabase implements Closeable {
  private final Database database;
  private final DatabaseFile file;
  private final Supplier<UUID> uuids;
  private final TransactionExecutor executor;
  private final History history;
  private final List<ChangeSet> unsynced = new ArrayList<>();
  final Set<Monitor> monitors = new LinkedHashSet<>();
  final Set<WaitingRequest> waiting = new LinkedHashSet<>();

  /** Serves a database; {@code file} is null for one that lives in memory only. */
  ServedDatabase(Database database, DatabaseFile file, Supplier<UUID> uuids) {
    this.database = database;
    this.file = file;
    this.uuids = uuids;
    this.executor = new TransactionExecutor(database, uuids);
    this.history = new History(database.lastChange());
  }

  Database database() {
    return database;
  }

  DatabaseFile file() {
    return file;
  }

  TransactionExecutor executor() {
    return executor;
  }

  Transaction begin() {
    return new Transaction(database, uuids);
  }

  /** What changed after a change set, or null if not known; the all-zero id is never known. */
  List<RowChange> changesSince(UUID id) {
    return id.equals(Uuids.ZERO) ? null : history.since(id);
  }

  /**
   * Makes a transaction true, in memory and in the file's buffers; durable only after {@link
   * #sync}.
   */
  ChangeSet commit(Transaction transaction, long wallMs) throws OvsdbException {
    ChangeSet changes = CommitCheck.run(transaction);
    if (changes.isEmpty()) {
      return changes;
    }
    if (file != null) {
      append(changes, wallMs);
      unsynced.add(changes);
    }
    database.apply(changes);
    history.add(changes);
    return changes;
  }

  private void append(ChangeSet changes, long wallMs) throws OvsdbException {
    try {
      file.append(changes, wallMs);
    } catch (IOException e) {
      String text = "%s: write failed (%s)".formatted(file.path(), e.getMessage());
      throw OvsdbError.of("I/O error", text).thrown();
    }
  }

  /** Makes all commits durable. */
  void sync() throws IOException {
    if (!unsynced.isEmpty()) {
      file.sync();
      unsynced.clear();
    }
  }

  /** Takes back all commits that are not durable, newest first. */
  void rollBack() throws IOException {
    for (ChangeSet changes : unsynced.reversed()) {
      database.apply(changes.inverse());
      history.removeLast();
    }
    unsynced.clear();
    if (file != null) {
      file.rewind();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
