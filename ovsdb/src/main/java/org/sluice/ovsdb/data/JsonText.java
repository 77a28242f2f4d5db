package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;

/**
 * JSON in the one-line, sorted form that OVSDB quotes in its errors and hashes in its files.
 * Stateless.
 */
public final class JsonText {
  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private JsonText() {}

  /** Compact text with the members of every object in alphabetical order. */
  public static String of(JsonNode json) {
    try {
      return SORTED.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that cannot be written", e);
    }
  }

  /** The same with reals as OVS prints them: with 15 digits, and without a fraction of nothing. */
  static String quoted(JsonNode json) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new ShownNumbers(SORTED.createGenerator(text))) {
      SORTED.writeTree(generator, json);
    } catch (IOException e) {
      throw new IllegalStateException("a JSON tree that cannot be written", e);
    }
    return text.toString();
  }

  /** Used by one thread. */
  private static final class ShownNumbers extends JsonGeneratorDelegate {
    ShownNumbers(JsonGenerator to) {
      super(to, false);
    }

    @Override
    public void writeNumber(double value) throws IOException {
      super.writeNumber(RealText.format(value));
    }
  }

  /** Parses trusted text, such as a resource of ours. */
  public static JsonNode parse(String text) {
    try {
      return SORTED.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }
}
