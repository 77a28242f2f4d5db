package org.sluice.ovsdb.server;

/**
 * A session's connection as the writer thread sees it: somewhere to put bytes, and something to
 * break off.
 */
interface Peer {
  /** Hands over a whole message; false if the peer is too slow to be sent more. */
  boolean offer(byte[] message);

  /** Breaks the connection off; the session's end is then reported as for any other. */
  void disconnect(String why);

  /** A request has been dealt with, so another may be read. */
  void requestDone();

  /**
   * Whether its silence may mean that it is gone; not so on this machine, where the kernel tells.
   */
  boolean mayVanish();

  /** Who it is, for log messages. */
  String name();
}
