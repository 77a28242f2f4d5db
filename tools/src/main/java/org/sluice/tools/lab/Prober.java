package org.sluice.tools.lab;

import java.io.IOException;

/** Carries a probe out against the switch: live between hosts, or from captures. */
interface Prober {
  /** Tries {@code probe} once and tells whether it got through. */
  Verdict run(Probe probe) throws IOException, InterruptedException;
}
