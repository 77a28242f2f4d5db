package org.sluice.datapath.conntrack.alg;

/**
 * Reads a text from front to end; reading past the end yields {@link #END}. Scratch of one packet
 * thread.
 */
final class TextCursor {
  /** There is no character. */
  static final int END = -1;

  /** There is no such number. */
  static final int NO_NUMBER = -1;

  private static final int MAX_DIGITS = 5;
  private static final int MAX_DIGITS_32 = 10;

  private byte[] text = {};
  private int at;
  private int end;

  /** Reads from {@code from} up to, not including, {@code to}. */
  void set(byte[] bytes, int from, int to) {
    text = bytes;
    at = from;
    end = to;
  }

  /** Where it stands. */
  int position() {
    return at;
  }

  void moveTo(int position) {
    at = position;
  }

  int peek() {
    return at < end ? text[at] & 0xff : END;
  }

  /** The character {@code distance} behind the next one. */
  int peek(int distance) {
    return at + distance < end ? text[at + distance] & 0xff : END;
  }

  int next() {
    return at < end ? text[at++] & 0xff : END;
  }

  /** Steps over {@code expected}; false, at an undefined place, if something else is there. */
  boolean accept(int expected) {
    return next() == expected;
  }

  /** The small letter for a capital one. */
  static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  /** Steps over a word of ASCII letters, digits and blanks given in capitals, in any case. */
  boolean acceptWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      int c = next();
      if (c >= 'a' && c <= 'z') {
        c -= 'a' - 'A';
      }
      if (c != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Steps to the first character {@code wanted}, behind it; false if the line has none. */
  boolean skipBehind(int wanted) {
    int c = next();
    while (c != END && c != '\r' && c != '\n') {
      if (c == wanted) {
        return true;
      }
      c = next();
    }
    return false;
  }

  /** Steps to the first digit of the line, not over it. */
  boolean skipToDigit() {
    while (peek() != END && peek() != '\r' && peek() != '\n') {
      if (isDigit(peek())) {
        return true;
      }
      at++;
    }
    return false;
  }

  /** Reads a decimal number of at most {@code max}. */
  int number(int max) {
    int value = 0;
    int digits = 0;
    while (isDigit(peek()) && digits <= MAX_DIGITS) {
      value = value * 10 + (next() - '0');
      digits++;
    }
    return digits == 0 || value > max ? NO_NUMBER : value;
  }

  /** Reads a decimal number of at most 32 bits. */
  long number32() {
    long value = 0;
    int digits = 0;
    while (isDigit(peek()) && digits <= MAX_DIGITS_32) {
      value = value * 10 + (next() - '0');
      digits++;
    }
    return digits == 0 || value >>> 32 != 0 ? NO_NUMBER : value;
  }

  /** Steps over blanks and tabs. */
  void skipBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  /** Reads up to four hexadecimal digits. */
  int hexNumber() {
    int value = 0;
    int digits = 0;
    while (digits <= 4 && Character.digit(peek(), 16) >= 0) {
      value = value << 4 | Character.digit(next(), 16);
      digits++;
    }
    return digits == 0 || digits > 4 ? NO_NUMBER : value;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
