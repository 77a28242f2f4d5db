package org.sluice.tools.ofctl;

/** The switch refused something; the message is what it said, to be printed as it is. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message, null, false, false);
  }
}
