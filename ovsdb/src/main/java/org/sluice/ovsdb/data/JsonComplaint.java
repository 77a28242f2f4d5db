package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What is wrong with JSON that a person wrote, and where, counted from 0, in the words of OVS.
 * Immutable.
 */
public final class JsonComplaint extends Exception {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonComplaint(String message) {
    super(message, null, false, false);
  }

  /** Parses one JSON array or object and nothing else. */
  public static JsonNode parse(String text) throws JsonComplaint {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Parses one JSON array or object in UTF-8 and nothing else. */
  public static JsonNode parse(byte[] text) throws JsonComplaint {
    try {
      JsonNode json = MAPPER.readTree(text);
      if (!json.isContainerNode()) {
        String what =
            json.isMissingNode() ? "Empty input stream" : "syntax error at beginning of input";
        throw new JsonComplaint("line 0, column 0, byte 0: " + what);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new JsonComplaint(describe(e, text));
    } catch (IOException e) {
      throw new JsonComplaint(e.getMessage());
    }
  }

  private static String describe(JsonProcessingException e, byte[] text) {
    JsonLocation at = e.getLocation();
    long offset = at == null ? text.length : Math.max(0, at.getByteOffset());
    int line = 0;
    int column = 0;
    for (int i = 0; i < Math.min(offset, text.length); i++) {
      column = text[i] == '\n' ? 0 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    return "line %d, column %d, byte %d: %s".formatted(line, column, offset, words(e));
  }

  private static String words(JsonProcessingException e) {
    String text = e.getOriginalMessage();
    if (text.contains("was expecting double-quote to start field name")) {
      return "syntax error parsing object expecting string";
    }
    if (text.contains("was expecting a colon")) {
      return "syntax error parsing object expecting ':'";
    }
    if (text.contains("was expecting comma to separate Object")) {
      return "syntax error expecting '}' or ','";
    }
    if (text.contains("was expecting comma to separate Array")) {
      return "syntax error expecting ']' or ','";
    }
    if (text.startsWith("Unrecognized token '")) {
      return "invalid keyword " + text.substring(text.indexOf('\''), text.indexOf(':'));
    }
    if (text.startsWith("Trailing token")) {
      return "trailing garbage at end of input";
    }
    if (text.startsWith("Unexpected end-of-input")) {
      return "unexpected end of input";
    }
    return "syntax error: " + text.lines().findFirst().orElse("");
  }
}
