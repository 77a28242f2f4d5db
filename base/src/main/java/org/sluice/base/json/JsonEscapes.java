package org.sluice.base.json;

/** Backslashes in strings of JSON. Stateless. */
final class JsonEscapes {
  private static final int DIGITS = 4;

  private JsonEscapes() {}

  /** What is wrong with a string without its quotes, or null. */
  static String mistakeIn(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (bytes[i++] != '\\') {
        continue;
      }
      byte kind = bytes[i++];
      if (kind == 'u') {
        String mistake = mistakeInDigits(bytes, i, to);
        boolean pair = mistake == null && Character.isHighSurrogate(character(bytes, i));
        i += DIGITS;
        if (pair) {
          mistake = mistakeInSecondHalf(bytes, i, to);
          i += 2 + DIGITS;
        }
        if (mistake != null) {
          return mistake;
        }
      } else if ("\"\\/bfnrt".indexOf(kind) < 0) {
        return "bad escape \\" + (kind < 0 ? '\ufffd' : (char) kind);
      }
    }
    return null;
  }

  private static String mistakeInSecondHalf(byte[] bytes, int from, int to) {
    if (from + 2 > to || bytes[from] != '\\' || bytes[from + 1] != 'u') {
      return "malformed escaped surrogate pair";
    }
    String mistake = mistakeInDigits(bytes, from + 2, to);
    if (mistake == null && !Character.isLowSurrogate(character(bytes, from + 2))) {
      return "second half of escaped surrogate pair is not trailing surrogate";
    }
    return mistake;
  }

  private static String mistakeInDigits(byte[] bytes, int from, int to) {
    if (from + DIGITS > to) {
      return "quoted string ends within \\u escape";
    }
    for (int i = from; i < from + DIGITS; i++) {
      if (bytes[i] < 0 || Character.digit(bytes[i], 16) < 0) {
        return "malformed \\u escape";
      }
    }
    return character(bytes, from) == 0 ? "null bytes not supported in quoted strings" : null;
  }

  private static char character(byte[] bytes, int from) {
    int value = 0;
    for (int i = from; i < from + DIGITS; i++) {
      value = 16 * value + Character.digit(bytes[i], 16);
    }
    return (char) value;
  }
}
