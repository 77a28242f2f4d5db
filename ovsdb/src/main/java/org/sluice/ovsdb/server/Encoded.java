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
    StringBuilder start = new StringBuilder("{\"id\":null,\"method\":\"");
    start.append(method).append("\",\"params\":[");
    for (JsonNode param : head) {
      start.append(new String(of(param), StandardCharsets.UTF_8)).append(',');
    }
    byte[] prefix = start.toString().getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[prefix.length + last.length + 2];
    System.arraycopy(prefix, 0, message, 0, prefix.length);
    System.arraycopy(last, 0, message, prefix.length, last.length);
    message[message.length - 2] = ']';
    message[message.length - 1] = '}';
    return message;
  }
}
