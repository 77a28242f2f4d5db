package org.sluice.tools.ofctl;

/** Numbers as C's {@code atoi} and {@code strtol} read them: as far as they go. */
final class LooseNumbers {
  private LooseNumbers() {}

  /** The decimal number that {@code text} begins with; 0 where it begins with none. */
  static int integer(String text) {
    String word = text.strip();
    int end = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
    return (int) digits(word, end, 10);
  }

  /** The number that {@code text} begins with: hexadecimal after 0x, octal after 0. */
  static long anyBase(String text) {
    String word = text.strip();
    boolean hex = word.startsWith("0x") || word.startsWith("0X");
    return hex ? digits(word, 2, 16) : digits(word, 0, word.startsWith("0") ? 8 : 10);
  }

  /** The hexadecimal number that {@code text} begins with. */
  static long hexadecimal(String text) {
    String word = text.strip();
    boolean prefix = word.startsWith("0x") || word.startsWith("0X");
    return digits(word, prefix ? 2 : 0, 16);
  }

  private static long digits(String word, int start, int base) {
    long value = 0;
    for (int i = start; i < word.length(); i++) {
      int digit = Character.digit(word.charAt(i), base);
      if (digit < 0) {
        break;
      }
      value = value * base + digit;
    }
    return word.startsWith("-") ? -value : value;
  }
}
