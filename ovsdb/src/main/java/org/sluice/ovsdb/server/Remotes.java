package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sluice.base.log.Vlog;

/**
 * The remotes of a server: those that somebody asked for by name, and those that database columns
 * name at present. Guarded by its own lock; any thread may call.
 */
final class Remotes implements Closeable {
  private final ServerConfig config;
  private final Remote.Acceptor acceptor;
  private final Vlog log;
  private final Set<String> named = new TreeSet<>();
  private final Map<RemoteColumn, Set<String>> fromColumns = new TreeMap<>();
  private final Map<String, Remote> active = new TreeMap<>();

  Remotes(ServerConfig config, Remote.Acceptor acceptor, Vlog log) {
    this.config = config;
    this.acceptor = acceptor;
    this.log = log;
  }

  /** Starts a remote; one that is there already is left alone. */
  synchronized void add(String name) throws IOException {
    if (!active.containsKey(name)) {
      active.put(name, Remote.start(name, config, acceptor, log));
    }
    named.add(name);
  }

  /** Follows a column from now on. */
  synchronized void addColumn(RemoteColumn column) {
    fromColumns.putIfAbsent(column, Set.of());
  }

  /** Stops a remote, or following a column; false if there is none of that name. */
  synchronized boolean remove(String name) throws IOException {
    boolean wasNamed = named.remove(name);
    boolean wasColumn = fromColumns.keySet().removeIf(column -> column.toString().equals(name));
    settle();
    return wasNamed || wasColumn;
  }

  /** What was asked for, in order. */
  synchronized List<String> list() {
    Set<String> names = new TreeSet<>(named);
    fromColumns.keySet().forEach(column -> names.add(column.toString()));
    return List.copyOf(names);
  }

  /** The columns that are followed. */
  synchronized Set<RemoteColumn> columns() {
    return Set.copyOf(fromColumns.keySet());
  }

  /** Learns what a column names now. */
  synchronized void follow(RemoteColumn column, Set<String> targets) {
    Set<String> before = fromColumns.get(column);
    if (before == null || before.equals(targets)) {
      return;
    }
    fromColumns.put(column, targets);
    try {
      settle();
    } catch (IOException e) {
      log.warn("%s: %s", column, e.getMessage());
    }
  }

  /** Stops what nobody names any more, and starts what columns name anew. */
  private void settle() throws IOException {
    Set<String> wanted = new HashSet<>(named);
    fromColumns.values().forEach(wanted::addAll);
    for (Remote remote : List.copyOf(active.values())) {
      if (!wanted.contains(remote.name())) {
        active.remove(remote.name());
        remote.close();
      }
    }
    wanted.removeAll(active.keySet());
    wanted.forEach(this::startOrComplain);
  }

  private void startOrComplain(String name) {
    try {
      active.put(name, Remote.start(name, config, acceptor, log));
    } catch (IOException | IllegalArgumentException e) {
      log.warn("%s: %s", name, e.getMessage());
    }
  }

  /** The TCP port that a remote listens at, or -1. */
  synchronized int port(String name) {
    Remote remote = active.get(name);
    return remote == null ? -1 : remote.port();
  }

  @Override
  public synchronized void close() throws IOException {
    named.clear();
    fromColumns.clear();
    settle();
  }
}
