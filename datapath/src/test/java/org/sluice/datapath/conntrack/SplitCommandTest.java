package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.IpProtocol;

/** FTP commands that come in several segments, once, twice, in other pieces. */
class SplitCommandTest {
  private static final String PORT = "PORT 10,0,0,1,156,65\r\n";
  private static final String SEEN = "PORT 10,9,9,200,156,65\r\n";
  private static final End DATA = new End("10.0.0.2", 20);

  private static Dialog ftp(boolean translated) {
    return new Dialog(Gateway.FTP, IpProtocol.TCP, 4000, 21, translated);
  }

  @Test
  void shouldReadACommandInTwoSegmentsWhereverItIsCut() {
    for (int cut = 1; cut < PORT.length(); cut++) {
      Dialog plain = ftp(false);
      plain.clientSays(PORT.substring(0, cut));
      plain.clientSays(PORT.substring(cut));
      assertEquals(PORT, plain.server.all.toString());
      assertEquals(
          "new|rel|trk 10.0.0.2:20>10.0.0.1:40001",
          plain.opens(IpProtocol.TCP, DATA, new End("10.0.0.1", 40_001)));
    }
  }

  @Test
  void shouldRewriteACommandInTwoSegmentsWhereverItIsCut() {
    for (int cut = 1; cut < PORT.length(); cut++) {
      Dialog hidden = ftp(true);
      hidden.clientSays(PORT.substring(0, cut));
      hidden.serverSays("");
      hidden.clientSays(PORT.substring(cut));
      assertEquals(SEEN, hidden.server.all.toString(), "cut at " + cut);
      hidden.serverSays("200 fine\r\n");
      hidden.clientSays("LIST\r\n");
      assertEquals(SEEN + "LIST\r\n", hidden.server.all.toString());
      assertEquals(
          "new|rel|trk 10.0.0.2:20>10.0.0.1:40001",
          hidden.opens(IpProtocol.TCP, DATA, new End("10.9.9.200", 40_001)));
    }
  }

  @Test
  void shouldHaveTheSenderBelieveThatWhatWaitsHasArrived() {
    Dialog hidden = ftp(true);
    hidden.clientSays("PORT 10,0,");
    assertEquals("", hidden.server.got);
    // The server repeats its acknowledgement when it sees the emptied, earlier segment.
    hidden.serverSays("");
    assertEquals(0, hidden.conntrack.unreadableMessages());
  }

  @Test
  void shouldRewriteWhenBothSegmentsAreSentAgainAsOne() {
    Dialog hidden = ftp(true);
    int start = hidden.client.next;
    hidden.clientSays(PORT.substring(0, 12));
    hidden.clientSays(PORT.substring(12));
    hidden.server.expected = start;
    hidden.server.all.setLength(0);
    hidden.clientRepeats(start, PORT);
    assertEquals(SEEN, hidden.server.all.toString());
    hidden.clientSays("LIST\r\n");
    assertEquals(SEEN + "LIST\r\n", hidden.server.all.toString());
  }

  @Test
  void shouldRewriteASecondHalfThatIsSentAgain() {
    Dialog hidden = ftp(true);
    hidden.clientSays(PORT.substring(0, 12));
    int second = hidden.client.next;
    hidden.clientSays(PORT.substring(12));
    hidden.server.expected -= SEEN.length();
    hidden.server.all.setLength(0);
    hidden.clientRepeats(second, PORT.substring(12));
    assertEquals(SEEN, hidden.server.all.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldDeliverARightStreamWhenCommandsAreCutAtRandom(boolean translated) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      Dialog dialog = ftp(translated);
      String said = "NOOP\r\n" + PORT + "RETR a\r\n" + PORT + "STOR b\r\n";
      for (int at = 0; at < said.length(); ) {
        int bytes = Math.min(1 + random.nextInt(30), said.length() - at);
        dialog.clientSays(said.substring(at, at + bytes));
        if (random.nextInt(3) == 0) {
          dialog.serverSays("200 ok\r\n");
        }
        at += bytes;
      }
      assertEquals(
          translated ? said.replace(PORT, SEEN) : said,
          dialog.server.all.toString(),
          () -> "-Dseed=" + seed);
      assertEquals(1, dialog.conntrack.expectationCount(), () -> "-Dseed=" + seed);
    }
  }

  @Test
  void shouldGiveUpALineThatDoesNotEnd() {
    Dialog hidden = ftp(true);
    hidden.clientSays("PORT " + "1".repeat(300));
    assertEquals("PORT " + "1".repeat(300), hidden.server.all.toString());
    assertTrue(hidden.conntrack.unreadableMessages() > 0);
  }
}
