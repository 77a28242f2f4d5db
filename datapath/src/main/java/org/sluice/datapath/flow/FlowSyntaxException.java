package org.sluice.datapath.flow;

/** A text that is no flow or no list of actions; the message quotes it for whoever wrote it. */
public final class FlowSyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  public FlowSyntaxException(String message) {
    super(message);
  }

  FlowSyntaxException(String message, FlowSyntaxException cause) {
    super(message, cause);
  }
}
