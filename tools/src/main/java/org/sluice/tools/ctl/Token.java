package org.sluice.tools.ctl;

/**
 * Takes words off a text in which {@code : = , [ ] { } ! < >} and blanks set words apart, unless
 * quoted or after a backslash. Used by one thread.
 *
 * <p>Quotes stay part of the word, for whoever needs to know that it was quoted.
 */
final class Token {
  private static final String DELIMITERS = ":=, []{}!<>";

  private final String text;
  private int at;

  Token(String text) {
    this.text = text;
  }

  static boolean isDelimiter(char c) {
    return DELIMITERS.indexOf(c) >= 0;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** The next character, or 0 at the end. */
  char peek() {
    return atEnd() ? 0 : text.charAt(at);
  }

  /** Steps over the next character if it is {@code c}. */
  boolean skip(char c) {
    boolean there = !atEnd() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  void skipBlanks() {
    while (!atEnd() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** What is left of the text. */
  String rest() {
    return text.substring(at);
  }

  /** The next word; empty before a delimiter. */
  String next() {
    int start = at;
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    while (!atEnd() && (quoted || !isDelimiter(peek()))) {
      char c = text.charAt(at++);
      if (c == '\\') {
        escaped(word, quoted, start);
      } else {
        word.append(c);
        quoted ^= c == '"';
      }
    }
    if (quoted) {
      throw new CtlFailure("%s: quoted string extends past end of argument", text.substring(start));
    }
    return word.toString();
  }

  private void escaped(StringBuilder word, boolean quoted, int start) {
    if (quoted) {
      word.append('\\');
    }
    if (atEnd()) {
      throw new CtlFailure("%s: backslash at end of argument", text.substring(start));
    }
    word.append(text.charAt(at++));
  }
}
