package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.stream.Stream;

/**
 * A client that is not simply a socket (TLS, or a descriptor that we were given): a thread reads
 * requests and hands them to the writer, and another writes what waits in the outbox. Reading
 * pauses while too many requests of this client are not dealt with, and they wait while too much is
 * to be sent to it.
 */
final class ThreadedClient implements Peer, Closeable {
  private final Remote remote;
  private final Stream stream;
  private final WriterThread writer;
  private final ClientHandler handler;
  private final JsonRpcLimits limits;
  private final Outbox outbox;
  private final Semaphore inFlight;
  private final ClientLogs logs;
  private volatile JsonRpcConnection connection;
  private volatile boolean broken;

  /** Whether somebody waits for the outbox to be empty. */
  private volatile boolean awaited;

  /** The writer thread's own, as is {@link #waiting}. */
  private Session session;

  /** Requests that wait until less is to be sent. */
  private final ArrayDeque<JsonRpcMessage> waiting = new ArrayDeque<>();

  /** Whether there are such requests. */
  private volatile boolean paused;

  ThreadedClient(
      Remote remote,
      Stream stream,
      WriterThread writer,
      ClientHandler handler,
      ServerConfig config,
      ClientLogs logs) {
    this.remote = remote;
    this.stream = stream;
    this.writer = writer;
    this.handler = handler;
    this.limits = config.limits();
    this.outbox = new Outbox(config.maxBacklogBytes());
    this.inFlight = new Semaphore(config.maxInFlight());
    this.logs = logs;
  }

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
    writer.post(now -> session = handler.opened(this, now));
    try {
      read();
    } finally {
      writer.post(_ -> handler.closed(session));
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
        post(message);
      }
    } catch (JsonRpcException e) {
      if (!broken) {
        logs.complain(name(), e);
      }
    } catch (IOException e) {
      logs.log().dbg("%s: receive error: %s", name(), e.getMessage());
    }
  }

  private void post(JsonRpcMessage message) {
    writer.post(now -> {
      waiting.add(message);
      goOn(now);
    });
  }

  /** Deals with requests until too much is to be sent. */
  private void goOn(Now now) {
    while (!broken && !waiting.isEmpty() && !session.isFull()) {
      handler.received(session, waiting.poll(), now);
    }
    paused = !waiting.isEmpty();
    if (paused && !session.isFull()) {
      writer.execute(this::goOn);
    }
  }

  /** The client has read something. */
  private void sent() {
    if (outbox.bytes() == 0 && awaited) {
      awaited = false;
      drained();
    }
    if (paused) {
      writer.execute(now -> {
        session.lastHeardMs = now.monotonicMs();
        goOn(now);
      });
    }
  }

  private void write() {
    try {
      for (byte[] message = outbox.take(); message != null; message = outbox.take()) {
        connection.sendEncoded(message);
        sent();
      }
    } catch (IOException e) {
      logs.log().dbg("%s: send error: %s", name(), e.getMessage());
      close();
    } catch (InterruptedException _) {
      close();
    }
  }

  private void drained() {
    writer.execute(_ -> handler.drained(session));
  }

  @Override
  public boolean offer(byte[] message) {
    return outbox.offer(message);
  }

  @Override
  public void flush() {}

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
  public void awaitDrained() {
    awaited = true;
    if (outbox.bytes() == 0 && awaited) {
      awaited = false;
      drained();
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
