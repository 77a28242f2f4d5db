package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * One client's connection: a virtual thread that reads requests and hands them to the writer, and
 * one that writes what waits in the outbox. Reading pauses while too many requests of this client
 * are not dealt with.
 */
final class ClientConnection implements Peer, Closeable {
  /** Where connections report; called on the reading thread. */
  interface Listener {
    void opened(ClientConnection connection);

    void received(ClientConnection connection, JsonRpcMessage message);

    void closed(ClientConnection connection);
  }

  private final String name;
  private final JsonRpcConnection connection;
  private final Listener listener;
  private final Outbox outbox;
  private final Semaphore inFlight;
  private final Vlog log;
  private final VlogRateLimit complaints;
  private volatile boolean broken;

  /** The writer thread's own handle on the client. */
  Session session;

  ClientConnection(
      String name,
      JsonRpcConnection connection,
      Listener listener,
      ServerConfig config,
      Logs logs) {
    this.name = name;
    this.connection = connection;
    this.listener = listener;
    this.outbox = new Outbox(config.maxBacklogBytes());
    this.inFlight = new Semaphore(config.maxInFlight());
    this.log = logs.log();
    this.complaints = logs.complaints();
  }

  /** The log, and how often a stranger may make us write to it. */
  record Logs(Vlog log, VlogRateLimit complaints) {}

  /** Serves until the connection ends; called on the reading thread. */
  void run() {
    Thread.ofVirtual().name(name + "-out").start(this::write);
    listener.opened(this);
    try {
      for (JsonRpcMessage message = connection.receive();
          message != null && !broken;
          message = connection.receive()) {
        inFlight.acquireUninterruptibly();
        listener.received(this, message);
      }
    } catch (JsonRpcException e) {
      if (!broken) {
        log.log(complaints, LogLevel.WARN, "%s: %s", name, e.getMessage());
      }
    } catch (IOException e) {
      log.dbg("%s: receive error: %s", name, e.getMessage());
    } finally {
      listener.closed(this);
      close();
    }
  }

  private void write() {
    try {
      for (byte[] message = outbox.take(); message != null; message = outbox.take()) {
        connection.sendEncoded(message);
      }
    } catch (IOException e) {
      log.dbg("%s: send error: %s", name, e.getMessage());
      close();
    } catch (InterruptedException _) {
      close();
    }
  }

  @Override
  public boolean offer(byte[] message) {
    return outbox.offer(message);
  }

  @Override
  public void disconnect(String why) {
    if (!broken) {
      log.log(complaints, LogLevel.INFO, "%s: %s", name, why);
    }
    close();
  }

  @Override
  public void requestDone() {
    inFlight.release();
  }

  @Override
  public boolean mayVanish() {
    return name.startsWith("ptcp:") || name.startsWith("tcp:");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    broken = true;
    outbox.close();
    try {
      connection.close();
    } catch (IOException e) {
      log.dbg("%s: close failed: %s", name, e.getMessage());
    }
  }
}
