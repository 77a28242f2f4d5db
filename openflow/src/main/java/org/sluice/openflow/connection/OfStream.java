package org.sluice.openflow.connection;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.stream.Stream;
import org.sluice.openflow.message.OfVersion;

/**
 * Messages over a byte stream. Blocking: meant for virtual threads.
 *
 * <p>One thread receives; any number send, each message whole. Reading is buffered, because a
 * controller that adds rules sends thousands of messages in a row.
 */
public final class OfStream implements Closeable {
  private static final int BUFFER_BYTES = 1 << 17;

  /**
   * After so many messages the stream is looked at again, though there are more at hand. A socket
   * holds a few hundred small ones; who sends many is so not held up while they are worked on.
   */
  private static final int LOOK_AGAIN = 32;

  private final Stream stream;
  private final Observer observer;
  private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private final ReentrantLock sending = new ReentrantLock();

  /** Messages since the stream was looked at. */
  private int unlooked;

  /** Sees what goes over a stream; called by the threads that send and receive. */
  public interface Observer {
    /** Sees nothing. */
    Observer NONE =
        new Observer() {
          @Override
          public void sent(ByteBuffer message) {}

          @Override
          public void received(ByteBuffer message) {}

          @Override
          public void negotiated(OfVersion version, String own, String peer) {}
        };

    /** A message is about to be sent; valid until this returns. */
    void sent(ByteBuffer message);

    /** A message has been received; valid until this returns. */
    void received(ByteBuffer message);

    /** Both sides have said which versions they have, and agreed on one. */
    void negotiated(OfVersion version, String own, String peer);
  }

  /** Reads and writes {@code stream}, which closes with this. */
  public OfStream(Stream stream) {
    this(stream, Observer.NONE);
  }

  /** The same, seen by {@code observer}. */
  public OfStream(Stream stream, Observer observer) {
    this.stream = stream;
    this.observer = observer;
  }

  /** Does what TLS needs before the first message, if that is still to be done. */
  public void handshake() throws IOException {
    stream.handshake();
  }

  Observer observer() {
    return observer;
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
    if (++unlooked >= LOOK_AGAIN) {
      takeMore();
    }
    observer.received(ByteBuffer.wrap(bytes));
    return new OfFrame(bytes);
  }

  /** Takes what has come meanwhile, if there is room. */
  private void takeMore() {
    unlooked = 0;
    received.compact();
    try {
      stream.readNow(received);
    } catch (IOException _) {
      // Whoever waits for more meets it again, after what has come before it.
    } finally {
      received.flip();
    }
  }

  private boolean fill(int bytes) throws IOException {
    while (received.remaining() < bytes) {
      unlooked = 0;
      received.compact();
      int count;
      try {
        count = stream.input().read(received.array(), received.position(), received.remaining());
        received.position(received.position() + Math.max(count, 0));
      } finally {
        received.flip();
      }
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  /** Sends the bytes of one message; waits while the peer does not read. */
  public void send(byte[] message) throws IOException {
    sending.lock();
    try {
      observer.sent(ByteBuffer.wrap(message)); // now: once it is out, the answer may be noted first
      stream.output().write(message);
    } finally {
      sending.unlock();
    }
  }

  /** Sends messages in one write, which costs the kernel and the peer less than one for each. */
  public void send(List<byte[]> messages) throws IOException {
    sending.lock();
    try {
      int bytes = 0;
      for (byte[] message : messages) {
        observer.sent(ByteBuffer.wrap(message));
        bytes += message.length;
      }
      ByteBuffer all = ByteBuffer.allocate(bytes);
      messages.forEach(all::put);
      stream.output().write(all.array());
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
