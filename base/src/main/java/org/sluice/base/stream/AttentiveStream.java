package org.sluice.base.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * A socket whose reader stays awake for a moment when the peer has been answering at once.
 *
 * <p>A peer that sends a request, waits for the answer and sends the next one makes both sides go
 * to sleep and be woken for each. Where there is a processor to spare, being woken costs several
 * times what a request does. So the reader looks again and again for up to {@link #AWAKE_NS} before
 * it sleeps, letting others run in between, as long as that pays: after a wait that was longer it
 * sleeps at once, until a short one shows that the peer is quick again. An idle connection costs
 * nothing, and a slow one no more than before.
 *
 * <p>The socket does not block; this does. One thread reads, any writes, one at a time.
 */
final class AttentiveStream implements Stream, ByteChannel {
  /** Two or three times as long as a peer that waits for an answer takes to use it. */
  private static final long AWAKE_NS = 50_000;

  private final Stream stream;
  private final SocketChannel channel;
  private final Selector arrivals;
  private final Selector room;

  /** The reader's: whether the last wait was short. */
  private boolean quick;

  private AttentiveStream(Stream stream, Selector arrivals, Selector room) {
    this.stream = stream;
    this.channel = stream.socket();
    this.arrivals = arrivals;
    this.room = room;
  }

  /** Takes over {@code stream}, a plain socket; closes it where that fails. */
  static AttentiveStream over(Stream stream) throws IOException {
    Selector arrivals = null;
    Selector room = null;
    try {
      stream.socket().configureBlocking(false);
      arrivals = Selector.open();
      room = Selector.open();
      stream.socket().register(arrivals, SelectionKey.OP_READ);
      stream.socket().register(room, SelectionKey.OP_WRITE);
      return new AttentiveStream(stream, arrivals, room);
    } catch (IOException e) {
      for (Closeable each : Arrays.asList(stream, arrivals, room)) {
        if (each != null) {
          each.close();
        }
      }
      throw e;
    }
  }

  @Override
  public String name() {
    return stream.name();
  }

  @Override
  public void mark(int dscp) throws IOException {
    stream.mark(dscp);
  }

  @Override
  public int localPort() {
    return stream.localPort();
  }

  @Override
  public InputStream input() {
    return Channels.newInputStream(this);
  }

  @Override
  public int readNow(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public OutputStream output() {
    return Channels.newOutputStream(this);
  }

  /** Waits for bytes. */
  @Override
  @SuppressWarnings("ThreadPriorityCheck") // so that a peer on the same processor gets on
  public int read(ByteBuffer into) throws IOException {
    int count = channel.read(into);
    if (count != 0 || !into.hasRemaining()) {
      return count;
    }
    long startNs = System.nanoTime();
    while (count == 0 && quick && System.nanoTime() - startNs < AWAKE_NS) {
      Thread.yield();
      count = channel.read(into);
    }
    while (count == 0) {
      await(arrivals);
      count = channel.read(into);
    }
    quick = System.nanoTime() - startNs < AWAKE_NS;
    return count;
  }

  /** Waits until there was room for all of {@code from}. */
  @Override
  public int write(ByteBuffer from) throws IOException {
    int length = from.remaining();
    while (from.hasRemaining()) {
      if (channel.write(from) == 0) {
        await(room);
      }
    }
    return length;
  }

  private static void await(Selector selector) throws IOException {
    try {
      selector.select();
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException _) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    stream.close();
    arrivals.close();
    room.close();
  }
}
