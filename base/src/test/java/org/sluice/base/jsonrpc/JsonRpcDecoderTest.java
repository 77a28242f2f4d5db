package org.sluice.base.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.base.json.RawText;

/** Messages out of pieces, with nobody waiting for the next. */
class JsonRpcDecoderTest {
  private static final JsonRpcLimits SMALL = new JsonRpcLimits(10_000, 10);

  private final JsonRpcDecoder decoder = new JsonRpcDecoder(SMALL);

  private static String request(int id) {
    String method = "m{\"[\\" + "é\\".repeat(id % 5) + id;
    return new JsonRpcMessage.Request(
            method, JsonNodeFactory.instance.arrayNode(), IntNode.valueOf(id))
        .toJson()
        .toString();
  }

  private void feed(String text) {
    decoder.feed(ByteBuffer.wrap(text.replace('\'', '"').getBytes(UTF_8)));
  }

  @Test
  void shouldFindEveryMessageWhenBytesArriveInAnyPieces() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      stream.append(request(i)).append(" \n".repeat(random.nextInt(3)));
    }
    byte[] bytes = stream.toString().getBytes(UTF_8);
    int found = 0;
    for (int at = 0; at < bytes.length; ) {
      int n = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 9 : 900));
      decoder.feed(ByteBuffer.wrap(bytes, at, n));
      at += n;
      while (decoder.find()) {
        JsonRpcMessage message =
            random.nextBoolean() ? decoder.read() : decoder.parse(decoder.take());
        assertEquals(request(found++), message.toJson().toString(), "seed " + seed);
      }
    }
    assertEquals(300, found, "seed " + seed);
    decoder.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5 ", "no ", "'x'", "]", "%", "\u0000", "GET / HTTP/1.1", "\u0016\u0003"})
  void shouldRefuseWhatIsNoMessageWithoutWaitingForMore(String begin) {
    feed(begin);
    var e = assertThrows(JsonRpcException.class, decoder::find);
    assertTrue(e.getMessage().startsWith("error parsing stream: line 0, "), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'method' 5,     | error parsing stream: line 0, column 11, byte 11: syntax error parsing object expecting ':'",
        "{'a':1e9999}     | error parsing stream: line 0, column 11, byte 11: number outside valid range",
        "{'a':'\\u0000'}   | error parsing stream: line 0, column 12, byte 12: null bytes not supported in quoted strings",
        "[1, 2]           | received bad JSON-RPC message: message is not a JSON object",
        "{'id':1,'b':2}   | received bad JSON-RPC message: message has unexpected member \"b\"",
        "{'a':[[[[[[[[[[  | error parsing stream: line 0, column 14, byte 14: input exceeds maximum nesting depth 10",
        "{'a':[}          | error parsing stream: line 0, column 6, byte 6: syntax error expecting value",
      })
  void shouldSayWhatIsWrongAsSoonAsItIs(String text, String error) {
    feed(text);
    JsonRpcException e =
        assertThrows(
            JsonRpcException.class,
            () -> {
              if (decoder.find()) {
                decoder.read();
              }
            });
    assertEquals(error, e.getMessage());
  }

  @Test
  void shouldSayWhereInTheMessageTheMistakeIs() throws Exception {
    feed(request(1) + "  ");
    assertTrue(decoder.find());
    decoder.read();
    assertFalse(decoder.find());
    feed("\n{'method' 5}");
    var e = assertThrows(JsonRpcException.class, decoder::find);
    assertEquals(
        "error parsing stream: line 1, column 11, byte 14: syntax error parsing object expecting ':'",
        e.getMessage());
  }

  @Test
  void shouldTakeStringsThatAreNotUtf8() throws Exception {
    byte[] bytes = "{'method':'m','params':['?'],'id':0}".replace('\'', '"').getBytes(UTF_8);
    bytes[new String(bytes, UTF_8).indexOf('?')] = (byte) 0xff;
    decoder.feed(ByteBuffer.wrap(bytes));
    assertTrue(decoder.find());
    var request = assertInstanceOf(JsonRpcMessage.Request.class, decoder.read());
    assertEquals("0xff", RawText.wrongBytes(request.params().get(0).textValue()));
  }

  @Test
  void shouldWaitForMoreWhenWhatIsThereMayBecomeAMessage() throws Exception {
    String whole = request(4);
    for (int i = 1; i < whole.length(); i++) {
      JsonRpcDecoder each = new JsonRpcDecoder(SMALL);
      each.feed(ByteBuffer.wrap(whole.substring(0, i).getBytes(UTF_8)));
      assertFalse(each.find(), whole.substring(0, i));
      var e = assertThrows(JsonRpcException.class, each::end);
      assertEquals("connection closed in the middle of a message", e.getMessage());
    }
  }

  @Test
  void shouldRefuseMessageOfTooManyValues() throws Exception {
    feed("[" + "1,".repeat(1249));
    assertFalse(decoder.find());
    feed("2,");
    var e = assertThrows(JsonRpcException.class, decoder::find);
    assertEquals("message has more than 1250 values", e.getMessage());
  }

  @Test
  void shouldRefuseMessageThatIsTooLong() throws Exception {
    feed("['");
    assertFalse(decoder.find());
    for (int i = 0; i < 99; i++) {
      feed("x".repeat(100));
      assertFalse(decoder.find());
    }
    feed("x".repeat(100));
    var e = assertThrows(JsonRpcException.class, decoder::find);
    assertEquals("message is longer than 10000 bytes", e.getMessage());
  }
}
