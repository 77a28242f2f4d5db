package org.sluice.openflow.text;

/**
 * Splits {@code key=value,key:value,key(value),key} text. A value in parentheses may hold commas
 * and further parentheses. Used by one thread.
 */
public final class KeyValues {
  private static final String SEPARATORS = ", \t\r\n";

  private final String text;
  private int position;
  private String key;
  private String value;

  /** Takes the text. */
  public KeyValues(String text) {
    this.text = text;
  }

  /** Goes to the next pair; false at the end. */
  public boolean next() {
    skip(SEPARATORS);
    if (position == text.length()) {
      return false;
    }
    int start = position;
    while (position < text.length() && ":=(, \t\r\n".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    key = text.substring(start, position);
    char delimiter = position < text.length() ? text.charAt(position++) : ' ';
    value =
        switch (delimiter) {
          case ':', '=' -> take(SEPARATORS);
          case '(' -> takeParenthesized();
          default -> "";
        };
    return true;
  }

  /** The key of this pair. */
  public String key() {
    return key;
  }

  /** Its value; empty where there is none. */
  public String value() {
    return value;
  }

  private void skip(String characters) {
    while (position < text.length() && characters.indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private String take(String delimiters) {
    int start = position;
    advance(delimiters);
    String result = text.substring(start, position);
    if (position < text.length()) {
      position++;
    }
    return result;
  }

  /** The inside of parentheses; {@code x)->y} stays together. */
  private String takeParenthesized() {
    int start = position;
    advance(")");
    if (text.startsWith(")->", position)) {
      advance(SEPARATORS);
    }
    String result = text.substring(start, position);
    if (position < text.length()) {
      position++;
    }
    return result;
  }

  private void advance(String delimiters) {
    int depth = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (depth == 0 && delimiters.indexOf(c) >= 0) {
        return;
      }
      if (c == '(') {
        depth++;
      } else if (c == ')' && depth > 0) {
        depth--;
      }
      position++;
    }
  }
}
