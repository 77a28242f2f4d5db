package org.sluice.ovsdb.client;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * What a client connects to and what it wants to see. Immutable; the methods return changed copies.
 *
 * @param server how to get a connection
 * @param schema the database as the caller knows it; columns that the server lacks keep their
 *     default values
 * @param monitored table names with the columns to copy; with no columns, the rows' UUIDs alone
 * @param lock the name of a lock to ask for and to demand of every commit, or null
 * @param probeIntervalMs how long a silent server is trusted; 0 for ever
 * @param reconnects whether to try again when the connection cannot be made or breaks
 */
public record ClientConfig(
    Connector server,
    DatabaseSchema schema,
    Map<String, Set<String>> monitored,
    String lock,
    long probeIntervalMs,
    boolean reconnects) {
  private static final long REMOTE_PROBE_MS = 5_000;

  /** Keeps a copy of the map. */
  public ClientConfig {
    monitored = Collections.unmodifiableMap(new LinkedHashMap<>(monitored));
  }

  /** A client of the database that {@code schema} describes, which monitors nothing yet. */
  public static ClientConfig of(String remotes, DatabaseSchema schema) {
    return of(Connector.of(remotes), schema);
  }

  /** The same, with connections from {@code server}. */
  public static ClientConfig of(Connector server, DatabaseSchema schema) {
    long probeMs = server.isLocal() ? 0 : REMOTE_PROBE_MS;
    return new ClientConfig(server, schema, Map.of(), null, probeMs, true);
  }

  /** Also copies these columns of a table; without any, all of its columns. */
  public ClientConfig monitor(String table, String... columns) {
    List<String> names = List.of(columns);
    if (columns.length == 0) {
      names = tableSchema(table).ownColumns().stream().map(ColumnSchema::name).toList();
    }
    return monitorColumns(table, names);
  }

  /** Also copies these columns of a table; without any, only its rows' UUIDs. */
  public ClientConfig monitorColumns(String table, Collection<String> columns) {
    TableSchema tableSchema = tableSchema(table);
    for (String column : columns) {
      if (tableSchema.column(column) == null) {
        throw new IllegalArgumentException("no column " + column + " in " + table);
      }
    }
    Set<String> all = new LinkedHashSet<>(monitored.getOrDefault(table, Set.of()));
    all.addAll(columns);
    Map<String, Set<String>> more = new LinkedHashMap<>(monitored);
    more.put(table, Collections.unmodifiableSet(all));
    return new ClientConfig(server, schema, more, lock, probeIntervalMs, reconnects);
  }

  private TableSchema tableSchema(String table) {
    TableSchema tableSchema = schema.table(table);
    if (tableSchema == null) {
      throw new IllegalArgumentException("no table " + table + " in " + schema.name());
    }
    return tableSchema;
  }

  /** Also copies all columns of all tables. */
  public ClientConfig monitorAll() {
    ClientConfig all = this;
    for (TableSchema table : schema.tables()) {
      all = all.monitor(table.name());
    }
    return all;
  }

  /** Asks for a lock, and demands it of every commit. */
  public ClientConfig lock(String name) {
    return new ClientConfig(server, schema, monitored, name, probeIntervalMs, reconnects);
  }

  /** Distrusts a server that was silent for so long. */
  public ClientConfig probeIntervalMs(long intervalMs) {
    return new ClientConfig(server, schema, monitored, lock, intervalMs, reconnects);
  }

  /** Gives up when the connection cannot be made or breaks; see {@link OvsdbClient#failure}. */
  public ClientConfig tryOnce() {
    return new ClientConfig(server, schema, monitored, lock, probeIntervalMs, false);
  }
}
