package org.sluice.ovsdb.server;

import java.util.Set;
import java.util.TreeSet;

/**
 * How a database is to be served. Immutable.
 *
 * @param model null for whatever the file is
 * @param source where a relay or a backup gets its contents; null for none
 * @param backup whether an {@link ServiceModel#ACTIVE_BACKUP} database copies its source now
 * @param excluded tables that a backup does not copy
 */
public record DatabaseConfig(
    ServiceModel model, DatabaseSource source, boolean backup, Set<String> excluded) {
  private static final String RELAY = "relay:";

  /** The server's own. */
  public static final DatabaseConfig STANDALONE = new DatabaseConfig(null, null, false, Set.of());

  /** Keeps a copy. */
  public DatabaseConfig {
    excluded = new TreeSet<>(excluded);
  }

  /**
   * What the word {@code text} of a command line means: a file, or {@code relay:NAME:REMOTES}.
   *
   * @throws IllegalArgumentException if it is a relay without a name or remotes
   */
  public static DatabaseConfig of(String text) {
    if (!text.startsWith(RELAY)) {
      return STANDALONE;
    }
    String[] parts = text.substring(RELAY.length()).split(":", 2);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException(text + ": invalid syntax");
    }
    return relay(DatabaseSource.of(parts[1], RemoteOptions.NONE));
  }

  /** What {@code text} goes by in settings: a file's name, or a relay's. */
  public static String keyOf(String text) {
    return text.startsWith(RELAY) ? text.substring(RELAY.length()).split(":", 2)[0] : text;
  }

  /** A relay. */
  public static DatabaseConfig relay(DatabaseSource source) {
    return new DatabaseConfig(ServiceModel.RELAY, source, false, Set.of());
  }

  /** One of an active and a backup server. */
  public static DatabaseConfig activeBackup(
      DatabaseSource source, boolean backup, Set<String> excluded) {
    return new DatabaseConfig(ServiceModel.ACTIVE_BACKUP, source, backup, excluded);
  }

  boolean isRelay() {
    return model == ServiceModel.RELAY;
  }
}
