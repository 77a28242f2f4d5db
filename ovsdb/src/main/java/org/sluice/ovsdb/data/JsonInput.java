package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Parses JSON that a person or a file supplies: one array or object and nothing else. Stateless.
 */
public final class JsonInput {
  private static final int MAX_DEPTH = 1000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonInput() {}

  /** The text is not JSON; the message says where and why, in one line. */
  public static final class BadJson extends Exception {
    private static final long serialVersionUID = 1;

    private BadJson(String message) {
      super(message, null, false, false);
    }
  }

  /** Parses {@code text}. */
  public static JsonNode parse(String text) throws BadJson {
    try (JsonParser parser = MAPPER.createParser(text)) {
      return container(parser);
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /** Parses UTF-8. */
  public static JsonNode parse(byte[] bytes) throws BadJson {
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      return container(parser);
    } catch (IOException e) {
      throw bad(e);
    }
  }

  private static JsonNode container(JsonParser parser) throws IOException, BadJson {
    if (parser.nextToken() == null) {
      throw new BadJson("line 0, column 0, byte 0: Empty input stream");
    }
    if (!parser.currentToken().isStructStart()) {
      throw bad(parser.currentTokenLocation(), "syntax error at beginning of input");
    }
    JsonNode json = MAPPER.readTree(parser);
    if (parser.nextToken() != null) {
      throw bad(parser.currentTokenLocation(), "trailing garbage at end of input");
    }
    return json;
  }

  private static BadJson bad(IOException e) {
    if (!(e instanceof JsonProcessingException json) || json.getLocation() == null) {
      return new BadJson(e.getMessage());
    }
    String text = json.getOriginalMessage().lines().findFirst().orElse("syntax error");
    return bad(json.getLocation(), text);
  }

  private static BadJson bad(JsonLocation at, String text) {
    long offset = Math.max(at.getByteOffset(), at.getCharOffset());
    return new BadJson(
        "line %d, column %d, byte %d: %s"
            .formatted(at.getLineNr(), at.getColumnNr(), offset, text));
  }
}
