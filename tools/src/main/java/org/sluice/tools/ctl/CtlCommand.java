package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One command of a configuration tool. Immutable.
 *
 * <p>Made step by step: {@code CtlCommand.reading("list", 1, MANY, "TABLE [RECORD]...")
 * .options("--if-exists", "--columns=").needing(...).running(...)}.
 */
public final class CtlCommand {
  /** Any number of arguments. */
  public static final int MANY = Integer.MAX_VALUE;

  /** Says what a command needs to see of the database. */
  @FunctionalInterface
  public interface Prepare {
    /** Adds tables and columns to {@code wanted}. */
    void prepare(Prerequisites wanted, Invocation invocation);
  }

  private final String name;
  private final int minArguments;
  private final int maxArguments;
  private final String arguments;
  private final boolean writes;
  private List<String> options = List.of();
  private Prepare prepare = (_, _) -> {};
  private Consumer<CtlContext> run = _ -> {};
  private Consumer<CommittedContext> after = _ -> {};

  private CtlCommand(String name, int min, int max, String arguments, boolean writes) {
    this.name = name;
    this.minArguments = min;
    this.maxArguments = max;
    this.arguments = arguments;
    this.writes = writes;
  }

  private CtlCommand(CtlCommand other) {
    this(other.name, other.minArguments, other.maxArguments, other.arguments, other.writes);
    options = other.options;
    prepare = other.prepare;
    run = other.run;
    after = other.after;
  }

  /** A command that only looks; {@code arguments} describes them for shells' completion. */
  public static CtlCommand reading(String name, int min, int max, String arguments) {
    return new CtlCommand(name, min, max, arguments, false);
  }

  /** A command that may change the database. */
  public static CtlCommand writing(String name, int min, int max, String arguments) {
    return new CtlCommand(name, min, max, arguments, true);
  }

  /** With options; those that take a value end in {@code =}. */
  public CtlCommand options(String... names) {
    CtlCommand copy = new CtlCommand(this);
    copy.options = List.of(names);
    return copy;
  }

  /** With what it needs to see. */
  public CtlCommand needing(Prepare action) {
    CtlCommand copy = new CtlCommand(this);
    copy.prepare = action;
    return copy;
  }

  /** With what it does. */
  public CtlCommand running(Consumer<CtlContext> action) {
    CtlCommand copy = new CtlCommand(this);
    copy.run = action;
    return copy;
  }

  /** With what is left to do when the transaction has succeeded. */
  public CtlCommand afterwards(Consumer<CommittedContext> action) {
    CtlCommand copy = new CtlCommand(this);
    copy.after = action;
    return copy;
  }

  /** The command's name. */
  String name() {
    return name;
  }

  boolean writes() {
    return writes;
  }

  /** The options as given to {@link #options}. */
  List<String> options() {
    return options;
  }

  void prepare(Prerequisites wanted, Invocation invocation) {
    prepare.prepare(wanted, invocation);
  }

  void run(CtlContext context) {
    run.accept(context);
  }

  void finish(CommittedContext context) {
    after.accept(context);
  }

  /** Complains if so many arguments are too few or too many. */
  void checkArguments(List<String> given) {
    if (given.size() < minArguments) {
      throw new CtlFailure("'%s' command requires at least %d arguments", name, minArguments);
    }
    if (given.size() > maxArguments) {
      boolean misplaced = given.stream().anyMatch(word -> word.startsWith("-"));
      String hint =
          misplaced
              ? " (note that options must precede command names and follow a \"--\" argument)"
              : "";
      throw new CtlFailure("'%s' command takes at most %d arguments%s", name, maxArguments, hint);
    }
  }

  /** Complains if the command has no such option, or has it with or without a value. */
  void checkOption(String option, String value) {
    boolean takesValue = options.contains(option + "=");
    if (!takesValue && !options.contains(option)) {
      throw new CtlFailure("'%s' command has no '%s' option", name, option);
    }
    if (takesValue && value == null) {
      throw new CtlFailure("missing argument to '%s' option on '%s' command", option, name);
    }
    if (!takesValue && value != null) {
      throw new CtlFailure("'%s' option on '%s' does not accept an argument", option, name);
    }
  }

  /** The line that describes the command to a shell that completes words. */
  String completion() {
    StringBuilder line = new StringBuilder();
    options.forEach(option -> line.append('[').append(option).append("] "));
    List<String> words = new ArrayList<>();
    if (!arguments.isEmpty()) {
      for (String word : arguments.split(" ", -1)) {
        words.add(completion(word));
      }
    }
    return line.append(',').append(name).append(',').append(String.join(" ", words)).toString();
  }

  /** {@code !} once, {@code ?} perhaps, {@code +} at least once, {@code *} any number of times. */
  private static String completion(String word) {
    boolean repeated = word.endsWith("...");
    String bare = repeated ? word.substring(0, word.length() - 3) : word;
    boolean optional = bare.startsWith("[") && bare.indexOf(']') >= 0 && isWhole(bare);
    String inner = optional ? bare.substring(1, bare.length() - 1) : bare;
    String mark = optional ? (repeated ? "*" : "?") : repeated ? "+" : "!";
    return mark + inner.replace("[", "?").replace("]", "");
  }

  /** Whether the bracket that opens a word is the one that closes it. */
  private static boolean isWhole(String word) {
    int depth = 0;
    for (int i = 0; i < word.length() - 1; i++) {
      depth += word.charAt(i) == '[' ? 1 : word.charAt(i) == ']' ? -1 : 0;
      if (depth == 0) {
        return false;
      }
    }
    return word.endsWith("]");
  }
}
