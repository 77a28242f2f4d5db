package org.sluice.bench.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A client's connection that costs next to nothing: requests are texts, answers are counted rather
 * than read, unless somebody wants to see one. Used by one thread.
 */
final class RawConnection implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SocketChannel channel;
  private final JsonFrames frames = new JsonFrames();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private long received;

  private RawConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static RawConnection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new RawConnection(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Makes connections wait for each other; what is attached to a key is the number of its one. */
  static Selector register(List<RawConnection> connections) throws IOException {
    Selector selector = Selector.open();
    for (int i = 0; i < connections.size(); i++) {
      connections.get(i).channel.configureBlocking(false);
      connections.get(i).channel.register(selector, SelectionKey.OP_READ, i);
    }
    return selector;
  }

  /** Makes them be as before, once the selector is closed. */
  static void block(List<RawConnection> connections) throws IOException {
    for (RawConnection each : connections) {
      each.channel.configureBlocking(true);
    }
  }

  /** Bytes that came so far. */
  long received() {
    return received;
  }

  void send(String message) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Reads what has come; returns how many messages ended in it. */
  int receive() throws IOException {
    read();
    return frames.count(buffer);
  }

  /** Waits for so many messages. */
  void await(int messages) throws IOException {
    for (int left = messages; left > 0; left -= receive()) {}
  }

  /** Sends a request and reads its answer, which must not be an error. */
  JsonNode call(String request) throws IOException {
    send(request);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    boolean whole = false;
    while (!whole) {
      read();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      answer.writeBytes(bytes);
      whole = frames.count(buffer) > 0;
    }
    JsonNode json = JSON.readTree(answer.toByteArray());
    if (!json.path("error").isNull() || json.path("result").toString().contains("\"error\"")) {
      throw new IOException("the server refused: " + json);
    }
    return json.get("result");
  }

  private void read() throws IOException {
    buffer.clear();
    int n = channel.read(buffer);
    if (n < 0) {
      throw new EOFException("the server has closed the connection");
    }
    received += n;
    buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
