package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.DropReason;

class TcpTrackingTest {
  private static final String HANDSHAKE =
      """
      > S   1000      win=1000  new
      < SA  5000      ack=1001  win=1000  est|rpl
      > A   1001      ack=5001  win=1000  est
      """;

  private final TcpScenario scenario = new TcpScenario();

  private void assertTimeLeft(int seconds) {
    assertEquals(seconds, scenario.connection().expiresInMs() / 1000);
  }

  @Test
  void shouldFollowAWholeConnectionWhenBothSidesBehave() {
    scenario.play(HANDSHAKE);
    assertTimeLeft(86_400);
    scenario.play(
        """
        > PA  1001+100  ack=5001  est
        < A   5001      ack=1101  est|rpl
        < PA  5001+200  ack=1101  est|rpl
        > A   1101      ack=5201  est
        > FA  1101      ack=5201  est
        """);
    assertTimeLeft(900);
    scenario.play(
        """
        < A   5201      ack=1102  est|rpl
        < FA  5201      ack=1102  est|rpl
        """);
    assertTimeLeft(45);
    scenario.play("> A   1102      ack=5202  est");
    assertTimeLeft(30);
  }

  @Test
  void shouldKeepNewWhenSynIsRetransmitted() {
    scenario.play(
        """
        > S   1000  new
        > S   1000  new
        """);
    assertTimeLeft(30);
  }

  @Test
  void shouldFollowTheSecondSynWhenItHasAnotherSequence() {
    scenario.play(
        """
        > S   1000           new
        > S   900000000      new
        < SA  5000 ack=900000001 est|rpl
        > A   900000001 ack=5001 est
        > A   900000001+10 ack=5001 est
        """);
  }

  @Test
  void shouldEstablishWhenBothSidesOpenAtOnce() {
    scenario.play(
        """
        > S   1000                  new
        < S   3000000000            new
        > SA  1000  ack=3000000001  est
        < SA  3000000000  ack=1001  est|rpl
        > A   1001+10  ack=3000000001  est
        < A   3000000001+10  ack=1011  est|rpl
        < A   3200000001+10  ack=1011  inv
        """);
    assertTimeLeft(86_400);
  }

  /** Both offer to scale windows, so both do. */
  @Test
  void shouldScaleWindowsWhenBothSidesOpenAtOnce() {
    scenario.play(
        """
        > S   1000  ws=7                new
        < S   3000000000  ws=7          new
        > SA  1000  ack=3000000001         est
        < SA  3000000000  ack=1001         est|rpl
        > A   1001  ack=3000000001 win=1000  est
        < A   3000100001+10  ack=1001      est|rpl
        """);
  }

  @Test
  void shouldRefuseWhenSynAckComesFirst() {
    scenario.play("> SA 1000 ack=5 inv");
    assertEquals(DropReason.CT_INVALID_TCP_FLAGS, scenario.lastReason);
    assertEquals(0, scenario.connections().size());
  }

  @Test
  void shouldRefuseWhenFlagsMakeNoSense() {
    scenario.play(
        """
        > SF   1000  inv
        > SR   1000  inv
        > F    1000  inv
        > FP   1000  inv
        > P    1000  inv
        """);
  }

