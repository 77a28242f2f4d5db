package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRateLimit;

/**
 * The remotes of a server: those that somebody asked for by name, and those that database columns
 * name at present. Guarded by its own lock; any thread may call.
 */
final class Remotes implements Closeable {
  private final Remote.Surroundings around;
  private final VlogRateLimit complaints = new VlogRateLimit(5, 5);
  private final Map<String, RemoteOptions> named = new TreeMap<>();
  private final Map<RemoteColumn, Map<String, RemoteOptions>> fromColumns = new TreeMap<>();
  private final Map<String, Remote> active = new TreeMap<>();
  private final List<Remote> retired = new ArrayList<>();

  Remotes(Remote.Surroundings around) {
    this.around = around;
  }

  /** Starts a remote, or lets one that is there have other options. */
  synchronized void add(String name, RemoteOptions options) {
    named.put(name, options);
    settle();
    endRetired();
  }

  /** Follows a column from now on. */
  synchronized void addColumn(RemoteColumn column) {
    fromColumns.putIfAbsent(column, Map.of());
  }

  /** Stops a remote, or following a column; false if there is none of that name. */
  synchronized boolean remove(String name) {
    boolean wasNamed = named.remove(name) != null;
    boolean wasColumn = fromColumns.keySet().removeIf(column -> column.toString().equals(name));
    settle();
    endRetired();
    return wasNamed || wasColumn;
  }

  /** What was asked for, in order, with its options. */
  synchronized Map<String, RemoteOptions> asked() {
    Map<String, RemoteOptions> all = new TreeMap<>(named);
    fromColumns.keySet().forEach(column -> all.put(column.toString(), RemoteOptions.NONE));
    return all;
  }

  /** The columns that are followed. */
  synchronized Set<RemoteColumn> columns() {
    return new TreeSet<>(fromColumns.keySet());
  }

  /** Learns what a column names now. */
  synchronized void follow(RemoteColumn column, Map<String, RemoteOptions> targets) {
    Map<String, RemoteOptions> before = fromColumns.get(column);
    if (before != null && !before.equals(targets)) {
      fromColumns.put(column, targets);
      settle();
    }
  }

  /**
   * Stops what nobody names any more, or names with options that change what its clients may do,
   * and starts what is named anew or could not be started last time. Connections go on until {@link
   * #endRetired}.
   */
  synchronized void settle() {
    Map<String, RemoteOptions> wanted = new TreeMap<>();
    fromColumns.values().forEach(wanted::putAll);
    wanted.putAll(named);
    for (Remote remote : List.copyOf(active.values())) {
      RemoteOptions options = wanted.get(remote.name());
      if (options != null && options.keepConnectionsOf(remote.options())) {
        remote.options(options);
      } else {
        active.remove(remote.name());
        around.log().info("%s: remote deconfigured", remote.name());
        retire(remote);
      }
    }
    wanted.keySet().removeAll(active.keySet());
    wanted.forEach(this::startOrComplain);
  }

  private void retire(Remote remote) {
    retired.add(remote);
    try {
      remote.retire();
    } catch (IOException e) {
      around.log().warn("%s: close failed (%s)", remote.name(), e.getMessage());
    }
  }

  /** Ends the connections of what was stopped, once who had it stopped has been answered. */
  synchronized void endRetired() {
    retired.forEach(this::stop);
    retired.clear();
  }

  private void stop(Remote remote) {
    try {
      remote.close();
    } catch (IOException e) {
      around.log().warn("%s: close failed (%s)", remote.name(), e.getMessage());
    }
  }

  private void startOrComplain(String name, RemoteOptions options) {
    try {
      active.put(name, Remote.start(name, options, around));
    } catch (IOException | IllegalArgumentException e) {
      around.log().log(complaints, LogLevel.ERR, "%s: listen failed: %s", name, e.getMessage());
    }
  }

  /** The remote of that name, if it runs; or null. */
  synchronized Remote get(String name) {
    return active.get(name);
  }

  /** Ends all connections, to let them come anew. */
  synchronized void reconnect() {
    active.values().forEach(Remote::reconnect);
  }

  @Override
  public synchronized void close() {
    named.clear();
    fromColumns.clear();
    active.values().forEach(this::stop);
    active.clear();
    endRetired();
  }
}
