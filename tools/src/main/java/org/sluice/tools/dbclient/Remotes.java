package org.sluice.tools.dbclient;

import org.sluice.base.stream.Tls;
import org.sluice.ovsdb.client.Connector;

/**
 * Where servers are. Immutable.
 *
 * @param standard the server where none is named
 * @param tls what {@code ssl:} and {@code pssl:} use
 */
record Remotes(String standard, Tls tls) {
  /**
   * How to get a connection to {@code remote}.
   *
   * @throws IllegalArgumentException in one line, if it is not the name of a server
   */
  Connector connector(String remote) {
    return Connector.of(remote, tls);
  }
}
