package org.sluice.openflow.text;

/**
 * Splits {@code key=value,key:value,key(value),key} text. A value in parentheses may hold commas
 * and further parentheses. Used by one thread.
 */
public final class KeyValues {
  /** What ends a value. */
  private static final int SEPARATOR = 1;

  /** What ends a key. */
  private static final int DELIMITER = 2;

  private static final int CLOSING = 4;
  private static final byte[] KINDS = kinds();

  private final String text;
  private int position;
  private String key;
  private String value;

  private static byte[] kinds() {
    byte[] kinds = new byte[128];
    ", \t\r\n".chars().forEach(c -> kinds[c] = SEPARATOR | DELIMITER);
    ":=(".chars().forEach(c -> kinds[c] = DELIMITER);
    kinds[')'] = CLOSING;
    return kinds;
  }

  /** Takes the text. */
  public KeyValues(String text) {
    this.text = text;
  }

  /** Goes to the next pair; false at the end. */
  public boolean next() {
    while (isAt(SEPARATOR)) {
      position++;
    }
    if (position == text.length()) {
      return false;
    }
    int start = position;
    while (position < text.length() && !isAt(DELIMITER)) {
      position++;
    }
    key = text.substring(start, position);
    char delimiter = position < text.length() ? text.charAt(position++) : ' ';
    value =
        switch (delimiter) {
          case ':', '=' -> take();
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

  private boolean isAt(int kind) {
    if (position == text.length()) {
      return false;
    }
    char c = text.charAt(position);
    return c < KINDS.length && (KINDS[c] & kind) != 0;
  }

  private String take() {
    int start = position;
    advance(SEPARATOR);
    String result = text.substring(start, position);
    if (position < text.length()) {
      position++;
    }
    return result;
  }

  /** The inside of parentheses; {@code x)->y} stays together. */
  private String takeParenthesized() {
    int start = position;
    advance(CLOSING);
    if (text.startsWith(")->", position)) {
      advance(SEPARATOR);
    }
    String result = text.substring(start, position);
    if (position < text.length()) {
      position++;
    }
    return result;
  }

  /** Goes on to the next character of {@code kind} outside of parentheses, or to the end. */
  private void advance(int kind) {
    int depth = 0;
    while (position < text.length() && (depth > 0 || !isAt(kind))) {
      char c = text.charAt(position);
      if (c == '(') {
        depth++;
      } else if (c == ')' && depth > 0) {
        depth--;
      }
      position++;
    }
  }
}
