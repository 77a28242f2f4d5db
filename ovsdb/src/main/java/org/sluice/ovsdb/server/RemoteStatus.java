package org.sluice.ovsdb.server;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * Writes how remotes fare into the rows that name them: {@code is_connected} and the map {@code
 * status}. Belongs to the writer thread.
 */
final class RemoteStatus {
  private final ServerCore core;
  private final Remotes remotes;
  private final Vlog log;
  private final VlogRateLimit complaints = new VlogRateLimit(1, 1);
  private boolean missed;

  RemoteStatus(ServerCore core, Remotes remotes, Vlog log) {
    this.core = core;
    this.remotes = remotes;
    this.log = log;
  }

  /** Brings all rows up to date. */
  void write(Set<RemoteColumn> columns, Now now) {
    for (ServedDatabase database : core.databases().all()) {
      if (!database.isReadOnly()) {
        write(database, columns, now);
      }
    }
  }

  private void write(ServedDatabase database, Set<RemoteColumn> columns, Now now) {
    Transaction transaction = database.begin();
    for (RemoteColumn column : columns) {
      boolean here = column.database().equals(database.database().name());
      if (here && column.problem(core.databases()) == null) {
        for (Row row : column.rows(database.database())) {
          transaction.put(updated(row, now));
        }
      }
    }
    try {
      core.transactionDesk().commit(database, transaction, now);
    } catch (OvsdbException e) {
      log.log(complaints, LogLevel.ERR, "Failed to update remote status: %s", e.getMessage());
    }
  }

  private Row updated(Row row, Now now) {
    Datum target = row.table().column("target") == null ? null : row.get("target");
    if (target == null || target.string() == null) {
      return row;
    }
    Remote remote = remotes.get(target.string());
    List<Session> sessions = core.sessionsOf(remote);
    Row.Editor editor = row.edit();
    set(row, editor, "is_connected", AtomicType.BOOLEAN, Datum.of(!sessions.isEmpty()));
    Datum status = Datum.ofStringMap(status(remote, sessions, now));
    if (!set(row, editor, "status", AtomicType.STRING, status) && !missed) {
      missed = true;
      log.warn("No status column present in the %s table", row.table());
    }
    return editor.done();
  }

  private static boolean set(
      Row row, Row.Editor editor, String name, AtomicType type, Datum value) {
    ColumnSchema column = row.table().column(name);
    boolean suits = column != null && column.type().key().atomic() == type;
    if (suits) {
      editor.set(column, value);
    }
    return suits;
  }

  /** The map {@code status} of a remote, null for one that is not there, and its clients. */
  static Map<String, String> status(Remote remote, List<Session> sessions, Now now) {
    Map<String, String> status = new TreeMap<>();
    if (remote == null || remote.isPassive()) {
      // Open vSwitch has no times for those who come by themselves, and says nought.
      status.put("sec_since_connect", "0");
      status.put("sec_since_disconnect", "0");
    } else {
      putConnection(status, remote, sessions, now);
    }
    if (sessions.size() > 1) {
      status.put("n_connections", Integer.toString(sessions.size()));
    }
    if (remote != null && remote.port() > 0) {
      status.put("bound_port", Integer.toString(remote.port()));
    }
    return status;
  }

  /** How it is with a peer that we connect to. */
  private static void putConnection(
      Map<String, String> status, Remote remote, List<Session> sessions, Now now) {
    status.put("state", state(remote, sessions));
    putSeconds(status, "sec_since_connect", remote.connectedMs(), now);
    putSeconds(status, "sec_since_disconnect", remote.disconnectedMs(), now);
    if (remote.lastError() != null) {
      status.put("last_error", remote.lastError());
    }
    sessions.forEach(session -> putLocks(status, session));
  }

  private static String state(Remote remote, List<Session> sessions) {
    if (sessions.isEmpty()) {
      return remote.isConnecting() ? "CONNECTING" : "BACKOFF";
    }
    return sessions.getFirst().probed ? "IDLE" : "ACTIVE";
  }

  private static void putSeconds(Map<String, String> status, String key, Long sinceMs, Now now) {
    if (sinceMs != null) {
      status.put(key, Long.toString((now.monotonicMs() - sinceMs) / 1000));
    }
  }

  private static void putLocks(Map<String, String> status, Session session) {
    putNames(status, "locks_held", session.locks.stream().filter(session::holds).toList());
    putNames(status, "locks_waiting", session.locks.stream().filter(session::waitsFor).toList());
    putNames(
        status,
        "locks_lost",
        session.locks.stream()
            .filter(lock -> !session.holds(lock) && !session.waitsFor(lock))
            .toList());
  }

  private static void putNames(Map<String, String> status, String key, List<String> names) {
    if (!names.isEmpty()) {
      status.put(key, String.join(" ", names));
    }
  }
}
