package org.sluice.tools.ofctl;

/** The program ends with a status of its own, having said all there is to say. */
final class ExitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  ExitException(int status) {
    super("exit status " + status, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }
}
