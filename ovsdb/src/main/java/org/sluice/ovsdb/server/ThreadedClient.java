package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.sluice.base.jsonrpc.JsonRpcDecoder;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.stream.Stream;

/**
 * A client that is not simply a socket (TLS, or a descriptor that we were given): a thread reads
 * requests and hands them to the writer, and another writes what waits in the outbox. Reading
 * pauses while too much of what this client asks for is not dealt with, and its requests wait while
 * too much is to be sent to it.
 */
final class ThreadedClient implements Peer, Intake.Sender, Closeable {
  /** How many bytes are read at a time. */
  private static final int CHUNK = 1 << 13;

  /** How many bytes are written at a time. */
  private static final int WRITTEN_AT_ONCE = 1 << 16;

  /** How much of a client's requests may wait to be dealt with; a longer one waits alone. */
  private static final int WAITING_BYTES = 1 << 16;

  /** More than can be waited for, to let all go on when the connection has ended. */
  private static final int ENDED = 1 << 24;

  private final Remote remote;
  private final Stream stream;
  private final WriterThread writer;
  private final ClientHandler handler;
  private final Intake intake;
  private final JsonRpcDecoder decoder;
  private final Outbox outbox;
  private final int leastCost;
  private final Semaphore room = new Semaphore(WAITING_BYTES);
  private final ClientLogs logs;
  private volatile boolean broken;

  /** Whether somebody waits for the outbox to be empty. */
  private volatile boolean awaited;

  /** The writer thread's own, as is {@link #waiting}. */
  private Session session;

  /** Requests that wait until less is to be sent. */
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  /** Whether there are such requests. */
  private volatile boolean paused;

  /** Whether bytes have come or gone. */
  private volatile boolean active;

  /** Whether a long message is waiting to be taken apart, or is. */
  private volatile boolean parsing;

  ThreadedClient(
      Remote remote,
      Stream stream,
      WriterThread writer,
      ClientHandler handler,
      ServerConfig config,
      ClientLogs logs,
      Intake intake) {
    this.remote = remote;
    this.stream = stream;
    this.writer = writer;
    this.handler = handler;
    this.decoder = new JsonRpcDecoder(config.limits());
    this.outbox = new Outbox(config.maxBacklogBytes());
    this.leastCost = WAITING_BYTES / config.maxInFlight();
    this.logs = logs;
    this.intake = intake;
  }

  /**
   * A request, and how much of the client's room it takes.
   *
   * @param parser whether it holds the right to take long messages apart, which goes on then
   */
  private record Waiting(JsonRpcMessage message, int cost, boolean parser) {}

  /** Serves until the connection ends; called on the reading thread. */
  void run() {
    InputStream input;
    OutputStream output;
    try {
      stream.handshake();
      input = stream.input();
      output = stream.output();
    } catch (IOException e) {
      logs.log().log(logs.complaints(), LogLevel.WARN, "%s: %s", name(), e.getMessage());
      close();
      return;
    }
    stream.threads().name(name() + "-out").start(() -> write(output));
    writer.post(now -> session = handler.opened(this, now));
    try {
      read(input);
    } finally {
      intake.release(this);
      writer.post(this::end);
      close();
    }
  }

  private void read(InputStream input) {
    byte[] chunk = new byte[CHUNK];
    try {
      for (int n = input.read(chunk); n >= 0 && !broken; n = input.read(chunk)) {
        active = true;
        decoder.feed(ByteBuffer.wrap(chunk, 0, n));
        while (!broken && decoder.find()) {
          take();
        }
        intake.hold(this, decoder.heldBytes());
      }
      decoder.end();
    } catch (JsonRpcException e) {
      if (!broken) {
        logs.complain(name(), e);
      }
    } catch (IOException e) {
      logs.log().dbg("%s: receive error: %s", name(), e.getMessage());
    }
  }

  /** Hands the message found to the writer thread, when there is room for it. */
  private void take() throws JsonRpcException {
    int cost = Math.clamp(decoder.length(), leastCost, WAITING_BYTES);
    room.acquireUninterruptibly(cost);
    if (decoder.length() > Intake.LONG_MESSAGE) {
      takeLong(cost);
    } else {
      post(new Waiting(decoder.read(), cost, false));
    }
  }

  /** All requests before this one have been dealt with. */
  private void takeLong(int cost) throws JsonRpcException {
    outbox.awaitRoom(BACKLOG_BYTES);
    parsing = true;
    intake.parsers().acquireUninterruptibly();
    boolean posted = false;
    try {
      if (!broken) {
        post(new Waiting(decoder.read(), cost, true));
        posted = true;
      }
    } finally {
      if (!posted) {
        intake.parsers().release();
      }
    }
  }

  private void post(Waiting request) {
    logs.messages().received(name(), request.message());
    writer.post(now -> {
      waiting.add(request);
      goOn(now);
    });
  }

  /** Deals with requests until too much is to be sent; others wait for a long one's end. */
  private void goOn(Now now) {
    while (!waiting.isEmpty() && (broken || waiting.peek().parser() || !session.isFull())) {
      Waiting request = waiting.poll();
      try {
        if (!broken) {
          handler.received(session, request.message(), now);
        }
      } finally {
        room.release(request.cost());
        if (request.parser()) {
          intake.parsers().release();
          parsing = false;
        }
      }
    }
    paused = !waiting.isEmpty();
    if (paused && !session.isFull()) {
      writer.execute(this::goOn);
    }
  }

  /** The connection has ended; nothing more comes. */
  private void end(Now now) {
    waiting.clear();
    handler.closed(session, now);
  }

  /** The client has read something. */
  private void sent() {
    if (outbox.bytes() == 0 && awaited) {
      awaited = false;
      drained();
    }
    if (paused) {
      writer.execute(this::goOn);
    }
  }

  private void write(OutputStream output) {
    try {
      for (byte[] message = outbox.take(); message != null; message = outbox.take()) {
        for (int at = 0; at < message.length; at += WRITTEN_AT_ONCE) {
          output.write(message, at, Math.min(WRITTEN_AT_ONCE, message.length - at));
          active = true;
        }
        outbox.written();
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
  public boolean offer(byte[]... message) {
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
  public void forEachWaiting(Consumer<byte[]> action) {
    outbox.forEach(action);
  }

  @Override
  public boolean takeActivity() {
    boolean was = active || parsing;
    active = false;
    return was;
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
    if (!broken) {
      broken = true;
      outbox.close();
      room.release(ENDED);
    }
    try {
      stream.close();
    } catch (IOException e) {
      logs.log().dbg("%s: close failed: %s", name(), e.getMessage());
    }
  }
}
