package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and do not read; ten megabytes may wait for all together. */
class BacklogsTest {
  private static final int MEGABYTE = 1 << 20;

  private final Backlogs backlogs = new Backlogs(10 * MEGABYTE);

  private TestPeer offered(byte[]... pieces) {
    TestPeer peer = new TestPeer(null);
    offer(peer, pieces);
    return peer;
  }

  private void offer(TestPeer peer, byte[]... pieces) {
    peer.await(pieces);
    backlogs.note(peer, peer.backlogBytes());
  }

  private static byte[] megabytes(int n) {
    return new byte[n * MEGABYTE];
  }

  @Test
  void shouldDisconnectWhomMostWaitsFor() {
    TestPeer greater = offered(megabytes(6));
    TestPeer lesser = offered(megabytes(5));
    assertEquals(
        "11534336 bytes wait to be sent, disconnecting whom most waits for",
        greater.whyDisconnected());
    assertNull(lesser.whyDisconnected());
    assertNull(offered(megabytes(5)).whyDisconnected());
  }

  @Test
  void shouldLetManyHaveALittle() {
    for (int i = 0; i < 100; i++) {
      assertNull(offered(megabytes(1)).whyDisconnected());
    }
  }

  @Test
  void shouldRefuseWhatIsTooMuchForOne() {
    assertEquals(
        "11534336 bytes wait to be sent, disconnecting whom most waits for",
        offered(megabytes(11)).whyDisconnected());
  }

  @Test
  void shouldCountOnceWhatWaitsForMany() {
    byte[] answer = megabytes(9);
    List<TestPeer> clients = Stream.generate(() -> offered(answer)).limit(100).toList();
    assertTrue(clients.stream().allMatch(TestPeer::isConnected));
  }

  @Test
  void shouldDisconnectWhomMostWaitsForAlone() {
    byte[] answer = megabytes(6);
    TestPeer one = offered(answer);
    TestPeer other = offered(answer);
    TestPeer greatest = offered(megabytes(5));
    assertTrue(one.isConnected());
    assertTrue(other.isConnected());
    assertEquals(
        "11534336 bytes wait to be sent, disconnecting whom most waits for",
        greatest.whyDisconnected());
  }

  @Test
  void shouldSeeThatWhatWasSharedIsNoMore() {
    byte[] answer = megabytes(6);
    TestPeer one = offered(answer);
    TestPeer other = offered(answer);
    offer(other, megabytes(6));
    assertEquals(
        List.of("12582912 bytes wait to be sent, disconnecting whom most waits for"),
        Stream.of(one, other).map(TestPeer::whyDisconnected).filter(Objects::nonNull).toList());
  }
}