  @Test
  void shouldRefuseWhenDataLieBeyondTheWindow() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+1000  ack=5001  est
        > PA  3001+100   ack=5001  inv
        """);
    assertEquals(DropReason.CT_OUT_OF_WINDOW, scenario.lastReason);
    scenario.play("> PA 901001+100 ack=5001 inv");
    scenario.play("< A 5001 ack=2001 est|rpl");
  }

  @Test
  void shouldRefuseWhenDataReachBackMoreThanAWindow() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+1000  ack=5001  est
        < A   5001       ack=2001  win=1000 est|rpl
        > PA  2001+1000  ack=5001  est
        > PA  1001+1000  ack=5001  inv
        > PA  2001+1000  ack=5001  est
        """);
  }

  @Test
  void shouldRefuseWhenAcknowledgementIsFarAhead() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > A   1001  ack=100000  inv
        > A   1001  ack=5001    est
        """);
  }

  @Test
  void shouldRefuseForgedResets() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        < R   5500             inv
        < R   4000             inv
        < RA  100000 ack=1001  inv
        > A   1001+10 ack=5001 est
        """);
    assertTimeLeft(86_400);
  }

  @Test
  void shouldCloseWhenResetIsExact() {
    scenario.play(HANDSHAKE);
    scenario.play("< R 5001 est|rpl");
    assertTimeLeft(30);
  }

  @Test
  void shouldCloseWhenAnswerToSynIsAReset() {
    scenario.play(
        """
        > S   1000            new
        < RA  0     ack=1001  est|rpl
        """);
    assertTimeLeft(30);
  }

  @Test
  void shouldScaleWindowsWhenBothSynsHaveTheOption() {
    scenario.play(
        """
        > S   1000  win=1000 ws=7  new
        < SA  5000  ack=1001 win=1000 ws=7 est|rpl
        > A   1001  ack=5001 win=1000 est
        < A   5001+60000 ack=1001 win=1000 est|rpl
        < A   65001+60000 ack=1001 win=1000 est|rpl
        < A   125001+10000 ack=1001 win=1000 inv
        """);
    assertEquals(0x87, scenario.connection().tcp().orElseThrow().originalScale());
  }

  @Test
  void shouldNotScaleWindowsWhenTheServerDoesNot() {
    scenario.play(
        """
        > S   1000  win=1000 ws=7  new
        < SA  5000  ack=1001 win=1000 est|rpl
        > A   1001  ack=5001 win=1000 est
        < A   5001+1000 ack=1001 win=1000 est|rpl
        < A   6001+1000 ack=1001 win=1000 inv
        """);
  }

  @Test
  void shouldStartAnewWhenTuplesAreReusedAfterClose() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > FA  1001  ack=5001  est
        < FA  5001  ack=1002  est|rpl
        > A   1002  ack=5002  est
        > S   77777 win=1000  new
        < SA  99999 ack=77778 est|rpl
        """);
    assertEquals(1, scenario.connections().size());
  }

  @Test
  void shouldStartAnewWhenServerReusesTheTuple() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > FA  1001  ack=5001  est
        < FA  5001  ack=1002  est|rpl
        > A   1002  ack=5002  est
        < S   77777           new
        > SA  99999 ack=77778 est|rpl
        """);
    assertEquals(80, scenario.connection().original().sourcePort());
  }

  @Test
  void shouldPickUpWhenTheOpeningWasNotSeen() {
    scenario.play(
        """
        > A   1000+10  ack=5000  win=100  new
        < A   5000+1000  ack=1010  win=100  est|rpl
        > A   1010+10  ack=6000  win=100  est
        """);
    assertTimeLeft(86_400);
    assertEquals(0x40, scenario.connection().tcp().orElseThrow().originalScale());
  }

  @Test
  void shouldExpireWhenAHalfOpenConnectionIsForgotten() {
    scenario.play(
        """
        > S   1000  new
        wait 30
        < SA  5000  ack=1001  inv
        """);
    assertEquals(0, scenario.connections().size());
    scenario.conntrack.sweep(scenario.nowMs, 1000);
    assertEquals(0, scenario.conntrack.limits().count());
  }

  @Test
  void shouldPassAnySequenceWhenChecksAreOff() {
    scenario.conntrack.setChecksTcpWindow(false);
    scenario.play(HANDSHAKE);
    scenario.play("> PA  900001+100   ack=5001  est");
  }

  @Test
  void shouldOnlyClassifyWhenNotCommitted() {
    scenario.request = TrackRequest.lookup(0);
    scenario.play(
        """
        > S   1000           new
        < SA  5000 ack=1001  inv
        > A   1001 ack=5001  new
        """);
    assertEquals(0, scenario.connections().size());
  }

  @Test
  void shouldSurviveSequenceWrap() {
    scenario.play(
        """
        > S   4294967290  win=1000       new
        < SA  4294967295  ack=4294967291 win=1000 est|rpl
        > A   4294967291  ack=0  win=1000  est
        > A   4294967291+100  ack=0  win=1000  est
        < A   0+100  ack=95  win=1000  est|rpl
        > A   95+100 ack=100 win=1000  est
        """);
  }
}
