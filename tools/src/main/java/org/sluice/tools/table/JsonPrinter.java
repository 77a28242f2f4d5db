package org.sluice.tools.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.ovsdb.data.Atom;

/**
 * JSON as Open vSwitch's tools print it: members in alphabetical order, reals with fifteen digits,
 * on one line or, with {@code --pretty}, one member or element a line. Used once, by one thread.
 */
public final class JsonPrinter {
  private static final int INDENT = 2;

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;
  private int depth;

  private JsonPrinter(boolean pretty) {
    this.pretty = pretty;
  }

  /** On one line. */
  public static String compact(JsonNode json) {
    return print(json, false);
  }

  /** On one line, or {@code pretty}. */
  public static String print(JsonNode json, boolean pretty) {
    JsonPrinter printer = new JsonPrinter(pretty);
    printer.value(json);
    return printer.out.toString();
  }

  private void value(JsonNode json) {
    switch (json.getNodeType()) {
      case OBJECT -> object(json);
      case ARRAY -> array(json);
      case STRING -> string(json.textValue());
      case NUMBER -> out.append(number(json));
      default -> out.append(json.asText("null"));
    }
  }

  private static String number(JsonNode json) {
    boolean exact = json.isIntegralNumber() && json.canConvertToLong();
    return exact ? json.asText() : Atom.ofReal(json.doubleValue()).toText();
  }

  private void object(JsonNode json) {
    out.append('{');
    depth++;
    Map<String, JsonNode> sorted = new TreeMap<>();
    json.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
    boolean first = true;
    // An empty object, too, is spread over two lines.
    line();
    for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
      separate(first);
      first = false;
      string(member.getKey());
      out.append(pretty ? ": " : ":");
      value(member.getValue());
    }
    depth--;
    out.append('}');
  }

  private void array(JsonNode json) {
    out.append('[');
    depth++;
    if (!json.isEmpty()) {
      line();
    }
    boolean first = true;
    for (JsonNode element : json) {
      separate(first);
      first = false;
      value(element);
    }
    depth--;
    out.append(']');
  }

  private void separate(boolean first) {
    if (!first) {
      out.append(',');
      line();
    }
  }

  private void line() {
    if (pretty) {
      out.append('\n').repeat(' ', INDENT * depth);
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ') {
          out.append("\\u00").append(Character.forDigit(c >> 4, 16));
          out.append(Character.forDigit(c & 15, 16));
        } else {
          out.append(c);
        }
      }
    }
  }
}
