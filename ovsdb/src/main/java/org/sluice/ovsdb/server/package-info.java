/**
 * The database server: RFC 7047 over JSON-RPC with OVS's extensions.
 *
 * <p>{@link org.sluice.ovsdb.server.OvsdbServer} is the way in; it may run as a daemon of its own
 * or inside the process that also is its client:
 *
 * <pre>
 *   try (OvsdbServer server = new OvsdbServer(ServerConfig.in(runDirectory), clock, log)) {
 *     server.addDatabase(file);               // refuses, in one line, a locked or corrupt file
 *     server.addRemote("punix:db.sock");      // also ptcp:, tcp:, unix:, db:DB,TABLE,COLUMN
 *     ...
 *   }
 * </pre>
 *
 * <p>One thread, the writer, owns all databases, locks and monitors ({@link
 * org.sluice.ovsdb.server.ServerCore} and what it is made of). It reads and writes the clients'
 * plain sockets itself ({@link org.sluice.ovsdb.server.SocketClient}), deals with what has come in
 * batches, and syncs the files once per batch before any of the batch's replies and updates go out.
 * A connection with TLS has two threads of its own ({@link
 * org.sluice.ovsdb.server.ThreadedClient}), one that reads and one that writes from a bounded
 * outbox.
 */
package org.sluice.ovsdb.server;
