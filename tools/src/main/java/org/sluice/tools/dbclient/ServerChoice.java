package org.sluice.tools.dbclient;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Connector;
import org.sluice.ovsdb.data.Uuids;

/**
 * Finds the server and the database that the first words after a command name, or the default ones.
 * Used by the main thread.
 */
final class ServerChoice {
  /** A comma separates two servers only where something like {@code tcp:} follows. */
  private static final Pattern SEPARATOR = Pattern.compile(",(?=[ \t]*[a-z]+:)");

  private static final String CLUSTER_ID = "cid:";
  private static final String SWITCH = "Open_vSwitch";

  /** A server, a database on it if the command has to have one, and the words that are left. */
  record Chosen(Server server, String database, List<String> rest) {}

  private final Remotes remotes;
  private final Output output;
  private final ClientSettings settings;
  private final Vlog log;

  ServerChoice(Remotes remotes, Output output, ClientSettings settings, Vlog log) {
    this.remotes = remotes;
    this.output = output;
    this.settings = settings;
    this.log = log;
  }

  Remotes remotes() {
    return remotes;
  }

  /** For a command that takes {@code least} words of its own and no database. */
  Chosen server(List<String> words, int least) {
    return choose(words, least, false, null);
  }

  /** For a command that takes {@code least} words of its own and works on a database. */
  Chosen database(List<String> words, int least) {
    return choose(words, least, true, null);
  }

  /** For a command that knows its database, and whose last word is its own. */
  Chosen serverOf(String database, List<String> words) {
    return choose(words, 1, true, database);
  }

  private Chosen choose(List<String> words, int least, boolean needsDatabase, String database) {
    boolean named = words.size() > least && isRemote(words.getFirst());
    List<String> rest = named ? words.subList(1, words.size()) : words;
    List<String> names = new ArrayList<>();
    UUID cluster = parse(named ? words.getFirst() : remotes.standard(), names);
    if (names.size() == 1) {
      Server server = open(names.getFirst());
      return needsDatabase && database == null
          ? withDatabase(server, rest, least)
          : new Chosen(server, database, rest);
    }
    if (database != null || !needsDatabase) {
      return new Chosen(firstAcceptable(names, database, cluster), database, rest);
    }
    if (rest.size() <= least) {
      throw new ClientFailure("database name is required with multiple remotes");
    }
    String first = rest.getFirst();
    Server server = firstAcceptable(names, first, cluster);
    return new Chosen(server, first, rest.subList(1, rest.size()));
  }

  private static boolean isRemote(String word) {
    return !word.isEmpty() && Character.isLetter(word.charAt(0)) && word.contains(":");
  }

  /** Splits a list of servers; a member {@code cid:UUID} names the cluster they must be of. */
  private static UUID parse(String text, List<String> names) {
    UUID cluster = null;
    for (String remote : SEPARATOR.split(text.strip(), -1)) {
      UUID id =
          remote.startsWith(CLUSTER_ID) ? Uuids.parse(remote.substring(CLUSTER_ID.length())) : null;
      if (id != null && cluster == null) {
        cluster = id;
      } else {
        names.add(remote.strip());
      }
    }
    return cluster;
  }

  private Chosen withDatabase(Server server, List<String> rest, int least) {
    List<String> databases = server.databases(output);
    if (rest.size() > least && databases.contains(rest.getFirst())) {
      return new Chosen(server, rest.getFirst(), rest.subList(1, rest.size()));
    }
    if (databases.contains(SWITCH)) {
      return new Chosen(server, SWITCH, rest);
    }
    List<String> own = databases.stream().filter(name -> !name.startsWith("_")).toList();
    if (own.size() != 1) {
      throw new ClientFailure("could not find a default database, please specify a database name");
    }
    return new Chosen(server, own.getFirst(), rest);
  }

  /** Connects, or waits for the server to connect. */
  private Server open(String remote) {
    Connector connector;
    try {
      connector = remotes.connector(remote);
    } catch (IllegalArgumentException e) {
      throw new ClientFailure(
          "failed to connect or listen to \"" + remote + "\" (" + e.getMessage() + ")");
    }
    try {
      if (connector.isPassive()) {
        log.info("%s: waiting for connection...", remote);
      }
      return new Server(remote, connector.connect());
    } catch (IOException e) {
      String what = connector.isPassive() ? "connect or listen" : "connect";
      throw new ClientFailure(
          "failed to %s to \"%s\" (%s)".formatted(what, remote, e.getMessage()));
    }
  }

  private Server firstAcceptable(List<String> names, String database, UUID cluster) {
    Collections.shuffle(names);
    for (String remote : names) {
      Server server = acceptable(remote, database, cluster);
      if (server != null) {
        return server;
      }
    }
    throw new ClientFailure("no servers were available");
  }

  private Server acceptable(String remote, String database, UUID cluster) {
    try {
      Server server = new Server(remote, remotes.connector(remote).connect());
      if (database == null
          || DatabaseInfo.of(server, database, cluster, log).isAcceptable(settings.leaderOnly())) {
        return server;
      }
      server.close();
    } catch (IOException | IllegalArgumentException e) {
      log.info("%s: connection attempt failed (%s)", remote, e.getMessage());
    }
    return null;
  }
}
