package org.sluice.tools;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The program's start: finds the command that the first argument names and runs it. */
public final class Main {
  /** Sluice's own version; what Open vSwitch's tools are shown is theirs. */
  public static final String VERSION = "0.1.0";

  /** The launcher records the warm-start cache, by commands that are nobody else's. */
  private static final boolean TRAINING = Boolean.getBoolean("sluice.training");

  private final List<Command> commands;

  Main(List<Command> commands) {
    this.commands = commands;
  }

  public static void main(String[] arguments) throws Exception {
    List<Command> commands =
        ServiceLoader.load(Command.class).stream().map(ServiceLoader.Provider::get).toList();
    int status = new Main(commands).dispatch(arguments);
    System.out.flush();
    System.err.flush();
    // Daemon threads of a command that is done must not keep the process.
    System.exit(status);
  }

  /** Runs what the first argument names with the others; gives the exit status. */
  int dispatch(String[] arguments) throws Exception {
    String word = arguments.length == 0 ? "--help" : arguments[0];
    return switch (word) {
      case "-h", "--help", "help" -> help(arguments.length == 0 ? 1 : 0);
      case "-V", "--version" -> version();
      default -> runNamed(word, Arrays.copyOfRange(arguments, 1, arguments.length));
    };
  }

  private static int version() {
    System.out.println("sluice " + VERSION);
    return 0;
  }

  private int runNamed(String word, String[] rest) throws Exception {
    for (Command command : commands) {
      if (command.name().equals(word) && (!isInternal(command) || TRAINING)) {
        return runBounded(command, rest);
      }
    }
    System.err.println("sluice: unknown command '" + word + "'; try './sluice --help'");
    return 1;
  }

  /** What is asked for may need more memory than there is. */
  private static int runBounded(Command command, String[] arguments) throws Exception {
    try {
      return command.run(arguments);
    } catch (OutOfMemoryError e) {
      System.err.println(command.name() + ": virtual memory exhausted");
      return 1;
    }
  }

  private static boolean isInternal(Command command) {
    return command.summary().isEmpty();
  }

  private int help(int status) {
    printHelp(System.out);
    return status;
  }

  private void printHelp(PrintStream out) {
    out.println("Sluice: a stateful Open vSwitch on the JVM.\n");
    out.println("Usage: ./sluice COMMAND [ARGUMENT ...]     ./sluice COMMAND --help tells more\n");
    commands.stream()
        .filter(command -> !isInternal(command))
        .sorted(Comparator.comparing(Command::name))
        .forEach(command -> out.printf("  %-14s %s%n", command.name(), command.summary()));
    out.printf(
        "  %-14s %s%n", "test", "build everything and run the tests ([MODULE] for one module's)");
  }
}
