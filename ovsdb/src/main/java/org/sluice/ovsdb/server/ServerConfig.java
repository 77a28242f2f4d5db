package org.sluice.ovsdb.server;

import java.nio.file.Path;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.stream.Tls;

/**
 * How much the server does for a stranger. Immutable.
 *
 * @param runDirectory where relative socket names start
 * @param databaseDirectory where relative file names of databases start
 * @param limits how big and how deep a request may be
 * @param maxBacklogBytes how much may wait for a slow client when more comes, before it is
 *     disconnected
 * @param maxInFlight how many requests of one client may wait to be looked at; it is not read from
 *     meanwhile
 * @param probeIntervalMs how long a silent TCP client is trusted; 0 for ever
 * @param tls what {@code ssl:} and {@code pssl:} use; null for none
 */
public record ServerConfig(
    Path runDirectory,
    Path databaseDirectory,
    JsonRpcLimits limits,
    long maxBacklogBytes,
    int maxInFlight,
    long probeIntervalMs,
    Tls tls) {
  /** OVSDB's own TCP port. */
  public static final int DEFAULT_PORT = 6640;

  private static final long MAX_REQUEST_BYTES = 64L << 20;
  private static final long MAX_BACKLOG_BYTES = 64L << 20;
  private static final int MAX_DEPTH = 1000;
  private static final int MAX_IN_FLIGHT = 64;
  private static final long PROBE_MS = 5_000;

  /** The usual limits, without TLS. */
  public static ServerConfig in(Path runDirectory) {
    return new ServerConfig(
        runDirectory,
        Path.of(""),
        new JsonRpcLimits(MAX_REQUEST_BYTES, MAX_DEPTH),
        MAX_BACKLOG_BYTES,
        MAX_IN_FLIGHT,
        PROBE_MS,
        null);
  }

  /** The same with TLS. */
  public ServerConfig with(Tls newTls) {
    return new ServerConfig(
        runDirectory,
        databaseDirectory,
        limits,
        maxBacklogBytes,
        maxInFlight,
        probeIntervalMs,
        newTls);
  }

  /** The same with database files elsewhere. */
  public ServerConfig withDatabasesIn(Path directory) {
    return new ServerConfig(
        runDirectory, directory, limits, maxBacklogBytes, maxInFlight, probeIntervalMs, tls);
  }
}
