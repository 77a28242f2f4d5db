package org.sluice.ovsdb.server;

import org.sluice.base.jsonrpc.JsonRpcMessage;

/** What the server does about its clients; called on the writer thread. */
interface ClientHandler {
  /** A client has come. */
  Session opened(Peer peer, Now now);

  /** A message of a client has come. */
  void received(Session session, JsonRpcMessage message, Now now);

  /** All that was sent has gone out, as was asked for by {@link Peer#awaitDrained}. */
  void drained(Session session);

  /** A client has gone. */
  void closed(Session session, Now now);
}
