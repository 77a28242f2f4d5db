package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
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
  private final Closeable transport;
  private final MeteredInput input;
  private final OutputStream output;
  private final ObjectMapper mapper;
  private final ReentrantLock sending = new ReentrantLock();

  /** Made and used by the receiving thread. */
  private JsonParser parser;

  /** Speaks over two streams; {@code transport} is what closing closes. */
  public JsonRpcConnection(
      InputStream in, OutputStream out, Closeable transport, JsonRpcLimits limits) {
    this.transport = transport;
    this.input = new MeteredInput(in, limits);
    this.output = out;
    this.mapper = JsonTrees.mapper(limits);
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
    input.startMessage();
    JsonNode json;
    try {
      json = parser().nextToken() == null ? null : readTree();
    } catch (JsonEOFException e) {
      throw JsonTrees.cutOff(e);
    } catch (JsonProcessingException e) {
      long offset = parser.currentLocation().getByteOffset() - MeteredInput.PADDING_BYTES;
      throw JsonTrees.wrong(e, offset);
    }
    return json == null ? null : JsonRpcMessage.fromJson(json);
  }

  private JsonNode readTree() throws IOException {
    if (!parser.currentToken().isStructStart()) {
      throw JsonTrees.noMessage();
    }
    return mapper.readTree(parser);
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

  private JsonParser parser() throws IOException {
    if (parser == null) {
      parser = mapper.getFactory().createParser(input);
    }
    return parser;
  }

  /**
   * Counts what a message costs while it arrives, and refuses to read on. It also looks at how the
   * stream begins, because the parser would wait for the end of a number or of a word. Used by the
   * receiving thread only.
   *
   * <p>The parser wants four bytes, to recognise their encoding, before it looks at the first; a
   * short message must not wait for the next, so four spaces come before all.
   */
  private static final class MeteredInput extends InputStream {
    static final int PADDING_BYTES = 4;

    private final InputStream in;
    private final JsonRpcLimits limits;
    private boolean padded;
    private long messageBytes;
    private boolean begun;

    MeteredInput(InputStream in, JsonRpcLimits limits) {
      this.in = in;
      this.limits = limits;
    }

    void startMessage() {
      messageBytes = 0;
    }

    private void begin(byte first) throws JsonRpcException {
      begun = first != ' ' && first != '\t' && first != '\r' && first != '\n';
      if (begun && first != '{' && first != '[') {
        throw JsonTrees.noMessage();
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (!padded && length >= PADDING_BYTES) {
        padded = true;
        Arrays.fill(to, offset, offset + PADDING_BYTES, (byte) ' ');
        return PADDING_BYTES;
      }
      if (messageBytes >= limits.maxMessageBytes()) {
        throw JsonTrees.tooLong(limits);
      }
      int n = in.read(to, offset, length);
      messageBytes += Math.max(n, 0);
      for (int i = 0; i < n && !begun; i++) {
        begin(to[offset + i]);
      }
      return n;
    }
  }
}
