package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.sluice.base.json.JsonMistake;
import org.sluice.base.json.JsonReader;
import org.sluice.base.json.JsonSyntax;

/**
 * What is wrong with JSON that a person wrote, and where, counted from 0, in the words of OVS.
 * Immutable.
 */
public final class JsonComplaint extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_DEPTH = 1000;
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.CHARSET_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_DEPTH)
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxNameLength(Integer.MAX_VALUE)
                      .build())
              .build());

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
      JsonSyntax.check(text, MAX_DEPTH);
      return JsonReader.read(MAPPER, text, 0, text.length);
    } catch (JsonMistake e) {
      throw new JsonComplaint(e.getMessage());
    } catch (JsonProcessingException e) {
      throw new JsonComplaint("cannot be read: " + e.getOriginalMessage());
    }
  }
}
