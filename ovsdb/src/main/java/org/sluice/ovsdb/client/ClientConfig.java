package org.sluice.ovsdb.client;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.stream.ActiveRemote;

/**
 * What a client connects to and what it wants to see. Immutable; the methods return changed copies.
 *
 * @param remote the server
 * @param schema the database as the caller knows it; columns that the server lacks keep their
 *     default values
 * @param monitored table names with the columns to copy; no columns means all
 * @param lock the name of a lock to ask for and to demand of every commit, or null
 * @param probeIntervalMs how long a silent server is trusted; 0 for ever
 */
public record ClientConfig(
    ActiveRemote remote,
    DatabaseSchema schema,
    Map<String, List<String>> monitored,
    String lock,
    long probeIntervalMs) {
  private static final long TCP_PROBE_MS = 5_000;

  /** Keeps a copy of the map. */
  public ClientConfig {
    monitored = Collections.unmodifiableMap(new LinkedHashMap<>(monitored));
  }

  /** A client of the database that {@code schema} describes, which monitors nothing yet. */
  public static ClientConfig of(String remote, DatabaseSchema schema) {
    ActiveRemote parsed = ActiveRemote.parse(remote, Path.of(""));
    long probeMs = parsed instanceof ActiveRemote.Unix ? 0 : TCP_PROBE_MS;
    return new ClientConfig(parsed, schema, Map.of(), null, probeMs);
  }

  /** Also copies these columns of a table; without any, all of its columns. */
  public ClientConfig monitor(String table, String... columns) {
    TableSchema tableSchema = schema.table(table);
    if (tableSchema == null) {
      throw new IllegalArgumentException("no table " + table + " in " + schema.name());
    }
    for (String column : columns) {
      if (tableSchema.column(column) == null) {
        throw new IllegalArgumentException("no column " + column + " in " + table);
      }
    }
    Map<String, List<String>> more = new LinkedHashMap<>(monitored);
    more.put(table, List.of(columns));
    return new ClientConfig(remote, schema, more, lock, probeIntervalMs);
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
    return new ClientConfig(remote, schema, monitored, name, probeIntervalMs);
  }

  /** Distrusts a server that was silent for so long. */
  public ClientConfig probeIntervalMs(long intervalMs) {
    return new ClientConfig(remote, schema, monitored, lock, intervalMs);
  }
}
