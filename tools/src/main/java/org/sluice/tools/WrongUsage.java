package org.sluice.tools;

import java.util.List;
import picocli.CommandLine;

/** What is wrong with a command line that picocli has refused. Stateless. */
public final class WrongUsage {
  private WrongUsage() {}

  /** One line, which ends with how to learn more about {@code command}. */
  public static String line(String command, CommandLine.ParameterException e) {
    return what(e) + "; try '" + command + " --help'";
  }

  private static String what(CommandLine.ParameterException e) {
    List<String> unknown = e.getCommandLine().getUnmatchedArguments();
    if (unknown.isEmpty()) {
      return e.getMessage().lines().findFirst().orElse("wrong arguments");
    }
    String first = unknown.getFirst();
    return (first.startsWith("-") ? "unrecognized option '" : "unexpected argument '")
        + first
        + "'";
  }
}
