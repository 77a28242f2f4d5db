package org.sluice.openflow.message;

import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;

/** Something worth logging about a message, whether it could be read or not. */
public sealed interface Note {
  /** How much it matters. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /**
   * Text for the log.
   *
   * @param module whose log, called as in Open vSwitch
   * @param always it is never left out because the module has said a lot already
   */
  record Remark(Level level, String module, String text, boolean always) implements Note {
    /** A warning, as long as there are not too many. */
    public static Remark warning(String module, String text) {
      return new Remark(Level.WARN, module, text, false);
    }
  }

  /** One of some actions, at that offset, could not be read. */
  record BadAction(int offset, OfError error, Bytes actions) implements Note {}

  /** A match had fields that no packet can have; they do not count. */
  record Normalized(Match before, Match after) implements Note {}
}
