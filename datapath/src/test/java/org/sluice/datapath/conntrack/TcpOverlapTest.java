package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.DropReason;

/** Retransmissions repeat bytes; forgeries do not. */
class TcpOverlapTest {
  private final TcpScenario scenario = new TcpScenario();

  @BeforeEach
  void open() {
    scenario.play(
        """
        > S   1000      new
        < SA  5000      ack=1001  est|rpl
        > A   1001      ack=5001  est
        """);
  }

  @Test
  void shouldPassWhenARetransmissionRepeatsTheBytes() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1001+9  ack=5001 data=a  est
        < A   5001    ack=1010         est|rpl
        > PA  1010+10 ack=5001 data=b  est
        > PA  1001+9  ack=5001 data=a  est
        > FPA 1010+10 ack=5001 data=b  est
        """);
  }

  @Test
  void shouldRefuseWhenTheSameRangeHasOtherBytes() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1001+9  ack=5001 data=x  inv
        """);
    assertEquals(DropReason.CT_OVERLAP, scenario.lastReason);
    assertEquals("conntrack_inv_overlap", scenario.lastReason.counter());
  }

  @Test
  void shouldLeaveTheConnectionAloneWhenASegmentIsRefused() {
    scenario.play("> PA  1001+9  ack=5001 data=a  est");
    ConnectionSnapshot before = scenario.connection();
    scenario.play(
        """
        > PA  1001+9  ack=5001 win=9 data=x  inv
        > FA  1001+9  ack=5001 data=x        inv
        """);
    assertEquals(before, scenario.connection());
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1010+9  ack=5001 data=b  est
        """);
  }

  @Test
  void shouldRefuseInTheReplyDirectionToo() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        < PA  5001+9  ack=1010 data=b  est|rpl
        < PA  5001+9  ack=1010 data=x  inv
        < PA  5001+9  ack=1010 data=b  est|rpl
        > PA  1001+9  ack=5001 data=x  inv
        """);
    assertEquals(DropReason.CT_OVERLAP, scenario.lastReason);
  }

  @Test
  void shouldForgetASegmentWhenTwoNewerOnesHavePassed() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1010+9  ack=5001 data=b  est
        > PA  1001+9  ack=5001 data=x  inv
        > PA  1019+9  ack=5001 data=c  est
        > PA  1010+9  ack=5001 data=x  inv
        > PA  1001+9  ack=5001 data=x  est
        """);
  }

  @Test
  void shouldPassWhenAKeepAliveCarriesGarbage() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > A   1009    ack=5001         est
        > A   1009+1  ack=5001 data=x  est
        < PA  5001+1  ack=1010 data=b  est|rpl
        < PA  5001+1  ack=1010 data=x  est|rpl
        """);
  }

  @Test
  void shouldCompareWhatIsCoveredWhenBoundariesDiffer() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1010+8  ack=5001 data=a  est
        > PA  1001+17 ack=5001 data=a  est
        > PA  1001+17 ack=5001 data=x  inv
        > PA  1001+40 ack=5001 data=x  inv
        > PA  1001+40 ack=5001 data=a  est
        > PA  1001+40 ack=5001 data=x  inv
        """);
  }

  @Test
  void shouldPassWhenAPartialOverlapProvesNothing() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > PA  1001+8  ack=5001 data=x  est
        > PA  1003+7  ack=5001 data=x  est
        > PA  1005+20 ack=5001 data=x  est
        > PA  1001+9  ack=5001 data=a  est
        > PA  1001+9  ack=5001 data=x  inv
        """);
  }

  @Test
  void shouldRememberWhatFilledAGap() {
    scenario.play(
        """
        > PA  1010+9  ack=5001 data=b  est
        > PA  1001+9  ack=5001 data=a  est
        > PA  1001+9  ack=5001 data=x  inv
        > PA  1010+9  ack=5001 data=x  inv
        """);
  }

  @Test
  void shouldCompareSumsWhenALocalSenderLeftTheChecksum() {
    scenario.play(
        """
        > PA  1001+9    ack=5001 data=a partial  est
        > PA  1001+9    ack=5001 data=x          inv
        > PA  1001+9    ack=5001 data=x partial  inv
        > PA  1001+9    ack=5001 data=a          est
        > PA  1010+1600 ack=5001 data=b          est
        > PA  1010+1600 ack=5001 data=b partial  est
        > PA  1010+1600 ack=5001 data=x partial  inv
        """);
  }

  @Test
  void shouldRememberNothingOfSegmentsTooLargeToSum() {
    scenario.play(
        """
        > PA  1001+1601 ack=5001 data=a partial  est
        > PA  1001+1601 ack=5001 data=x          est
        """);
  }

  @Test
  void shouldRefuseWhenALargeSegmentCoversARememberedOne() {
    scenario.play(
        """
        > PA  1001+9    ack=5001 data=a          est
        > PA  1001+2000 ack=5001 data=x partial  inv
        > PA  1001+2000 ack=5001 data=a partial  est
        """);
  }

  @Test
  void shouldTakeBothZerosForTheSame() {
    scenario.play(
        """
        > PA  1001+10 ack=5001                 est
        > PA  1001+10 ack=5001 partial         est
        > PA  1011+10 ack=5001 data=\u00ff         est
        > PA  1011+10 ack=5001 data=\u00ff partial est
        > PA  1021+11 ack=5001 data=\u00ff partial est
        > PA  1021+11 ack=5001 data=\u00ff         est
        """);
  }

  @Test
  void shouldRefuseOnTheShortcutToo() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        < A   5001    ack=1010         est|rpl
        > PA  1010+9  ack=5001 data=b  fast
        > PA  1010+9  ack=5001 data=b  fast
        > PA  1010+9  ack=5001 data=x  slow
        > PA  1010+9  ack=5001 data=x  inv
        > PA  1001+9  ack=5001 data=x  slow
        < PA  5001+9  ack=1010 data=c partial  fast
        < PA  5001+9  ack=1010 data=x  slow
        < PA  5001+9  ack=1010 data=x  inv
        < PA  5001+9  ack=1010 data=c  fast
        > A   1019    ack=5010         fast
        > A   1018+1  ack=5010 data=x  fast
        """);
  }

  @Test
  void shouldRememberAcrossTheWrapOfSequenceNumbers() {
    TcpScenario wrapping = new TcpScenario();
    wrapping.play(
        """
        > S   4294967289 new
        < SA  5000          ack=4294967290  est|rpl
        > A   4294967290+10 ack=5001 data=a est
        > A   4294967290+10 ack=5001 data=x inv
        > A   4294967290+20 ack=5001 data=x inv
        > A   4294967290+20 ack=5001 data=a est
        > A   4+10          ack=5001 data=a est
        """);
  }

  @Test
  void shouldKnowNothingWhenPickedUpMidStream() {
    scenario.play("> PA  1001+9  ack=5001 data=a  est");
    scenario.conntrack.flush();
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=x  new
        < A   5001    ack=1010         est|rpl
        > PA  1001+9  ack=5001 data=x  est
        > PA  1001+9  ack=5001 data=a  inv
        """);
  }

  @Test
  void shouldStartAnewWhenTheTupleIsUsedAgain() {
    scenario.play(
        """
        > PA  1001+9  ack=5001 data=a  est
        > FA  1010    ack=5001  est
        < FA  5001    ack=1011  est|rpl
        > A   1011    ack=5002  est
        > S   1000              new
        < SA  7000    ack=1001  est|rpl
        > PA  1001+9  ack=7001 data=x  est
        """);
  }

  @Test
  void shouldIgnoreDataOfSynAndReset() {
    TcpScenario early = new TcpScenario();
    early.play(
        """
        > S   1000+9  data=a           new
        > S   1000+9  data=x           new
        < SA  5000    ack=1001         est|rpl
        > PA  1001+9  ack=5001 data=b  est
        > PA  1010+9  ack=5001 data=c  est
        > RA  1019+2  ack=5001 data=x  est
        > RA  1019+2  ack=5001 data=y  est
        """);
  }
}
