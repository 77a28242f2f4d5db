package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** How messages are read within limits, and what is said of those that cannot be. Thread-safe. */
final class JsonTrees {
  /** There are as many limits as there are kinds of connections: a few. */
  private static final Map<JsonRpcLimits, ObjectMapper> MAPPERS = new ConcurrentHashMap<>();

  /** The parser tells its programmer where a limit comes from; that is no peer's business. */
  private static final Pattern PARSERS_OPTION = Pattern.compile("\\((\\d+), from `[^`]*`\\)");

  private JsonTrees() {}

  static ObjectMapper mapper(JsonRpcLimits limits) {
    return MAPPERS.computeIfAbsent(limits, JsonTrees::newMapper);
  }

  private static ObjectMapper newMapper(JsonRpcLimits limits) {
    int longest = (int) Math.min(limits.maxMessageBytes(), Integer.MAX_VALUE);
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxStringLength(longest)
            .build();
    // Messages are UTF-8, whatever their first bytes look like.
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();
    return new ObjectMapper(factory)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .enable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  static JsonRpcException noMessage() {
    return new JsonRpcException("syntax error at beginning of input");
  }

  static JsonRpcException tooLong(JsonRpcLimits limits) {
    return new JsonRpcException("message is longer than " + limits.maxMessageBytes() + " bytes");
  }

  static JsonRpcException cutOff(Throwable cause) {
    return new JsonRpcException("connection closed in the middle of a message", cause);
  }

  /** What is wrong with a message at {@code offset} bytes from the beginning of the connection. */
  static JsonRpcException wrong(JsonProcessingException e, long offset) {
    if (e instanceof StreamConstraintsException) {
      String limit = PARSERS_OPTION.matcher(e.getOriginalMessage()).replaceAll("($1)");
      return new JsonRpcException("message exceeds a limit: " + limit, e);
    }
    return new JsonRpcException("syntax error at byte " + offset + ": " + oneLine(e), e);
  }

  private static String oneLine(JsonProcessingException e) {
    String text = e.getOriginalMessage();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
