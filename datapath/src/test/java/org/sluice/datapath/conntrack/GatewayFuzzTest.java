package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Nonsense that looks like what gateways read: packets stay whole, streams without holes, and what
 * is remembered bounded. {@code -DfuzzSeconds=N} goes on for longer.
 */
class GatewayFuzzTest {
  private static final String SIP =
      """
      INVITE sip:bob@10.0.0.2 SIP/2.0
      Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=10.0.0.1;rport=5060
      From: "A \\" 10.0.0.1" <sip:alice@10.0.0.1>;tag=1
      To: <sip:bob@10.0.0.2>
      Contact: <sip:alice@10.0.0.1:5070>;expires=60,
       <sip:alice@[fd00::1]>
      i: 1@10.0.0.1
      CSeq: 1 INVITE
      Content-Type: application/sdp
      Content-Length: 122

      v=0
      o=- 1 1 IN IP4 10.0.0.1
      c=IN IP4 10.0.0.1
      m=audio 6000 RTP/AVP 0
      a=rtcp:6001
      m=video 65535 RTP/AVP 31
      c=IN IP4 10.0.0.1
      """;

  private static final String[] CORPUS = {
    "PORT 10,0,0,1,156,65\r\n",
    "EPRT |1|10.0.0.1|40001|\r\n",
    "227 Entering Passive Mode (10,0,0,2,4,1)\r\n",
    "229 Entering Extended Passive Mode (|||1025|)\r\n",
    "PRIVMSG bob :\1DCC SEND \"a file\" 167772161 40001 1234\1\r\n",
    "NOTICE bob :\1DCC CHAT chat 167772161 40001\1\r\n",
    "Amanda\nCONNECT DATA 50000 MESG 50001 INDEX 50002\n",
    "\0\1file\0octet\0",
    "\0\30\0\1\32\53\74\115\0\7\0\0\0\120\0\0\1\0\0\0\0\0\0\0",
    "\0\30\0\1\32\53\74\115\0\10\0\0\0\60\0\120\1\0\0\0\0\0\0\0",
    SIP,
    SIP.replace("INVITE", "REGISTER"),
    SIP.replace("INVITE sip:bob@10.0.0.2 SIP/2.0", "SIP/2.0 200 OK"),
    SIP.replace("INVITE", "BYE"),
  };

  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\0",
    "10.0.0.1",
    "10.0.0.2",
    "99999999999",
    "65535",
    "0",
    ":",
    ";",
    "=",
    ",",
    "\"",
    "[",
    "m=audio 7 RTP",
    "c=IN IP4 10.0.0.1",
    "PORT ",
    "SIP/2.0 ",
    "\1DCC SEND ",
    " ",
    "rport=5060",
    "Content-Length: 99999",
    "l: 5\r\n",
    "|",
    "Contact: ",
  };

  private static String mutated(Random random, String text) {
    StringBuilder mutated = new StringBuilder(text);
    for (int i = random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(mutated.length() + 1);
      int end = Math.min(mutated.length(), at + random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> mutated.delete(at, end);
        case 1 -> mutated.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> mutated.insert(at, mutated.substring(at, end).repeat(1 + random.nextInt(20)));
        case 3 -> mutated.insert(at, (char) random.nextInt(256));
        default -> mutated.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
      }
    }
    mutated.setLength(Math.min(mutated.length(), 1400));
    return mutated.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "FTP,true",
    "FTP,false",
    "TFTP,true",
    "SIP,true",
    "SIP,false",
    "IRC,true",
    "IRC,false",
    "AMANDA,true",
    "PPTP,true",
    "PPTP,false"
  })
  void shouldSurviveWhatLooksLikeAnAnnouncement(Gateway gateway, boolean translated) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
      if (gateway.reads(protocol)) {
        Dialog dialog = new Dialog(gateway, protocol, 5060, gateway.port(), translated);
        try {
          play(dialog, random);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("-Dseed=" + seed + " " + gateway + " " + protocol, e);
        }
      }
    }
  }

  private static void play(Dialog dialog, Random random) {
    long seconds = Long.getLong("fuzzSeconds", 1);
    dialog.clientSays("\r\n");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int round = 0; System.nanoTime() - end < 0 || round < 500; round++) {
      String text = mutated(random, CORPUS[random.nextInt(CORPUS.length)]);
      int cut = random.nextInt(3) == 0 ? random.nextInt(text.length() + 1) : 0;
      boolean isClient = random.nextBoolean();
      for (String part : new String[] {text.substring(0, cut), text.substring(cut)}) {
        if (isClient) {
          dialog.clientSays(part);
        } else {
          dialog.serverSays(part);
        }
      }
      dialog.client.all.setLength(0);
      dialog.server.all.setLength(0);
      assertTrue(dialog.conntrack.expectationCount() <= Expectations.MAX_PER_CONNECTION);
      dialog.nowMs += random.nextInt(2000);
    }
    assertTrue(dialog.conntrack.unreadableMessages() > 0, "nothing was nonsense");
  }
}
