package org.sluice.openflow.connection;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages over a byte stream. Blocking: meant for virtual threads.
 *
 * <p>One thread receives; any number send, each message whole. Reading is buffered, because a
 * controller that adds rules sends thousands of messages in a row.
 */
public final class OfStream implements Closeable {
  private static final int BUFFER_BYTES = 1 << 17;

  private final ByteChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private final ReentrantLock sending = new ReentrantLock();

  /** Reads and writes a connected, blocking channel, which closes with this. */
  public OfStream(ByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the next message; null where the peer has closed between two.
   *
   * @throws OfConnectionException if the length field cannot be true or the stream ends within a
   *     message
   */
  public OfFrame receive() throws IOException {
    if (!fill(OfFrame.HEADER_BYTES)) {
      if (received.hasRemaining()) {
        throw new OfConnectionException("the peer closed the connection within a message");
      }
      return null;
    }
    int length = received.getShort(received.position() + 2) & 0xffff;
    if (length < OfFrame.HEADER_BYTES) {
      throw new OfConnectionException(
          "received too-short OpenFlow message (" + length + " bytes, a header has 8)");
    }
    if (!fill(length)) {
      throw new OfConnectionException("the peer closed the connection within a message");
    }
    byte[] bytes = new byte[length];
    received.get(bytes);
    return new OfFrame(bytes);
  }

  private boolean fill(int bytes) throws IOException {
    while (received.remaining() < bytes) {
      received.compact();
      int count;
      try {
        count = channel.read(received);
      } finally {
        received.flip();
      }
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  /** Sends one message; waits while the peer does not read. */
  public void send(OfFrame frame) throws IOException {
    send(ByteBuffer.wrap(frame.bytes()));
  }

  /** Sends bytes that are one or more whole messages. */
  public void send(ByteBuffer messages) throws IOException {
    sending.lock();
    try {
      while (messages.hasRemaining()) {
        channel.write(messages);
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
