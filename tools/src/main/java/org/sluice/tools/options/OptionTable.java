package org.sluice.tools.options;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The options of one program, read by the rules of GNU's {@code getopt_long}, whose words the
 * complaints are: long names may be shortened as long as they stay unique, letters without values
 * may be joined, a value may be joined to its option or follow it, {@code --} ends options. Used by
 * the thread that starts the program.
 */
public final class OptionTable {
  private final List<Option> options = new ArrayList<>();

  /** Adds an option that stands alone. */
  public OptionTable flag(String name, Runnable action) {
    return flag(name, Option.NO_LETTER, action);
  }

  /** Adds an option that stands alone, with a letter. */
  public OptionTable flag(String name, char letter, Runnable action) {
    return add(new Option(name, letter, Option.Value.NONE, _ -> action.run()));
  }

  /** Adds an option with a value. */
  public OptionTable value(String name, Consumer<String> action) {
    return value(name, Option.NO_LETTER, action);
  }

  /** Adds an option with a value and a letter. */
  public OptionTable value(String name, char letter, Consumer<String> action) {
    return add(new Option(name, letter, Option.Value.REQUIRED, action));
  }

  /** Adds an option that may have a value joined to it; it is null if there is none. */
  public OptionTable optionalValue(String name, Consumer<String> action) {
    return optionalValue(name, Option.NO_LETTER, action);
  }

  /** The same, with a letter. */
  public OptionTable optionalValue(String name, char letter, Consumer<String> action) {
    return add(new Option(name, letter, Option.Value.OPTIONAL, action));
  }

  private OptionTable add(Option option) {
    options.add(option);
    return this;
  }

  /** Lets somebody add several options. */
  public OptionTable group(Consumer<OptionTable> group) {
    group.accept(this);
    return this;
  }

  /** The list by which shells complete words: what {@code --option} prints. */
  public String completions() {
    StringBuilder lines = new StringBuilder();
    options.forEach(option -> lines.append(option.completion()));
    return lines.toString();
  }

  /**
   * Reads options wherever they stand before a {@code --}.
   *
   * @return the words that are no options
   * @throws BadUsage if something is wrong
   */
  public List<String> parse(String... arguments) {
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    List<String> words = new ArrayList<>();
    while (!left.isEmpty()) {
      words.addAll(parseLeading(left));
      if (!left.isEmpty()) {
        words.add(left.removeFirst());
      }
    }
    return words;
  }

  /** Reads options up to the first word that is none or to {@code --}; the rest stays as it is. */
  public List<String> parseLeading(String... arguments) {
    Deque<String> left = new ArrayDeque<>(List.of(arguments));
    List<String> words = parseLeading(left);
    words.addAll(left);
    return words;
  }

  /** Returns what followed {@code --}, if that came first. */
  private List<String> parseLeading(Deque<String> left) {
    List<String> words = new ArrayList<>();
    while (!left.isEmpty() && isOption(left.getFirst())) {
      String word = left.removeFirst();
      if (word.equals("--")) {
        words.addAll(left);
        left.clear();
      } else if (word.startsWith("--")) {
        readLong(word.substring(2), left);
      } else {
        readLetters(word.substring(1), left);
      }
    }
    return words;
  }

  private static boolean isOption(String word) {
    return word.length() > 1 && word.charAt(0) == '-';
  }

  private void readLong(String word, Deque<String> left) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Option option = named(name, word);
    String value = equals < 0 ? null : word.substring(equals + 1);
    if (option.value() == Option.Value.NONE && value != null) {
      throw new BadUsage("option '--" + option.name() + "' doesn't allow an argument");
    }
    if (option.value() == Option.Value.REQUIRED && value == null) {
      if (left.isEmpty()) {
        throw new BadUsage("option '--" + option.name() + "' requires an argument");
      }
      value = left.removeFirst();
    }
    option.action().accept(value);
  }

  private Option named(String name, String word) {
    List<Option> candidates = new ArrayList<>();
    for (Option option : options) {
      if (option.name().equals(name)) {
        return option;
      }
      if (option.name().startsWith(name)) {
        candidates.add(option);
      }
    }
    if (candidates.isEmpty()) {
      throw new BadUsage("unrecognized option '--" + word + "'");
    }
    if (candidates.size() > 1) {
      StringBuilder text =
          new StringBuilder("option '--" + word + "' is ambiguous; possibilities:");
      candidates.forEach(option -> text.append(" '--").append(option.name()).append('\''));
      throw new BadUsage(text.toString());
    }
    return candidates.getFirst();
  }

  private void readLetters(String letters, Deque<String> left) {
    for (int i = 0; i < letters.length(); i++) {
      Option option = lettered(letters.charAt(i));
      if (option.value() == Option.Value.NONE) {
        option.action().accept(null);
        continue;
      }
      String rest = letters.substring(i + 1);
      option.action().accept(rest.isEmpty() ? separateValue(option, left) : rest);
      return;
    }
  }

  private static String separateValue(Option option, Deque<String> left) {
    if (option.value() == Option.Value.OPTIONAL) {
      return null;
    }
    if (left.isEmpty()) {
      throw new BadUsage("option requires an argument -- '" + option.letter() + "'");
    }
    return left.removeFirst();
  }

  private Option lettered(char letter) {
    for (Option option : options) {
      if (option.letter() == letter) {
        return option;
      }
    }
    throw new BadUsage("invalid option -- '" + letter + "'");
  }
}
