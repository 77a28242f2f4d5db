package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * The {@code <error>} of RFC 7047, with OVS's extra {@code syntax} member: a value that goes back
 * to the peer that was wrong. Immutable.
 *
 * @param tag what kind of error, such as {@code constraint violation}
 * @param details one sentence for a person, or null
 * @param syntax the JSON that was wrong, or null
 */
public record OvsdbError(String tag, String details, String syntax) {
  /** The tag of an error in the form of a request, when there is no better one. */
  public static final String SYNTAX_ERROR = "syntax error";

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** An error about the state of the database. */
  public static OvsdbError of(String tag, String details) {
    return new OvsdbError(tag, details, null);
  }

  /** An error about the form of {@code json}, with a tag of its own. */
  public static OvsdbError syntax(String tag, JsonNode json, String details) {
    return new OvsdbError(tag, details, json == null ? null : JsonText.quoted(json));
  }

  /** An error about the form of {@code json}. */
  public static OvsdbError syntax(JsonNode json, String details) {
    return syntax(SYNTAX_ERROR, json, details);
  }

  /** This error, to be thrown to the boundary of the request. */
  public OvsdbException thrown() {
    return new OvsdbException(this);
  }

  /** The {@code <error>} object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("error", tag);
    if (details != null) {
      json.put("details", details);
    }
    if (syntax != null) {
      json.put("syntax", syntax);
    }
    return json;
  }

  /** Reads an {@code <error>} that a server sent; tolerant, since it is only shown. */
  public static OvsdbError fromJson(JsonNode json) {
    if (!json.isObject()) {
      return of(json.isTextual() ? json.textValue() : JsonText.of(json), null);
    }
    return new OvsdbError(
        json.path("error").asText("unknown error"),
        json.path("details").textValue(),
        json.path("syntax").textValue());
  }

  /** One line for a log or a terminal, whatever a stranger's words in it are. */
  @Override
  public String toString() {
    String head = syntax == null ? "" : "syntax \"" + syntax + "\": ";
    String text = head + tag + (details == null ? "" : ": " + details);
    return CONTROL.matcher(text).replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
  }
}
