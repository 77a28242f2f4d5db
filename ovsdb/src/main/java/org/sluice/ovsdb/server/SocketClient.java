package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.sluice.base.jsonrpc.JsonRpcDecoder;
import org.sluice.base.jsonrpc.JsonRpcException;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogLevel;
import org.sluice.base.stream.Stream;

/**
 * A client whose socket the writer thread itself reads and writes, so that a request is answered
 * without changing threads. Only a long message is taken apart elsewhere; nothing more is read from
 * its client meanwhile. Belongs to the writer thread, but for {@link #run} and {@link #close}.
 */
final class SocketClient implements Peer, Intake.Sender, WriterThread.Socket, Closeable {
  private final Remote remote;
  private final Stream stream;
  private final SocketChannel channel;
  private final WriterThread writer;
  private final ClientHandler handler;
  private final ClientLogs logs;
  private final Intake intake;
  private final JsonRpcDecoder decoder;
  private final long maxBacklogBytes;

  /** What is to be sent, in pieces; of the first, {@link #sentOfFirst} bytes have gone. */
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  private int sentOfFirst;
  private final AtomicBoolean broken = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private SelectionKey key;
  private Session session;
  private long waitingBytes;
  private boolean awaited;

  /** Whether the selector tells when the socket takes more. */
  private boolean awaitsRoom;

  /** Whether bytes have come, or gone that had to wait. */
  private boolean active;

  /** Whether a long message is being taken apart. */
  private boolean parsing;

  /** Whether no more is read, because the client does not read either. */
  private boolean paused;

  SocketClient(
      Remote remote,
      Stream stream,
      WriterThread writer,
      ClientHandler handler,
      ServerConfig config,
      ClientLogs logs,
      Intake intake) {
    this.remote = remote;
    this.stream = stream;
    this.channel = stream.socket();
    this.writer = writer;
    this.handler = handler;
    this.logs = logs;
    this.intake = intake;
    this.decoder = new JsonRpcDecoder(config.limits());
    this.maxBacklogBytes = config.maxBacklogBytes();
  }

  /** Serves until the connection ends; called on a thread that has nothing else to do. */
  void run() {
    writer.post(this::begin);
    try {
      ended.await();
    } catch (InterruptedException _) {
      close();
    }
  }

  private void begin(Now now) {
    if (broken.get()) {
      return;
    }
    try {
      channel.configureBlocking(false);
      key = writer.register(channel, this);
      session = handler.opened(this, now);
    } catch (IOException e) {
      logs.log().log(logs.complaints(), LogLevel.WARN, "%s: %s", name(), e.getMessage());
      close();
    }
  }

  @Override
  public void ready(Now now) {
    if (!broken.get() && key.isWritable()) {
      active = true;
      flush();
    }
    if (!broken.get() && key.isReadable()) {
      receive(now);
    }
  }

  private void receive(Now now) {
    try {
      ByteBuffer buffer = writer.buffer().clear();
      int n = channel.read(buffer);
      if (n < 0) {
        decoder.end();
        close();
      } else {
        active = true;
        decoder.feed(buffer.flip());
        handleMessages(now);
      }
    } catch (JsonRpcException e) {
      complain(e);
    } catch (IOException e) {
      logs.log().dbg("%s: receive error: %s", name(), e.getMessage());
      close();
    }
  }

  private void handleMessages(Now now) throws JsonRpcException {
    while (!broken.get() && !parsing && !session.isFull() && decoder.find()) {
      if (decoder.length() > Intake.LONG_MESSAGE) {
        parseElsewhere(decoder.take());
      } else {
        handle(decoder.read(), now);
      }
    }
    paused = session.isFull();
    awaitRequests();
    intake.hold(this, broken.get() ? 0 : decoder.heldBytes());
  }

  private void awaitRequests() {
    int wanted = parsing || paused ? 0 : SelectionKey.OP_READ;
    if (!broken.get() && (key.interestOps() & SelectionKey.OP_READ) != wanted) {
      key.interestOps(key.interestOps() ^ SelectionKey.OP_READ);
    }
  }

  /** Goes on with what has come meanwhile. */
  private void goOn(Now now) {
    if (broken.get()) {
      return;
    }
    try {
      handleMessages(now);
    } catch (JsonRpcException e) {
      complain(e);
    }
  }

