package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.stream.Stream;

/**
 * One JSON-RPC stream: messages one after the other, with nothing in between but perhaps white
 * space.
 *
 * <p>Plain blocking code, meant for virtual threads: one thread calls {@link #receive}, any thread
 * may {@link #send} (messages go out whole, one at a time), and any thread may {@link #close},
 * which ends both with an exception.
 */
public final class JsonRpcConnection implements Closeable {
  /** Writes a message that is too long to be held. */
  @FunctionalInterface
  public interface MessageWriter {
    /** Writes one whole JSON object. */
    void writeTo(JsonGenerator out) throws IOException;
  }

  /** How many bytes are read at a time. */
  private static final int CHUNK = 1 << 13;

  private final Closeable transport;
  private final InputStream input;
  private final OutputStream output;
  private final ObjectMapper mapper;
  private final ReentrantLock sending = new ReentrantLock();

  /** Used by the receiving thread, as is {@link #chunk}. */
  private final JsonRpcDecoder decoder;

  private final byte[] chunk = new byte[CHUNK];
  private final AtomicLong receivedBytes = new AtomicLong();

  /** Speaks over two streams; {@code transport} is what closing closes. */
  public JsonRpcConnection(
      InputStream in, OutputStream out, Closeable transport, JsonRpcLimits limits) {
    this.transport = transport;
    this.input = in;
    this.output = out;
    this.mapper = JsonTrees.within(limits).mapper();
    this.decoder = new JsonRpcDecoder(limits);
  }

  /** Speaks over a socket, in blocking mode. */
  public static JsonRpcConnection over(ByteChannel channel, JsonRpcLimits limits) {
    return new JsonRpcConnection(
        Channels.newInputStream(channel), Channels.newOutputStream(channel), channel, limits);
  }

  /** Speaks over a stream. */
  public static JsonRpcConnection over(Stream stream, JsonRpcLimits limits) throws IOException {
    return new JsonRpcConnection(stream.input(), stream.output(), stream, limits);
  }

  /** Connects to a TCP or Unix-domain address. */
  public static JsonRpcConnection connect(SocketAddress address, JsonRpcLimits limits)
      throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    try {
      channel.connect(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return over(channel, limits);
  }

  /** Connects to the Unix-domain socket {@code path}. */
  public static JsonRpcConnection connectUnix(Path path, JsonRpcLimits limits) throws IOException {
    return connect(UnixDomainSocketAddress.of(path), limits);
  }

  /**
   * Waits for the next message.
   *
   * @return the message, or null when the peer has closed between messages
   * @throws JsonRpcException if the peer sent something else; close then
   */
  public JsonRpcMessage receive() throws IOException {
    while (!decoder.find()) {
      int n = input.read(chunk);
      if (n < 0) {
        decoder.end();
        return null;
      }
      receivedBytes.addAndGet(n);
      decoder.feed(ByteBuffer.wrap(chunk, 0, n));
    }
    return decoder.read();
  }

  /** How many bytes have come, those of a message that is not whole yet included. */
  public long receivedBytes() {
    return receivedBytes.get();
  }

  /** Sends one message and returns when the kernel has all of it. */
  public void send(JsonRpcMessage message) throws IOException {
    sending.lock();
    try {
      mapper.writeValue(output, message.toJson());
    } finally {
      sending.unlock();
    }
  }

  /**
   * Sends one message while it is written. If its writer fails, the peer has half of it: close
   * then.
   */
  @SuppressWarnings("resource") // closing it would complete the half of a message
  public void send(MessageWriter message) throws IOException {
    sending.lock();
    try {
      JsonGenerator generator = mapper.createGenerator(output);
      message.writeTo(generator);
      generator.close();
    } finally {
      sending.unlock();
    }
  }

  /** Sends whole messages that somebody has already encoded, as they are. */
  public void sendEncoded(byte[] messages) throws IOException {
    sending.lock();
    try {
      output.write(messages);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
