package org.sluice.ovsdb.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.sluice.base.jsonrpc.JsonRpcMessage;

/** Messages as bytes, made once however many clients get them. Stateless. */
final class Encoded {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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
    String start = "{\"id\":null,\"method\":\"" + method + "\",\"params\":";
    return join(start, array(head, last), "}");
  }

  /** A reply whose result is already encoded. */
  static byte[] reply(byte[] result, JsonNode id) {
    String start = "{\"id\":" + new String(of(id), StandardCharsets.UTF_8) + ",\"result\":";
    return join(start, result, ",\"error\":null}");
  }

  /** An array whose last element is already encoded; {@code head} are the ones before. */
  static byte[] array(JsonNode[] head, byte[] last) {
    StringBuilder start = new StringBuilder("[");
    for (JsonNode element : head) {
      start.append(new String(of(element), StandardCharsets.UTF_8)).append(',');
    }
    return join(start.toString(), last, "]");
  }

  private static byte[] join(String start, byte[] middle, String end) {
    byte[] head = start.getBytes(StandardCharsets.UTF_8);
    byte[] tail = end.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + middle.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(middle, 0, all, head.length, middle.length);
    System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
    return all;
  }
}
