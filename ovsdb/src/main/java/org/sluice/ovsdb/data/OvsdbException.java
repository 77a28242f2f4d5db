package org.sluice.ovsdb.data;

/**
 * Carries an {@link OvsdbError} from where a peer's mistake was seen to where its reply is made. It
 * is a control-plane value, not a fault of ours, so it has no stack trace.
 */
public final class OvsdbException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient OvsdbError error;

  /** Wraps {@code error}. */
  public OvsdbException(OvsdbError error) {
    super(error.toString(), null, false, false);
    this.error = error;
  }

  /** What went wrong. */
  public OvsdbError error() {
    return error;
  }
}
