package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.sluice.base.json.JsonMistake;
import org.sluice.base.json.JsonReader;

/**
 * Makes trees of messages that are known to be JSON, and says what is wrong with those that are
 * not. Thread-safe.
 */
final class JsonTrees {
  /** There are as many limits as there are kinds of connections: a few. */
  private static final Map<JsonRpcLimits, JsonTrees> KNOWN = new ConcurrentHashMap<>();

  /** The parser tells its programmer where a limit comes from; that is no peer's business. */
  private static final Pattern PARSERS_OPTION = Pattern.compile("\\((\\d+), from `[^`]*`\\)");

  private final ObjectMapper mapper;

  private JsonTrees(JsonRpcLimits limits) {
    int longest = (int) Math.min(limits.maxMessageBytes(), Integer.MAX_VALUE);
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxStringLength(longest)
            .maxNameLength(longest)
            .build();
    // Messages are UTF-8, whatever their first bytes look like.
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();
    this.mapper =
        new ObjectMapper(factory)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  static JsonTrees within(JsonRpcLimits limits) {
    return KNOWN.computeIfAbsent(limits, JsonTrees::new);
  }

  ObjectMapper mapper() {
    return mapper;
  }

  /** Reads a message, whose syntax is right. */
  JsonRpcMessage message(byte[] bytes, int from, int length) throws JsonRpcException {
    JsonNode tree = tree(bytes, from, length);
    try {
      return JsonRpcMessage.fromJson(tree);
    } catch (JsonRpcException e) {
      throw new JsonRpcException("received bad JSON-RPC message: " + e.getMessage(), e);
    }
  }

  private JsonNode tree(byte[] bytes, int from, int length) throws JsonRpcException {
    try {
      return JsonReader.read(mapper, bytes, from, length);
    } catch (JsonProcessingException e) {
      String limit = PARSERS_OPTION.matcher(e.getOriginalMessage()).replaceAll("($1)");
      throw new JsonRpcException("message exceeds a limit: " + limit, e);
    }
  }

  static JsonRpcException tooLong(JsonRpcLimits limits) {
    return new JsonRpcException("message is longer than " + limits.maxMessageBytes() + " bytes");
  }

  static JsonRpcException tooMany(JsonRpcLimits limits) {
    return new JsonRpcException("message has more than " + limits.maxValues() + " values");
  }

  static JsonRpcException cutOff() {
    return new JsonRpcException("connection closed in the middle of a message");
  }

  static JsonRpcException wrong(JsonMistake mistake) {
    return new JsonRpcException("error parsing stream: " + mistake.getMessage(), mistake);
  }
}
