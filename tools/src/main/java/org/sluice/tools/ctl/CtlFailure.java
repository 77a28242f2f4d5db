package org.sluice.tools.ctl;

/** A command cannot be carried out; the message goes to the user and the program ends. */
public final class CtlFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /** Ends the program with status 1 and a message. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would cost a dependency
  public CtlFailure(String format, Object... arguments) {
    super(arguments.length == 0 ? format : String.format(format, arguments), null, false, false);
    this.status = 1;
  }

  private CtlFailure(int status) {
    super(null, null, false, false);
    this.status = status;
  }

  /** Ends the program with a status and without a message. */
  public static CtlFailure silent(int status) {
    return new CtlFailure(status);
  }

  /** The program's exit status. */
  int status() {
    return status;
  }
}
