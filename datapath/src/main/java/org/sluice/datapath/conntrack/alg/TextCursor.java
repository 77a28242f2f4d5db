package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;

/**
 * Reads a short text in a packet from front to end; reading past the end yields {@link #END}.
 * Scratch of one packet thread.
 */
final class TextCursor {
  /** There is no character. */
  static final int END = -1;

  /** There is no such number. */
  static final int NO_NUMBER = -1;

  private static final int MAX_DIGITS = 5;

  private long at;
  private long end;

  void set(long address, int bytes) {
    at = address;
    end = address + bytes;
  }

  /** Where it stands. */
  long position() {
    return at;
  }

  int peek() {
    return at < end ? OffHeap.getUnsignedByte(at) : END;
  }

  int next() {
    return at < end ? OffHeap.getUnsignedByte(at++) : END;
  }

  /** Steps over {@code expected}; false, at an undefined place, if something else is there. */
  boolean accept(int expected) {
    return next() == expected;
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
