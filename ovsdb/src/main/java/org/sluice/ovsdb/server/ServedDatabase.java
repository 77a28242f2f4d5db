package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.SoftReference;
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
  /** The tag of what a file could not take. */
  static final String IO_ERROR = "I/O error";

  private final DatabaseFile file;
  private final Supplier<UUID> uuids;
  private final List<ChangeSet> unsynced = new ArrayList<>();
  private Database database;
  private TransactionExecutor executor;
  private History history;
  private DatabaseConfig config = DatabaseConfig.STANDALONE;
  private Replication replication;
  private Relay relay;
  private ChangeLog changeLog;
  private MonitorSpec initialFor;
  private UUID initialState;
  private SoftReference<byte[]> initial;
  final Set<Monitor> monitors = new LinkedHashSet<>();
  final Set<WaitingRequest> waiting = new LinkedHashSet<>();

  /** Serves a database; {@code file} is null for one that lives in memory only. */
  ServedDatabase(Database database, DatabaseFile file, Supplier<UUID> uuids) {
    this.file = file;
    this.uuids = uuids;
    replace(database);
  }

  Database database() {
    return database;
  }

  String name() {
    return database.name();
  }

  DatabaseFile file() {
    return file;
  }

  TransactionExecutor executor() {
    return executor;
  }

  DatabaseConfig config() {
    return config;
  }

  void configure(DatabaseConfig newConfig) {
    config = newConfig;
  }

  /** Serves other contents from now on. */
  void replace(Database other) {
    database = other;
    executor = new TransactionExecutor(other, uuids);
    history = new History(other.lastChange(), relay != null);
    initialFor = null;
    changeLog = null;
  }

  /** What copies another server's contents to here, or null. */
  Replication replication() {
    return replication;
  }

  /** Begins or, with null, ends to be a copy. */
  void replicate(Replication by) {
    if (replication != null) {
      replication.close();
    }
    replication = by;
  }

  /** What serves another server's contents, or null. */
  Relay relay() {
    return relay;
  }

  void relay(Relay by) {
    relay = by;
    history = new History(database.lastChange(), true);
  }

  /**
   * What clients are told to call a state. A name is of use only where another server knows the
   * same: a database of this server's own has none, and says so with the all-zero id.
   */
  UUID publicName(UUID state) {
    return relay != null && relay.namesStates() ? state : Uuids.ZERO;
  }

  /** Where changes of chosen tables are told, or null; forgotten when the schema changes. */
  ChangeLog changeLog() {
    return changeLog;
  }

  void changeLog(ChangeLog to) {
    changeLog = to;
  }

  /** Whether clients may change nothing, because another server is the one to ask. */
  boolean isReadOnly() {
    return replication != null;
  }

  /** Whether there is something to serve yet. */
  boolean isAvailable() {
    return relay == null || !database.schema().tables().isEmpty();
  }

  /** Whether the server's own, not to be removed or compacted. */
  boolean isReserved() {
    return name().startsWith("_");
  }

  Transaction begin() {
    return new Transaction(database, uuids);
  }

  /**
   * All rows that {@code spec} sees, encoded. Kept until the database changes, for many clients
   * that come at once and want the same.
   */
  byte[] initial(MonitorSpec spec) {
    byte[] cached = initialFor == null || !initialFor.equals(spec) ? null : initial.get();
    if (cached != null && initialState.equals(history.last())) {
      return cached;
    }
    byte[] fresh = spec.initial(database);
    initialFor = spec;
    initialState = history.last();
    initial = new SoftReference<>(fresh);
    return fresh;
  }

  History history() {
    return history;
  }

  /** What changed after a state that clients know by name, or null if not known. */
  List<RowChange> changesSince(UUID name) {
    boolean named = relay != null && relay.namesStates() && !name.equals(Uuids.ZERO);
    return named ? history.since(name) : null;
  }

  /**
   * Makes a transaction true, in memory and in the file's buffers; durable only after {@link
   * #sync}.
   */
  ChangeSet commit(Transaction transaction, long wallMs) throws OvsdbException {
    return apply(executor.check(transaction), wallMs);
  }

  /** Makes a transaction true that another server has checked and calls {@code id}. */
  ChangeSet replay(Transaction transaction, UUID id, long wallMs) throws OvsdbException {
    return apply(CommitCheck.replay(transaction, id), wallMs);
  }

  private ChangeSet apply(ChangeSet changes, long wallMs) throws OvsdbException {
    // A copy in memory comes to another server's state even where nothing shows of it.
    if (changes.isEmpty() && relay == null) {
      return changes;
    }
    if (file != null) {
      append(changes, wallMs);
      unsynced.add(changes);
    }
    database.apply(changes);
    history.add(changes);
    if (changeLog != null) {
      changeLog.tell(changes);
    }
    return changes;
  }

  private void append(ChangeSet changes, long wallMs) throws OvsdbException {
    try {
      file.append(changes, wallMs);
    } catch (IOException e) {
      String text = "%s: write failed (%s)".formatted(file.path(), e.getMessage());
      throw OvsdbError.of(IO_ERROR, text).thrown();
    }
  }

  /** Makes all commits durable; whether there were any. */
  boolean sync() throws IOException {
    if (unsynced.isEmpty()) {
      return false;
    }
    file.sync();
    unsynced.clear();
    return true;
  }

  /** To be called about once a second. */
  void settle() throws IOException {
    if (file != null) {
      file.tick();
    }
  }

  /** Takes back all commits that are not durable, newest first. */
  void rollBack() throws IOException {
    for (ChangeSet changes : unsynced.reversed()) {
      database.apply(changes.inverse());
    }
    if (!unsynced.isEmpty()) {
      // The state of before, but whoever has looked at the one in between has to look again.
      history = new History(uuids.get(), relay != null);
    }
    unsynced.clear();
    initialFor = null;
    if (file != null) {
      file.rewind();
    }
  }

  @Override
  public void close() throws IOException {
    replicate(null);
    if (relay != null) {
      relay.close();
    }
    if (file != null) {
      file.close();
    }
  }
}
