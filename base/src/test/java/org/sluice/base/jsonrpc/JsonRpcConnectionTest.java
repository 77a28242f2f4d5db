package org.sluice.base.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRpcConnectionTest {
  private static final JsonRpcLimits SMALL = new JsonRpcLimits(10_000, 10);
  private static final ArrayNode NONE = JsonNodeFactory.instance.arrayNode();

  private static JsonRpcConnection reading(InputStream in, JsonRpcLimits limits) {
    return new JsonRpcConnection(in, new ByteArrayOutputStream(), in, limits);
  }

  private static JsonRpcConnection reading(String text, JsonRpcLimits limits) {
    return reading(new ByteArrayInputStream(text.getBytes(UTF_8)), limits);
  }

  private static String request(int id) {
    return new JsonRpcMessage.Request("m{\"[" + id, NONE, IntNode.valueOf(id)).toJson().toString();
  }

  @Test
  void shouldFindEveryMessageWhenBytesArriveInAnyPieces() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      stream.append(request(i)).append(" \n".repeat(random.nextInt(3)));
    }
    InputStream bytes = new ByteArrayInputStream(stream.toString().getBytes(UTF_8));
    try (JsonRpcConnection connection = reading(new Dribble(bytes, random), SMALL)) {
      for (int i = 0; i < 300; i++) {
        assertEquals(request(i), connection.receive().toJson().toString(), "seed " + seed);
      }
      assertNull(connection.receive());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1]", "{}"})
  void shouldLookAtAShortMessageAtOnce(String message) throws IOException {
    try (JsonRpcConnection connection = reading(new Unfinished(message.getBytes(UTF_8)), SMALL)) {
      assertThrows(JsonRpcException.class, connection::receive);
    }
  }

  /** Gives its bytes one by one, and must not be asked for more. */
  private static final class Unfinished extends InputStream {
    private final byte[] bytes;
    private int next;

    Unfinished(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return next < bytes.length ? bytes[next++] : fail("waits for more");
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      to[offset] = (byte) read();
      return 1;
    }
  }

  @Test
  void shouldAnswerWhenPeerWaitsForReplyBeforeSendingMore(@TempDir Path dir) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(dir.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      Thread echo = Thread.startVirtualThread(() -> echoOnce(server));
      try (JsonRpcConnection client = JsonRpcConnection.connect(address, SMALL)) {
        for (int i = 0; i < 3; i++) {
          client.send(new JsonRpcMessage.Request("echo", NONE, IntNode.valueOf(i)));
          var reply = assertInstanceOf(JsonRpcMessage.Reply.class, client.receive());
          assertEquals(i, reply.id().intValue());
        }
      }
      echo.join();
    }
  }

  private static void echoOnce(ServerSocketChannel server) {
    try (JsonRpcConnection peer = JsonRpcConnection.over(server.accept(), SMALL)) {
      while (peer.receive() instanceof JsonRpcMessage.Request request) {
        peer.send(new JsonRpcMessage.Reply(request.params(), request.id()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'method':   | connection closed in the middle of a message",
        "{'method' 5} | error parsing stream: line 0, column 11, byte 11: syntax error parsing object expecting ':'",
        "Hello        | error parsing stream: line 0, column 0, byte 0: invalid character 'H'",
      })
  void shouldSayWhatIsWrongWhenPeerSendsGarbage(String text, String error) throws IOException {
    try (JsonRpcConnection connection = reading(text.replace('\'', '"'), SMALL)) {
      JsonRpcException e = assertThrows(JsonRpcException.class, connection::receive);
      assertEquals(error, e.getMessage());
    }
  }

  @Test
  void shouldStopReadingWhenMessageIsTooLong() throws IOException {
    try (JsonRpcConnection connection = reading("[\"" + "x".repeat(100_000), SMALL)) {
      JsonRpcException e = assertThrows(JsonRpcException.class, connection::receive);
      assertTrue(e.getMessage().contains("10000"), e.getMessage());
    }
  }

  /** Gives 1 to 9 bytes at a time. */
  private static final class Dribble extends InputStream {
    private final InputStream in;
    private final Random random;

    Dribble(InputStream in, Random random) {
      this.in = in;
      this.random = random;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return in.read(to, offset, Math.min(length, 1 + random.nextInt(9)));
    }
  }
}
