package org.sluice.tools.options;

import java.util.ArrayList;
import java.util.List;

/** The commands of one program: the words that may follow its options. Used by one thread. */
public final class CommandTable {
  /** Carries out a command. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Runs with what followed the command's name; the program ends with the status returned.
     *
     * @throws Exception whatever the program knows how to report
     */
    int run(List<String> arguments) throws Exception;
  }

  /** How many words a command takes. */
  public record Arity(int least, int most) {
    /** From {@code least} to any number. */
    public static Arity from(int least) {
      return new Arity(least, Integer.MAX_VALUE);
    }
  }

  private record Entry(String name, String usage, Arity arity, Handler handler) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Adds a command; {@code usage} names its words. */
  public CommandTable add(String name, String usage, Arity arity, Handler handler) {
    entries.add(new Entry(name, usage, arity, handler));
    return this;
  }

  /**
   * Runs the command that the first of {@code words} names.
   *
   * @throws BadUsage if there is none, or it has too few words or too many
   */
  public int run(List<String> words) throws Exception {
    if (words.isEmpty()) {
      throw new BadUsage("missing command name; use --help for help");
    }
    Entry entry = named(words.getFirst());
    int count = words.size() - 1;
    if (count < entry.arity.least) {
      throw new BadUsage(
          "'%s' command requires at least %d arguments".formatted(entry.name, entry.arity.least));
    }
    if (count > entry.arity.most) {
      throw new BadUsage(
          "'%s' command takes at most %d arguments".formatted(entry.name, entry.arity.most));
    }
    return entry.handler.run(words.subList(1, words.size()));
  }

  private Entry named(String name) {
    for (Entry entry : entries) {
      if (entry.name.equals(name)) {
        return entry;
      }
    }
    throw new BadUsage("unknown command '" + name + "'; use --help for help");
  }

  /** What {@code list-commands} prints. */
  public String list() {
    StringBuilder text = new StringBuilder("The available commands are:\n");
    for (Entry entry : entries) {
      text.append("  %-23s %s\n".formatted(entry.name, entry.usage));
    }
    return text.toString();
  }
}
