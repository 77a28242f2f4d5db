package org.sluice.ovsdb.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sluice.base.jsonrpc.JsonRpcMessage;

/** Messages as bytes, made once however many clients get them. Stateless. */
final class Encoded {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REPLY_END = ",\"error\":null}";
  private static final byte[] NOTIFICATION_END = bytes("]}");

  private Encoded() {}

  static byte[] of(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that cannot be written", e);
    }
  }

  static byte[] of(JsonRpcMessage message) {
    return of(message.toJson());
  }

  /** A notification whose last parameter is already encoded; {@code head} are the ones before. */
  static byte[] notification(String method, JsonNode[] head, byte[] last) {
    String start = "{\"id\":null,\"method\":\"" + method + "\",\"params\":" + beginning(head);
    byte[] before = bytes(start);
    byte[] all = Arrays.copyOf(before, before.length + last.length + NOTIFICATION_END.length);
    System.arraycopy(last, 0, all, before.length, last.length);
    System.arraycopy(
        NOTIFICATION_END, 0, all, before.length + last.length, NOTIFICATION_END.length);
    return all;
  }

  /** A reply whose result is already encoded and may be others' as well: in pieces, not copied. */
  static byte[][] reply(JsonNode id, byte[] result) {
    return new byte[][] {bytes(replyStart(id)), result, bytes(REPLY_END)};
  }

  /** The same where the result is an array, of which the last element is encoded. */
  static byte[][] reply(JsonNode id, JsonNode[] head, byte[] last) {
    return new byte[][] {bytes(replyStart(id) + beginning(head)), last, bytes("]" + REPLY_END)};
  }

  private static String replyStart(JsonNode id) {
    return "{\"id\":" + text(id) + ",\"result\":";
  }

  /** An array as far as before its last element. */
  private static String beginning(JsonNode[] head) {
    StringBuilder start = new StringBuilder("[");
    for (JsonNode element : head) {
      start.append(text(element)).append(',');
    }
    return start.toString();
  }

  private static String text(JsonNode json) {
    return new String(of(json), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
