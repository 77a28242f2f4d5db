package org.sluice.tools.ctl;

import java.util.List;
import java.util.Map;
import org.sluice.tools.table.OutputTable;

/**
 * One command as it stands on the command line, and what it prints when the transaction has
 * succeeded. Used by the program's thread.
 */
public final class Invocation {
  private final CtlCommand command;
  private final List<String> arguments;
  private final Map<String, String> options;
  private StringBuilder output = new StringBuilder();
  private OutputTable table;

  Invocation(CtlCommand command, List<String> arguments, Map<String, String> options) {
    this.command = command;
    this.arguments = List.copyOf(arguments);
    this.options = options;
  }

  CtlCommand command() {
    return command;
  }

  /** The command's name. */
  public String name() {
    return command.name();
  }

  /** How many arguments follow the name. */
  public int argumentCount() {
    return arguments.size();
  }

  /** The arguments from number {@code first} on, the first being number 0. */
  public List<String> arguments(int first) {
    return arguments.subList(Math.min(first, arguments.size()), arguments.size());
  }

  /** One argument; null if there are not so many. */
  public String argument(int number) {
    return number < arguments.size() ? arguments.get(number) : null;
  }

  /** Whether an option, dashes included, was given. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /** An option's value; null if it was not given. */
  public String value(String option) {
    return options.get(option);
  }

  /** Adds to what the command prints. */
  public void print(String text) {
    output.append(text);
  }

  /** Adds a line to what the command prints. */
  public void println(String text) {
    output.append(text).append('\n');
  }

  /** Has the command print a table instead of text. */
  public void print(OutputTable printed) {
    table = printed;
  }

  StringBuilder output() {
    return output;
  }

  OutputTable table() {
    return table;
  }

  /** Forgets what was to be printed, before another attempt. */
  void restart() {
    output = new StringBuilder();
    table = null;
  }

  /** The command as it could be typed, without the options' values. */
  @Override
  public String toString() {
    StringBuilder words = new StringBuilder();
    options.keySet().forEach(option -> words.append(CommandLine.escape(option)).append(' '));
    words.append(CommandLine.escape(command.name()));
    arguments.forEach(word -> words.append(' ').append(CommandLine.escape(word)));
    return words.toString();
  }
}
