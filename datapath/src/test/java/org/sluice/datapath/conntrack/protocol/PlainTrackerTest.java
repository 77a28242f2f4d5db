package org.sluice.datapath.conntrack.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlainTrackerTest {
  /** Aborted before it was answered: the general path calls that established too. */
  @Test
  void shouldNotTakeAClosedAssociationForANewOne() {
    assertEquals(Verdict.ESTABLISHED, PlainTracker.steadyVerdict(Timer.SCTP_CLOSED.index(), 0));
    assertEquals(Verdict.NEW, PlainTracker.steadyVerdict(Timer.OTHER_MULTIPLE.index(), 0));
    assertEquals(Verdict.INVALID, PlainTracker.steadyVerdict(Timer.OTHER_FIRST.index(), 0));
  }
}
