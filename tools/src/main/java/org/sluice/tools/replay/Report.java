package org.sluice.tools.replay;

import java.io.IOException;

/** Tells what a replay came to. */
interface Report {
  /** A frame is through. */
  void packet(Fate fate) throws IOException;

  /** All are. */
  void end(Replay replay) throws IOException;
}
