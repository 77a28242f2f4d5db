package org.sluice.base.json;

import java.nio.charset.StandardCharsets;

/** The numbers of JSON, as far as a double can hold them. Stateless. */
final class JsonNumbers {
  /** Fewer characters without an exponent cannot exceed a double. */
  private static final int SAFE_LENGTH = 300;

  /** An exponent that has come to this must not have another digit. */
  private static final int MAX_EXPONENT_BEFORE_DIGIT = Integer.MAX_VALUE / 10;

  private JsonNumbers() {}

  static boolean isPart(byte b) {
    return isDigit(b) || b == '-' || b == '.' || b == 'e' || b == 'E' || b == '+';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** What is wrong with a number, or null. */
  static String mistakeIn(byte[] bytes, int from, int to) {
    int i = bytes[from] == '-' ? from + 1 : from;
    int first = i;
    i = skipDigits(bytes, i, to);
    if (i == first) {
      return "'-' must be followed by digit";
    }
    if (bytes[first] == '0' && i > first + 1) {
      return "leading zeros not allowed";
    }
    if (i < to && bytes[i] == '.') {
      int fraction = i + 1;
      i = skipDigits(bytes, fraction, to);
      if (i == fraction) {
        return "decimal point must be followed by digit";
      }
    }
    boolean exponent = i < to && (bytes[i] == 'e' || bytes[i] == 'E');
    if (exponent) {
      return mistakeInExponent(bytes, from, i + 1, to);
    }
    if (i < to) {
      return "syntax error in number";
    }
    return to - from < SAFE_LENGTH ? null : mistakeInSize(bytes, from, to);
  }

  private static int skipDigits(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && isDigit(bytes[i])) {
      i++;
    }
    return i;
  }

  private static String mistakeInExponent(byte[] bytes, int from, int sign, int to) {
    boolean signed = sign < to && (bytes[sign] == '+' || bytes[sign] == '-');
    int first = signed ? sign + 1 : sign;
    int exponent = 0;
    int i = first;
    while (i < to && isDigit(bytes[i])) {
      if (exponent >= MAX_EXPONENT_BEFORE_DIGIT) {
        return "exponent outside valid range";
      }
      exponent = 10 * exponent + bytes[i++] - '0';
    }
    if (i == first) {
      return "exponent must contain at least one digit";
    }
    return i < to ? "syntax error in number" : mistakeInSize(bytes, from, to);
  }

  private static String mistakeInSize(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    return Double.isInfinite(Double.parseDouble(text)) ? "number outside valid range" : null;
  }
}
