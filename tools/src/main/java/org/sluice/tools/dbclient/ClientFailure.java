package org.sluice.tools.dbclient;

/** Ends the program; the message is what it says after its name. */
final class ClientFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClientFailure(String message) {
    super(message, null, false, false);
  }
}
