package org.sluice.ovsdb.data;

/** The two kinds of bare word in OVSDB. Stateless. */
public final class Identifiers {
  private Identifiers() {}

  /** RFC 7047 {@code <id>}: a letter or underscore, then letters, digits and underscores. */
  public static boolean isId(String text) {
    return startsAsWord(text) && text.chars().allMatch(c -> isLetter(c) || isDigit(c) || c == '_');
  }

  /** What tools print without quotes: an {@code <id>} that may also hold dots and dashes. */
  static boolean isPlainWord(String text) {
    return startsAsWord(text)
        && text.chars()
            .allMatch(c -> isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.');
  }

  private static boolean startsAsWord(String text) {
    return !text.isEmpty() && (isLetter(text.charAt(0)) || text.charAt(0) == '_');
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
