package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.base.stream.Stream;

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

    /** All that was sent has gone out, as was asked for by {@link Peer#awaitDrained}. */
    void drained(ClientConnection connection);

    void closed(ClientConnection connection);
  }

  /** How much may wait to be sent before changes are held back and told together. */
  private static final long BACKLOG_BYTES = 256 << 10;

  private final Remote remote;
  private final Stream stream;
  private final Listener listener;
  private final JsonRpcLimits limits;
  private final Outbox outbox;
  private final Semaphore inFlight;
  private final Logs logs;
  private volatile JsonRpcConnection connection;
  private volatile boolean broken;

  /** Whether somebody waits for the outbox to be empty. */
  private volatile boolean awaited;

  /** The writer thread's own handle on the client. */
  Session session;

  ClientConnection(
      Remote remote, Stream stream, Listener listener, ServerConfig config, Logs logs) {
    this.remote = remote;
    this.stream = stream;
    this.listener = listener;
    this.limits = config.limits();
    this.outbox = new Outbox(config.maxBacklogBytes());
    this.inFlight = new Semaphore(config.maxInFlight());
    this.logs = logs;
  }

  /** The log, how often a stranger may make us write to it, and the log of every message. */
  record Logs(Vlog log, VlogRateLimit complaints, MessageLog messages) {}

  /** Serves until the connection ends; called on the reading thread. */
  void run() {
    try {
      stream.handshake();
      connection = JsonRpcConnection.over(stream, limits);
    } catch (IOException e) {
      logs.log().log(logs.complaints(), LogLevel.WARN, "%s: %s", name(), e.getMessage());
      close();
      return;
    }
    stream.threads().name(name() + "-out").start(this::write);
    listener.opened(this);
    try {
      read();
    } finally {
      listener.closed(this);
      close();
    }
  }

  private void read() {
    try {
      for (JsonRpcMessage message = connection.receive();
          message != null && !broken;
          message = connection.receive()) {
        logs.messages().received(name(), message);
        inFlight.acquireUninterruptibly();
        listener.received(this, message);
      }
    } catch (JsonRpcException e) {
      if (!broken) {
        logs.log().log(logs.complaints(), LogLevel.WARN, "%s: %s", name(), e.getMessage());
      }
    } catch (IOException e) {
      logs.log().dbg("%s: receive error: %s", name(), e.getMessage());
    }
  }

  private void write() {
    try {
      for (byte[] message = outbox.take(); message != null; message = outbox.take()) {
        connection.sendEncoded(message);
        if (awaited && outbox.bytes() == 0) {
          awaited = false;
          listener.drained(this);
        }
      }
    } catch (IOException e) {
      logs.log().dbg("%s: send error: %s", name(), e.getMessage());
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
      logs.log().log(logs.complaints(), LogLevel.INFO, "%s: %s", name(), why);
    }
    close();
  }

  @Override
  public void requestDone() {
    inFlight.release();
  }

  @Override
  public boolean isBacklogged() {
    return outbox.bytes() > BACKLOG_BYTES;
  }

  @Override
  public void awaitDrained() {
    awaited = true;
    if (outbox.bytes() == 0 && awaited) {
      awaited = false;
      listener.drained(this);
    }
  }

  @Override
  public long backlogBytes() {
    return outbox.bytes();
  }

  @Override
  public Remote remote() {
    return remote;
  }

  @Override
  public String clientId() {
    return stream.peerId();
  }

  @Override
  public String name() {
    return stream.name();
  }

  @Override
  public void close() {
    broken = true;
    outbox.close();
    try {
      stream.close();
    } catch (IOException e) {
      logs.log().dbg("%s: close failed: %s", name(), e.getMessage());
    }
  }
}
