package org.sluice.tools.ctl;

/**
 * Takes the quotes and escapes off a string, which may hold any character as it is but quotes and
 * backslashes. Stateless.
 */
final class QuotedText {
  private static final int HEX_DIGITS = 4;

  private QuotedText() {}

  /** The string that {@code text}, quotes included, stands for. */
  static String unquote(String text) {
    StringBuilder out = new StringBuilder();
    int end = text.length() - 1;
    int i = 1;
    while (i < end) {
      char c = text.charAt(i++);
      if (c == '"') {
        throw bad(text, "quoted string may not include unescaped \"");
      }
      if (c != '\\') {
        out.append(c);
      } else if (i >= end) {
        throw bad(text, "quoted string may not end with backslash");
      } else if (text.charAt(i) == 'u') {
        out.append(unicode(text, i + 1, end));
        i += 1 + HEX_DIGITS;
      } else {
        out.append(escaped(text, text.charAt(i++)));
      }
    }
    return out.toString();
  }

  private static char escaped(String text, char c) {
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw bad(text, "bad escape \\" + c);
    };
  }

  private static char unicode(String text, int start, int end) {
    if (start + HEX_DIGITS > end) {
      throw bad(text, "quoted string ends within \\u escape");
    }
    String digits = text.substring(start, start + HEX_DIGITS);
    if (!digits.matches("[0-9a-fA-F]+")) {
      throw bad(text, "malformed \\u escape");
    }
    char c = (char) Integer.parseInt(digits, 16);
    if (c == 0) {
      throw bad(text, "null bytes not supported in quoted strings");
    }
    return c;
  }

  private static CtlFailure bad(String text, String why) {
    return new CtlFailure("%s: %s", text, why);
  }
}
