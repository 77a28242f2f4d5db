package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfError;

/** Bytes that are not a message; stays inside this package. Carries no stack trace. */
final class BadWireException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final OfError error;

  BadWireException(OfError error) {
    super(error.name(), null, false, false);
    this.error = error;
  }

  OfError error() {
    return error;
  }
}
