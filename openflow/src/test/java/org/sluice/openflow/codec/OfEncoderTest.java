package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;

class OfEncoderTest {
  private static FlowStats flow(int table, int actions) {
    return new FlowStats(
        table,
        0,
        Match.any(),
        0,
        FlowMod.Timeouts.NONE,
        new FlowStats.Ages(0, 0, 0),
        new FlowRemoved.Counts(0, 0),
        0,
        0,
        Collections.nCopies(actions, OfAction.Output.to(1)));
  }

  /** A message is no longer than 64 kB, and a flow with many actions may be. */
  @Test
  void shouldSayWhatIsTooLargeForAReply() {
    Multipart.FlowStatsReply all =
        new Multipart.FlowStatsReply(List.of(flow(1, 1), flow(2, 9000), flow(3, 1)), true, false);
    OfEncoder.Encoded encoded = OfEncoder.encodeWhatFits(all, 7, Dialect.of(OfVersion.OF10));
    assertEquals(1, encoded.leftOut());
    assertEquals(1, encoded.frames().size());
  }
}
