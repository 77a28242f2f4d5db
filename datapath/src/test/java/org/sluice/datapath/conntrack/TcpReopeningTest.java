package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** SYNs on open connections, of hosts that have restarted and of attackers: RFC 5961, section 4. */
class TcpReopeningTest {
  private static final String HANDSHAKE =
      """
      > S   1000      win=1000 ws=2  new
      < SA  5000      ack=1001  win=1000 ws=2  est|rpl
      > A   1001      ack=5001  win=1000  est
      """;

  private final TcpScenario scenario = new TcpScenario();

  private void assertTimeLeft(int seconds) {
    assertEquals(seconds, scenario.connection().expiresInMs() / 1000);
  }

  @Test
  void shouldPassASynAndKeepTheConnectionWhenItIsOpen() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        wait 100
        > S   500000000  est
        """);
    assertTimeLeft(86_300);
    scenario.play(
        """
        > A   1001+10    win=1000 ack=5001  est
        < PA  5001+3000  win=1000 ack=1011  est|rpl
        > A   1011+5000  win=1000 ack=8001  inv
        """);
    assertTimeLeft(86_400);
  }

  @Test
  void shouldOpenANewConnectionWhenTheChallengeIsAnsweredWithAReset() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+100    ack=5001       est
        < A   5001        ack=1101       est|rpl
        > S   500000000   win=1000       est
        < A   5001        ack=1101       est|rpl
        > R   1101                       est
        > S   500000000   win=1000       new
        < SA  9000 ack=500000001         est|rpl
        > PA  500000001+10  ack=9001     est
        """);
    assertEquals(1, scenario.connections().size());
    assertTimeLeft(86_400);
  }

  @Test
  void shouldTakeTheResetWhenTheSegmentsBeforeTheRestartWereLost() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+100    ack=5001       est
        > PA  1101+100    ack=5001       est
        > S   500000000                  est
        > S   500000000                  est
        < A   5001        ack=1101       est|rpl
        > S   500000000                  est
        > R   1101                       est
        > S   500000000   win=1000       new
        """);
  }

  @Test
  void shouldRefuseResetsWhenNobodyHasAskedForThem() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+1000   ack=5001  est
        > S   500000000             est
        > R   500000001             inv
        > R   1501                  inv
        < A   5300        ack=1501  est|rpl
        > R   1501                  inv
        < A   5001        ack=2501  est|rpl
        > R   2501                  inv
        > A   2001+10     ack=5001  est
        """);
    assertTimeLeft(86_400);
  }

  @Test
  void shouldNotExpectAResetAnyMoreWhenTheSourceGoesOn() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > PA  1001+1000   ack=5001  est
        > S   500000000             est
        < A   5001        ack=1501  est|rpl
        > A   2001        ack=5001  est
        > R   1501                  inv
        """);
  }

  @Test
  void shouldFollowTheNewConnectionWhenTheServerHasForgottenTheOldOneToo() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > S   500000000  win=1000 ws=2          est
        < SA  77777      win=1000 ws=2 ack=500000001  est|rpl
        > A   500000001+1000  win=1000 ack=77778      est
        < A   77778+4000      win=1000 ack=500001001  est|rpl
        > A   500001001+4000  win=1000 ack=81778      est
        > A   500005001+1000  win=1000 ack=81778      inv
        > A   1001+10         ack=5001      inv
        """);
    assertTimeLeft(86_400);
    assertEquals(0x82, scenario.connection().tcp().orElseThrow().originalScale());
  }

  @Test
  void shouldFollowTheNewConnectionWhenTheOneThatWasOpenedReopensIt() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        < S   500000000  win=1000                est|rpl
        > SA  77777      win=1000 ack=500000001  est
        < A   500000001+10        ack=77778      est|rpl
        """);
  }

  @Test
  void shouldCloseWhenThePortIsClosedByNow() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > S   500000000               est
        < RA  0         ack=500000001 est|rpl
        """);
    assertTimeLeft(30);
    scenario.play("> S 600000000 new");
  }

  @Test
  void shouldNotBelieveAnAnswerWhenItIsToAnotherSyn() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        < SA  77777  ack=500000001  inv
        > S   500000000             est
        < SA  77777  ack=500000002  inv
        < RA  0      ack=500000002  inv
        > A   1001+10  ack=5001     est
        """);
  }

  @Test
  void shouldStillCompareRetransmissionsWhenSynsHaveComeBetween() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > A   1001+9  data=a ack=5001  est
        > A   1010+9  data=b ack=5001  est
        > S   1001                     est
        > S   1010                     est
        > S   1019                     est
        > A   1010+9  data=x ack=5001  inv
        > A   1010+9  data=b ack=5001  est
        """);
  }

  @Test
  void shouldTakeTheLongWayUntilTheSourceGoesOn() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        < A   5001     ack=1001  fast
        > S   500000000          est
        < A   5001     ack=1001  slow
        > A   1001+10  ack=5001  slow
        > A   1001+10  ack=5001  est
        > A   1011+10  ack=5001  fast
        < A   5001     ack=1021  fast
        """);
  }

  @Test
  void shouldChallengeWhenAHalfClosedConnectionIsReopened() {
    scenario.play(HANDSHAKE);
    scenario.play(
        """
        > FA  1001  ack=5001   est
        < A   5001  ack=1002   est|rpl
        > S   500000000        est
        < A   5001  ack=1002   est|rpl
        > R   1002             est
        > S   500000000        new
        """);
    assertTimeLeft(30);
  }
}
