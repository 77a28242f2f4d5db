package org.sluice.tools.ofctl;

/** A command cannot go on; the message is what the program says after its name. */
final class OfctlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OfctlException(String message) {
    super(message, null, false, false);
  }
}
