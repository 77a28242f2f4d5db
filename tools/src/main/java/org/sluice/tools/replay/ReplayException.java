package org.sluice.tools.replay;

/** Why a replay cannot be, in one line for whoever asked for it. */
final class ReplayException extends Exception {
  private static final long serialVersionUID = 1;

  ReplayException(String message) {
    super(message);
  }
}
