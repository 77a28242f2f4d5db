package org.sluice.openflow.connection;

import java.io.IOException;

/** The peer does not speak OpenFlow as agreed; the message is one line for the log. */
public final class OfConnectionException extends IOException {
  private static final long serialVersionUID = 1;

  public OfConnectionException(String message) {
    super(message);
  }
}
