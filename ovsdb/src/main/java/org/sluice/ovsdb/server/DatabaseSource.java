package org.sluice.ovsdb.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the contents of a database come from when it is not the server's own: remotes to be tried
 * in turn. Immutable.
 */
public record DatabaseSource(Map<String, RemoteOptions> remotes) {
  /** Keeps a copy. */
  public DatabaseSource {
    remotes = Collections.unmodifiableMap(new LinkedHashMap<>(remotes));
  }

  /** Remotes apart by commas, each with these options. */
  public static DatabaseSource of(String text, RemoteOptions options) {
    Map<String, RemoteOptions> remotes = new LinkedHashMap<>();
    for (String remote : text.split(",", -1)) {
      remotes.put(remote.strip(), options);
    }
    return new DatabaseSource(remotes);
  }

  @Override
  public String toString() {
    return String.join(",", remotes.keySet());
  }
}
