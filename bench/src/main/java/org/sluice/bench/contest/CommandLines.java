package org.sluice.bench.contest;

import java.io.IOException;
import java.io.PrintStream;
import org.sluice.tools.WrongUsage;
import picocli.CommandLine;

/** What the command lines of all benchmarks have in common. Stateless. */
public final class CommandLines {
  private CommandLines() {}

  /**
   * Fills the options that {@code parser} is about; prints the help where it is asked for.
   *
   * @return whether to go on
   * @throws IOException with a line that says what is wrong
   */
  public static boolean parse(CommandLine parser, PrintStream out, String... arguments)
      throws IOException {
    try {
      parser.parseArgs(arguments);
    } catch (CommandLine.ParameterException e) {
      throw new IOException(WrongUsage.line(parser.getCommandName(), e), e);
    }
    if (parser.isUsageHelpRequested()) {
      parser.usage(out);
      return false;
    }
    return true;
  }

  /** Refuses a value of {@code option} that is not between {@code least} and {@code most}. */
  public static void checkRange(String option, int value, int least, int most) throws IOException {
    if (value < least || value > most) {
      throw new IOException(option + " " + value + ": not between " + least + " and " + most);
    }
  }

  /** Refuses a peer, null for none, that is not {@code only}. */
  public static void checkPeer(String against, String only) throws IOException {
    if (against != null && !against.equals(only)) {
      throw new IOException("--against " + against + ": the only peer is " + only);
    }
  }
}
