package org.sluice.tools.ofctl;

import java.io.IOException;
import java.util.List;
import org.sluice.openflow.text.OfSyntaxException;

/**
 * One command of {@code ovs-ofctl}.
 *
 * @param usage how its arguments are called; null where it is not shown
 * @param writes whether it changes something, which {@code --read-only} forbids
 */
record OfctlCommand(String name, String usage, int least, int most, boolean writes, Action action) {
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  /** What a command does with its arguments. */
  @FunctionalInterface
  interface Action {
    void run(List<String> arguments) throws IOException, OfSyntaxException, InterruptedException;
  }

  static OfctlCommand reading(String name, String usage, int least, int most, Action action) {
    return new OfctlCommand(name, usage, least, most, false, action);
  }

  static OfctlCommand writing(String name, String usage, int least, int most, Action action) {
    return new OfctlCommand(name, usage, least, most, true, action);
  }

  /** Its line in lists of commands. */
  String line() {
    return usage == null ? name : "%-23s %s".formatted(name, usage);
  }

  /** Runs it, unless the number of arguments or {@code readOnly} forbids. */
  void run(List<String> arguments, boolean readOnly)
      throws IOException, OfSyntaxException, InterruptedException {
    if (arguments.size() < least) {
      throw new OfctlException(
          "'%s' command requires at least %d arguments".formatted(name, least));
    }
    if (arguments.size() > most) {
      throw new OfctlException("'%s' command takes at most %d arguments".formatted(name, most));
    }
    if (writes && readOnly) {
      throw new OfctlException("'" + name + "' command does not work in read only mode");
    }
    action.run(arguments);
  }
}