  private void handle(JsonRpcMessage message, Now now) {
    logs.messages().received(name(), message);
    handler.received(session, message, now);
  }

  private void complain(JsonRpcException e) {
    if (!broken.get()) {
      logs.complain(name(), e);
    }
    close();
  }

  private void parseElsewhere(byte[] bytes) {
    parsing = true;
    Thread.ofVirtual()
        .name(name())
        .start(() -> {
          boolean done = false;
          intake.parsers().acquireUninterruptibly();
          try {
            JsonRpcMessage message = decoder.parse(bytes);
            writer.post(now -> resume(message, now));
            done = true;
          } catch (JsonRpcException e) {
            complain(e);
          } finally {
            if (!done) {
              intake.parsers().release();
              close();
            }
          }
        });
  }

  /** Goes on after a long message. */
  private void resume(JsonRpcMessage message, Now now) {
    try {
      if (!broken.get()) {
        handle(message, now);
      }
    } finally {
      intake.parsers().release();
    }
    parsing = false;
    goOn(now);
  }

  @Override
  public boolean offer(byte[]... message) {
    if (waitingBytes > maxBacklogBytes) {
      return false;
    }
    if (!broken.get()) {
      for (byte[] piece : message) {
        waiting.add(piece);
        waitingBytes += piece.length;
      }
    }
    return true;
  }

  @Override
  public void flush() {
    if (broken.get()) {
      return;
    }
    try {
      boolean all = true;
      while (all && waitingBytes > 0) {
        all = writeSome();
      }
      awaitRoom(waitingBytes > 0);
      if (paused && !session.isFull()) {
        paused = false;
        writer.execute(this::goOn);
      }
      if (waitingBytes == 0) {
        drained();
      }
    } catch (IOException e) {
      logs.log().dbg("%s: send error: %s", name(), e.getMessage());
      close();
    }
  }

  private void awaitRoom(boolean wanted) {
    if (wanted != awaitsRoom) {
      awaitsRoom = wanted;
      key.interestOps(key.interestOps() ^ SelectionKey.OP_WRITE);
    }
  }

  /** Writes as much as goes at once; whether the socket took all of it. */
  private boolean writeSome() throws IOException {
    ByteBuffer out = writer.buffer().clear();
    int from = sentOfFirst;
    for (byte[] piece : waiting) {
      out.put(piece, from, Math.min(piece.length - from, out.remaining()));
      from = 0;
      if (!out.hasRemaining()) {
        break;
      }
    }
    out.flip();
    int written = channel.write(out);
    waitingBytes -= written;
    forget(written);
    return !out.hasRemaining();
  }

  private void forget(int written) {
    int left = written;
    while (left > 0) {
      int n = Math.min(left, waiting.element().length - sentOfFirst);
      left -= n;
      sentOfFirst += n;
      if (sentOfFirst == waiting.element().length) {
        waiting.remove();
        sentOfFirst = 0;
      }
    }
  }

  private void drained() {
    if (awaited) {
      awaited = false;
      handler.drained(session);
    }
  }

  @Override
  public void disconnect(String why) {
    if (!broken.get()) {
      logs.log().log(logs.complaints(), LogLevel.INFO, "%s: %s", name(), why);
    }
    close();
  }

  @Override
  public void awaitDrained() {
    awaited = true;
    if (waitingBytes == 0) {
      writer.execute(_ -> drained());
    }
  }

  @Override
  public long backlogBytes() {
    return waitingBytes;
  }

  @Override
  public void forEachWaiting(Consumer<byte[]> action) {
    waiting.forEach(action);
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

  /** Ends the connection; called on any thread. */
  @Override
  public void close() {
    if (broken.compareAndSet(false, true)) {
      if (writer.isCurrent()) {
        dropBacklog(); // others may need the memory before this round ends
      }
      writer.execute(this::end);
    }
  }

  private void dropBacklog() {
    waiting.clear();
    waitingBytes = 0;
    sentOfFirst = 0;
  }

  private void end(Now now) {
    intake.release(this);
    dropBacklog();
    try {
      stream.close();
    } catch (IOException e) {
      logs.log().dbg("%s: close failed: %s", name(), e.getMessage());
    }
    if (session != null) {
      handler.closed(session, now);
    }
    ended.countDown();
  }
}
