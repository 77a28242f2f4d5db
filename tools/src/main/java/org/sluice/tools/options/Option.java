package org.sluice.tools.options;

import java.util.function.Consumer;

/**
 * One option of a program. Immutable.
 *
 * @param name the long name, without dashes
 * @param letter the short name, or {@link #NO_LETTER}
 * @param value whether a value follows
 * @param action what is done with the value; it is null where there is none
 */
record Option(String name, char letter, Value value, Consumer<String> action) {
  static final char NO_LETTER = 0;

  /** Whether a value follows an option. */
  enum Value {
    NONE,
    /** Only joined to the name: {@code --name=value}, {@code -nvalue}. */
    OPTIONAL,
    /** Joined to the name, or as the next word. */
    REQUIRED
  }

  /** A line or two of the list by which shells complete words. */
  String completion() {
    String argument =
        switch (value) {
          case NONE -> "";
          case OPTIONAL -> "[ARG]";
          case REQUIRED -> "ARG";
        };
    String line = "--" + name + (argument.isEmpty() ? "" : "=" + argument) + "\n";
    return letter == NO_LETTER ? line : line + "-" + letter + " " + argument + "\n";
  }
}
