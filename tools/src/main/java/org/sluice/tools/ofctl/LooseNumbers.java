package org.sluice.tools.ofctl;

import java.util.Locale;
import org.sluice.openflow.message.GroupMod;

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

  /** A number of 16 bits, and nothing else. */
  static int unsigned16(String text, String name) {
    boolean number = text.matches("0[xX][0-9a-fA-F]{1,8}|[0-9]{1,9}");
    long value = number ? anyBase(text) : -1;
    if (value < 0 || value > 0xffff) {
      throw new OfctlException("invalid " + name + " \"" + text + "\"");
    }
    return (int) value;
  }

  /** A group's number, or that of ANY or ALL; -1 for none. */
  static long group(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "any" -> GroupMod.ANY & 0xffff_ffffL;
      case "all" -> GroupMod.ALL & 0xffff_ffffL;
      default -> text.matches("[0-9]{1,10}") ? digits(text, 0, 10) : -1;
    };
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
