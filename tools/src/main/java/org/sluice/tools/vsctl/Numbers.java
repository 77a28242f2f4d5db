package org.sluice.tools.vsctl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.tools.ctl.CtlFailure;

/** Reads numbers as the C library's functions do, which stop where the number ends. Stateless. */
final class Numbers {
  private static final Pattern DECIMAL = Pattern.compile("\\s*([+-]?[0-9]{1,18}).*");
  private static final Pattern ANY_BASE =
      Pattern.compile("\\s*([+-]?)(0[xX])?([0-9a-fA-F]{1,15}).*");

  private Numbers() {}

  /** The decimal number that {@code text} begins with; 0 if with none. */
  static long leading(String text) {
    Matcher matcher = DECIMAL.matcher(text);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** The decimal number that {@code text} must begin with. */
  static long required(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new CtlFailure("Invalid argument %s", text);
    }
    return leading(text);
  }

  /** The number that {@code text} begins with, in C's notation; null if with none. */
  static Long scan(String text) {
    Matcher hex = ANY_BASE.matcher(text);
    if (hex.matches() && hex.group(2) != null) {
      long value = Long.parseLong(hex.group(3), 16);
      return hex.group(1).equals("-") ? -value : value;
    }
    return DECIMAL.matcher(text).matches() ? (Long) leading(text) : null;
  }
}
