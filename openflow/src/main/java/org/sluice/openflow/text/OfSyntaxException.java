package org.sluice.openflow.text;

/** Text that is not what it should be; the message is one line for whoever wrote it. */
public final class OfSyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  /** Says what is wrong. */
  public OfSyntaxException(String message) {
    super(message);
  }
}
