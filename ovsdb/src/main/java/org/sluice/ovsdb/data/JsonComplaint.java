package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * What is wrong with JSON that a person wrote, and where, counted from 0, in the words of OVS.
 * Immutable.
 */
public final class JsonComplaint extends Exception {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonComplaint(String message) {
    super(message, null, false, false);
  }

  /** Parses one JSON value and nothing else. */
  public static JsonNode parse(byte[] text) throws JsonComplaint {
    try {
      return MAPPER.readTree(text);
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
    if (text.startsWith("Unexpected end-of-input")) {
      return "unexpected end of input";
    }
    return "syntax error: " + text.lines().findFirst().orElse("");
  }
}
