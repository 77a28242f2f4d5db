package org.sluice.tools.ovs;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads options as GNU's {@code getopt_long} does: {@code --name=value}, {@code --name value},
 * {@code -n value}, {@code -nvalue}; options end at the first other word or at {@code --}. Used by
 * one thread.
 */
final class OptionReader {
  private final String hint;
  private final String[] arguments;
  private int next;
  private String attached;
  private boolean taken;
  private String current;

  /** A wrong option; the message is what the program says after its name. */
  static final class BadOption extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadOption(String message) {
      super(message);
    }
  }

  /**
   * Reads {@code arguments}.
   *
   * @param hint where to read on when an option is unknown; null where Open vSwitch's programs,
   *     whose words these are, say nothing of that
   */
  OptionReader(String hint, String[] arguments) {
    this.hint = hint;
    this.arguments = arguments;
  }

  /** The next option's name with its dashes; null when only words are left. */
  String next() {
    refuseUntaken();
    if (next == arguments.length
        || !arguments[next].startsWith("-")
        || arguments[next].equals("-")) {
      return null;
    }
    String word = arguments[next++];
    if (word.equals("--")) {
      return null;
    }
    int end = word.startsWith("--") ? word.indexOf('=') : 2;
    boolean joined = end > 0 && end < word.length();
    taken = false;
    attached = joined ? word.substring(word.startsWith("--") ? end + 1 : end) : null;
    current = joined ? word.substring(0, end) : word;
    return current;
  }

  /** A value may have been given to an option that has none. */
  private void refuseUntaken() {
    if (attached != null && !taken && current.startsWith("--")) {
      throw new BadOption("option '" + current + "' doesn't allow an argument");
    }
  }

  /** The value that the current option must have. */
  String value() {
    taken = true;
    if (attached != null) {
      return attached;
    }
    if (next == arguments.length) {
      throw new BadOption("option '" + current + "' requires an argument");
    }
    return arguments[next++];
  }

  /** The value of an option that may go without; null then. */
  String optionalValue() {
    taken = true;
    return attached;
  }

  /** The current option's value as a number of seconds. */
  long seconds() {
    String text = value();
    try {
      long seconds = Long.parseLong(text);
      if (seconds > 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new BadOption("value " + text + " on " + current + " is invalid");
    }
    throw new BadOption("value " + text + " on " + current + " is invalid");
  }

  /** The current option's value as a number from 1 to {@code max}. */
  int count(int max) {
    String text = value();
    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
      throw new BadOption(current + " takes a number from 1 to " + max + ", not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  /** What to throw for the current option if the program does not have it. */
  BadOption unknown() {
    String value = attached == null ? "" : "=" + attached;
    String what =
        current.startsWith("--")
            ? "unrecognized option '" + current + value + "'"
            : "invalid option -- '" + current.charAt(1) + "'";
    return new BadOption(hint == null ? what : what + "; " + hint);
  }

  /** Moves one word that is no option to {@code words}; false where none is left. */
  boolean takeWord(List<String> words) {
    if (next == arguments.length) {
      return false;
    }
    words.add(arguments[next++]);
    return true;
  }

  /** The words after the options. */
  List<String> rest() {
    List<String> rest = new ArrayList<>();
    while (next < arguments.length) {
      rest.add(arguments[next++]);
    }
    return rest;
  }
}
