package org.sluice.base.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Makes trees of text that {@link JsonSyntax} has found right. Stateless. */
public final class JsonReader {
  private JsonReader() {}

  /**
   * Reads {@code length} bytes at {@code from}, strings that are not UTF-8 as {@link RawText}.
   *
   * @throws JsonProcessingException if the text exceeds one of the mapper's limits
   */
  public static JsonNode read(ObjectMapper mapper, byte[] bytes, int from, int length)
      throws JsonProcessingException {
    try {
      return mapper.readTree(bytes, from, length);
    } catch (JsonProcessingException _) {
      return mapper.readTree(RawText.decode(bytes, from, length));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }
}
