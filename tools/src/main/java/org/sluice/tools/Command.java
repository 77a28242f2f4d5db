package org.sluice.tools;

/**
 * One word of the command line, such as {@code lab} or {@code ovs-appctl}. Providers are found by
 * {@link java.util.ServiceLoader}, so that modules above this one can add theirs.
 */
public interface Command {
  /** The word. */
  String name();

  /**
   * One line that says what it is for, shown by {@code sluice --help}; empty for the launcher's
   * own.
   */
  String summary();

  /**
   * Runs the command with what followed its name.
   *
   * @return the process's exit status
   */
  int run(String[] arguments) throws Exception;
}
