package org.sluice.ovsdb.server;

import java.util.function.Consumer;

/**
 * A session's connection as the writer thread sees it: somewhere to put bytes, and something to
 * break off.
 */
interface Peer {
  /**
   * How much may wait to be sent before changes are held back and told together, and no further
   * request is dealt with.
   */
  long BACKLOG_BYTES = 256 << 10;

  /** Hands over a whole message, in pieces; false if the peer is too slow to be sent more. */
  boolean offer(byte[]... message);

  /** Begins to send what was handed over. */
  void flush();

  /** Breaks the connection off; the session's end is then reported as for any other. */
  void disconnect(String why);

  /** Whether much of what was handed over is still to be sent. */
  default boolean isBacklogged() {
    return backlogBytes() > BACKLOG_BYTES;
  }

  /** Has the session's {@code drained} called once nothing is left to be sent. */
  void awaitDrained();

  /** How many bytes are still to be sent. */
  long backlogBytes();

  /** Shows every piece that is still to be sent, whole even if some of it has gone. */
  void forEachWaiting(Consumer<byte[]> action);

  /**
   * Whether bytes have come or gone since the last question, or could not because the server itself
   * is busy with what came.
   */
  boolean takeActivity();

  /** Where the connection comes from; null for none. */
  Remote remote();

  /** The name in the client's certificate; null if it showed none. */
  String clientId();

  /** Who it is, for log messages. */
  String name();
}
