package org.sluice.tools.options;

/** The command line is wrong; the message is what the program says after its name. */
public final class BadUsage extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** {@code message} goes to the user. */
  public BadUsage(String message) {
    super(message, null, false, false);
  }
}
