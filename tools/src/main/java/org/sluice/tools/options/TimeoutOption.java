package org.sluice.tools.options;

import org.sluice.base.log.VlogRegistry;

/**
 * {@code --timeout}, and the variable {@value #VARIABLE} where that is not given. Used by the
 * thread that starts the program.
 */
public final class TimeoutOption {
  /** Holds the seconds for all tools that a script starts. */
  public static final String VARIABLE = "OVS_CTL_TIMEOUT";

  private long seconds;

  /** Adds it. */
  public void addTo(OptionTable table) {
    table.value("timeout", 't', this::take);
  }

  private void take(String text) {
    seconds = seconds(text);
    if (seconds == 0) {
      throw new BadUsage("value " + text + " on -t or --timeout is invalid");
    }
  }

  /** A positive number, or 0. */
  private static long seconds(String text) {
    return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }

  /** Starts the clock, if there is a limit; {@code cleaning} is done before it ends the program. */
  public void start(VlogRegistry registry, Runnable cleaning) {
    long limit = seconds > 0 ? seconds : seconds(System.getenv(VARIABLE));
    if (limit > 0) {
      Deadline.start(limit, registry, cleaning);
    }
  }
}
