package org.sluice.vswitchd.translate;

/** A trace that was asked for wrongly; the message says how. */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1L;

  TraceException(String message) {
    super(message);
  }
}
