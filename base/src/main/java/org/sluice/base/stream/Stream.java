package org.sluice.base.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection to a peer: blocking, one thread reads, one writes, and any may close, which ends
 * both with an exception.
 */
public interface Stream extends Closeable {
  /** Who is at the other end, such as {@code tcp:192.0.2.1:6640}. */
  String name();

  /** What the peer sends. */
  InputStream input() throws IOException;

  /**
   * Reads what has come already, without waiting; by the thread that reads.
   *
   * @return 0 where nothing has, or where that cannot be told; -1 where the peer has ended
   */
  default int readNow(ByteBuffer into) throws IOException {
    return 0;
  }

  /** What the peer receives. */
  OutputStream output() throws IOException;

  /** Does what has to be done before the first byte; a no-op without TLS. */
  default void handshake() throws IOException {}

  /** The name in the peer's certificate, known after {@link #handshake}; null without TLS. */
  default String peerId() {
    return null;
  }

  /**
   * The socket itself, for who waits for many at once; null where what goes over it is not simply
   * what the peers say.
   */
  default SocketChannel socket() {
    return null;
  }

  /**
   * This stream with a reader that stays awake for a moment while the peer answers at once, where
   * that is possible; it takes the place of this one, which is closed where that fails.
   */
  default Stream attentive() throws IOException {
    return this;
  }

  /**
   * Marks the packets of this connection from now on; a no-op without packets, as on Unix sockets.
   *
   * @param dscp differentiated services code point, 0 to 63 (RFC 2474)
   */
  default void mark(int dscp) throws IOException {}

  /** The local TCP port, or -1. */
  default int localPort() {
    return -1;
  }

  /**
   * What threads may block on this stream: virtual ones, unless its calls would hold up the thread
   * that carries them.
   */
  default Thread.Builder threads() {
    return Thread.ofVirtual();
  }
}
