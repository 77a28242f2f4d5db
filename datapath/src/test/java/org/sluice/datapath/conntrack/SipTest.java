package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.IpProtocol;

/** Calls and registrations: what they let in, and how they look on the other side. */
class SipTest {
  private static final End PEER_MEDIA = new End("10.0.0.2", 7000);

  private static Dialog sip(int protocol, boolean translated) {
    return new Dialog(Gateway.SIP, protocol, 5060, 5060, translated);
  }

  /** A message whose Content-Length is right. */
  private static String message(String start, String headers, String body) {
    String type = body.isEmpty() ? "" : "Content-Type: application/sdp\r\n";
    return start + "\r\n" + headers + type + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String headers(String address, String command) {
    return "Via: SIP/2.0/UDP "
        + address
        + ":5060;branch=z9hG4bK1\r\nFrom: \"A 10.0.0.1\" <sip:alice@"
        + address
        + ">;tag=1\r\nTo: <sip:bob@10.0.0.2>\r\nCall-ID: 1@10.0.0.1\r\nCSeq: 1 "
        + command
        + "\r\n";
  }

  private static String contact(String address) {
    return "Contact: <sip:alice@" + address + ":5060;transport=udp>\r\n";
  }

  private static String session(String address, int audio, int video) {
    return "v=0\r\no=- 1 1 IN IP4 "
        + address
        + "\r\ns=-\r\nc=IN IP4 "
        + address
        + "\r\nt=0 0\r\nm=audio "
        + audio
        + " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video "
        + video
        + " RTP/AVP 31\r\n";
  }

  private static String invite(String address, int audio) {
    return message(
        "INVITE sip:bob@10.0.0.2 SIP/2.0",
        headers(address, "INVITE") + contact(address),
        session(address, audio, audio + 2));
  }

  private static String answer(int status, String address, String command, String body) {
    String contact = "Contact: <sip:bob@10.0.0.2:5060>\r\n";
    return message("SIP/2.0 " + status + " x", headers(address, command) + contact, body);
  }

  private static String mediaOf(Dialog dialog, String address, int port) {
    return dialog.opens(IpProtocol.UDP, PEER_MEDIA, new End(address, port));
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.UDP, IpProtocol.TCP})
  void shouldExpectMediaAndReportsOfBothSides(int protocol) {
    Dialog dialog = sip(protocol, false);
    dialog.clientSays(invite("10.0.0.1", 6000));
    assertEquals(invite("10.0.0.1", 6000), dialog.server.got);
    assertEquals(4, dialog.conntrack.expectationCount());
    dialog.serverSays(answer(183, "10.0.0.1", "INVITE", session("10.0.0.2", 7000, 0)));
    assertEquals(6, dialog.conntrack.expectationCount(), "early media");
    for (int port = 6000; port < 6004; port++) {
      assertTrue(mediaOf(dialog, "10.0.0.1", port).startsWith("new|rel"));
    }
    assertTrue(mediaOf(dialog, "10.0.0.1", 6004).startsWith("new|trk"));
    End own = new End("10.0.0.1", 6100);
    assertTrue(dialog.opens(IpProtocol.UDP, own, PEER_MEDIA).startsWith("new|rel"));
  }

  @ParameterizedTest
  @ValueSource(ints = {IpProtocol.UDP, IpProtocol.TCP})
  void shouldShowAHiddenCallerUnderItsPublicAddress(int protocol) {
    Dialog dialog = sip(protocol, true);
    dialog.clientSays(invite("10.0.0.1", 6000));
    // Neither a displayed name nor a call's name is an address to send to.
    String seen =
        invite("10.9.9.200", 6000)
            .replace("A 10.9.9.200", "A 10.0.0.1")
            .replace("1@10.9.9.200", "1@10.0.0.1");
    assertEquals(seen, dialog.server.got);
    dialog.serverSays(answer(200, "10.9.9.200", "INVITE", session("10.0.0.2", 7000, 0)));
    assertEquals(
        answer(200, "10.0.0.1", "INVITE", session("10.0.0.2", 7000, 0)), dialog.client.got);
    assertEquals("new|rel|trk 10.0.0.2:7000>10.0.0.1:6000", mediaOf(dialog, "10.9.9.200", 6000));
    assertEquals(0, dialog.conntrack.unreadableMessages());
  }

  @Test
  void shouldReadCompactFormsAndWhatIsWrittenLoosely() {
    Dialog dialog = sip(IpProtocol.UDP, true);
    String body = "v=0\no=- 1 1 IN IP4 10.0.0.1\nc=IN IP4 10.0.0.1\nm=audio 6000 RTP/AVP 0\n";
    String loose =
        """
        INVITE sip:bob@10.0.0.2:5060 SIP/2.0
        v : SIP/2.0/UDP 10.0.0.1;branch=1
        f: <sip:a@10.0.0.1>
        t: <sip:b@10.0.0.2>
        m: <sip:a@10.0.0.1>,
         <sip:a@10.0.0.1:5070>
        i: 7
        CSEQ: 1 INVITE
        c: application/sdp
        l: \
        """;
    dialog.clientSays(loose + body.length() + "\n\n" + body);
    String seenBody = body.replace("10.0.0.1", "10.9.9.200");
    assertEquals(
        loose.replace("10.0.0.1", "10.9.9.200") + seenBody.length() + "\n\n" + seenBody,
        dialog.server.got);
    assertEquals(2, dialog.conntrack.expectationCount());
  }

  @Test
  void shouldMoveAPairOfPortsThatAnotherCallerHas() {
    Dialog dialog = sip(IpProtocol.UDP, true);
    dialog.clientSays(invite("10.0.0.1", 6000));
    PacketMaker other = new PacketMaker();
    TrackRequest same = dialog.firstRequest();
    End second = new End("10.0.0.7", 5060);
    dialog.tracker.track(
        other.udp(second, new End("10.0.0.2", 5060), invite("10.0.0.7", 6000)), same, 0);
    String text = new String(other.lastIpBytes(), StandardCharsets.US_ASCII);
    assertTrue(text.contains("m=audio 6004 "), text);
    assertTrue(text.contains("m=video 6006 "), text);
    assertEquals("new|rel|trk 10.0.0.2:7000>10.0.0.7:6001", mediaOf(dialog, "10.9.9.200", 6005));
  }

  @Test
  void shouldReplaceMediaByThoseOfASecondInvitation() {
    Dialog dialog = sip(IpProtocol.UDP, false);
    dialog.clientSays(invite("10.0.0.1", 6000));
    dialog.nowMs = 1000;
    dialog.clientSays(invite("10.0.0.1", 6100));
    assertEquals(4, dialog.conntrack.expectationCount());
    assertTrue(mediaOf(dialog, "10.0.0.1", 6100).startsWith("new|rel"));
    assertTrue(mediaOf(dialog, "10.0.0.1", 6000).startsWith("new|trk"));
  }

  @Test
  void shouldForgetACallThatEndsOrFailsOrDoesNotBegin() {
    Dialog dialog = sip(IpProtocol.UDP, false);
    dialog.clientSays(invite("10.0.0.1", 6000));
    dialog.serverSays(message("BYE sip:a@10.0.0.1 SIP/2.0", headers("10.0.0.1", "BYE"), ""));
    assertEquals(0, dialog.conntrack.expectationCount());
    dialog.clientSays(invite("10.0.0.1", 6000));
    dialog.clientSays(message("CANCEL sip:b@10.0.0.2 SIP/2.0", headers("10.0.0.1", "CANCEL"), ""));
    dialog.serverSays(answer(200, "10.0.0.1", "CANCEL", ""));
    dialog.serverSays(answer(487, "10.0.0.1", "INVITE", ""));
    assertEquals(0, dialog.conntrack.expectationCount());
    dialog.clientSays(invite("10.0.0.1", 6000));
    assertEquals(0, dialog.conntrack.expectationsNow(dialog.nowMs + 180_000).size());
  }

  @Test
  void shouldExpectNothingOfMediaThatAreNotTheSendersOwn() {
    Dialog dialog = sip(IpProtocol.UDP, true);
    String body = session("10.0.0.9", 6000, 6002) + "c=IN IP4 10.0.0.1\r\n";
    dialog.clientSays(
        message("INVITE sip:bob@10.0.0.2 SIP/2.0", headers("10.0.0.1", "INVITE"), body));
    // The video has an address of its own.
    assertEquals(2, dialog.conntrack.expectationCount());
    assertTrue(dialog.server.got.contains("c=IN IP4 10.0.0.9\r\n"));
    assertTrue(dialog.server.got.endsWith("c=IN IP4 10.9.9.200\r\n"));
  }

  @Test
  void shouldExpectReportsWhereTheSessionSaysSo() {
    Dialog dialog = sip(IpProtocol.UDP, false);
    String body =
        """
        v=0
        c=IN IP4 10.0.0.1
        m=audio 6000 RTP/AVP 0
        a=rtcp:6500
        m=message 9000 TCP/MSRP *
        m=video 0 RTP/AVP 31
        """;
    dialog.clientSays(message("INVITE sip:b@b SIP/2.0", headers("10.0.0.1", "INVITE"), body));
    assertEquals(2, dialog.conntrack.expectationCount());
    assertTrue(mediaOf(dialog, "10.0.0.1", 6500).startsWith("new|rel"));
  }

  @Test
  void shouldLetARegistrarCallWhileTheRegistrationCounts() {
    Dialog dialog = sip(IpProtocol.UDP, true);
    String expires = "Expires: 600\r\n";
    String headers = headers("10.0.0.1", "REGISTER") + contact("10.0.0.1").replace("5060", "5080");
    dialog.clientSays(message("REGISTER sip:10.0.0.2 SIP/2.0", headers + expires, ""));
    assertTrue(dialog.server.got.contains("<sip:alice@10.9.9.200:5080;"), dialog.server.got);
    End registrar = new End("10.0.0.2", 5061);
    End public5080 = new End("10.9.9.200", 5080);
    assertTrue(dialog.conntrack.expectationsNow(0).isEmpty(), "not agreed yet");
    String agreed = headers.replace("10.0.0.1:5", "10.9.9.200:5").replace(">\r", ">;expires=300\r");
    dialog.serverSays(message("SIP/2.0 200 OK", agreed, ""));
    assertTrue(dialog.client.got.contains("alice@10.0.0.1:5080"), dialog.client.got);
    assertEquals(1, dialog.conntrack.expectationsNow(299_999).size());
    assertEquals(0, dialog.conntrack.expectationsNow(300_000).size());
    dialog.nowMs = 299_000;
    assertEquals(
        "new|rel|trk 10.0.0.2:5061>10.0.0.1:5080",
        dialog.opens(IpProtocol.UDP, registrar, public5080));
  }

  @Test
  void shouldReadCallsOfARegisteredPartyThatTheRegistrarBegins() {
    Dialog dialog = sip(IpProtocol.UDP, true);
    String headers = headers("10.0.0.1", "REGISTER") + contact("10.0.0.1").replace("5060", "5080");
    dialog.clientSays(message("REGISTER sip:10.0.0.2 SIP/2.0", headers, ""));
    String agreed = headers.replace("10.0.0.1:5", "10.9.9.200:5");
    dialog.serverSays(message("SIP/2.0 200 OK", agreed, ""));
    dialog.opens(IpProtocol.UDP, new End("10.0.0.2", 5061), new End("10.9.9.200", 5080));
    boolean[] isRead = new boolean[1];
    dialog.conntrack.visit(
        0, each -> isRead[0] |= each.parent().isPresent() && each.gateway() == Gateway.SIP);
    assertTrue(isRead[0]);
  }

  @Test
  void shouldTakeARegistrationBack() {
    Dialog dialog = sip(IpProtocol.UDP, false);
    String headers = headers("10.0.0.1", "REGISTER") + contact("10.0.0.1").replace("5060", "5080");
    dialog.clientSays(message("REGISTER sip:10.0.0.2 SIP/2.0", headers, ""));
    dialog.serverSays(message("SIP/2.0 200 OK", headers, ""));
    assertEquals(1, dialog.conntrack.expectationCount());
    dialog.clientSays(message("REGISTER sip:10.0.0.2 SIP/2.0", headers + "Expires: 0\r\n", ""));
    dialog.serverSays(message("SIP/2.0 200 OK", headers("10.0.0.1", "REGISTER"), ""));
    assertEquals(0, dialog.conntrack.expectationCount());
  }

  @Test
  void shouldReadSeveralMessagesInOneSegment() {
    Dialog dialog = sip(IpProtocol.TCP, true);
    String ack = message("ACK sip:bob@10.0.0.2 SIP/2.0", headers("10.0.0.1", "ACK"), "");
    dialog.clientSays(ack + "\r\n\r\n" + invite("10.0.0.1", 6000) + ack);
    assertFalse(dialog.server.got.contains("UDP 10.0.0.1"), dialog.server.got);
    assertFalse(dialog.server.got.contains("IN IP4 10.0.0.1"), dialog.server.got);
    assertEquals(4, dialog.conntrack.expectationCount());
    dialog.serverSays("SIP/2.0 100 Trying\r\n" + headers("10.9.9.200", "INVITE") + "\r\n");
    dialog.clientSays(ack);
    assertEquals(0, dialog.conntrack.unreadableMessages());
  }

  @Test
  void shouldExpectMediaOfAMessageInSeveralSegmentsWhereverItIsCut() {
    String whole = invite("10.0.0.1", 6000);
    for (int cut = 1; cut < whole.length(); cut += 7) {
      Dialog dialog = sip(IpProtocol.TCP, false);
      dialog.clientSays(whole.substring(0, cut));
      dialog.clientSays(whole.substring(cut));
      assertEquals(whole, dialog.server.all.toString());
      assertEquals(4, dialog.conntrack.expectationCount(), "cut at " + cut);
    }
  }

  /** What waits for its end is short; a session behind headers that are gone keeps its length. */
  @Test
  void shouldRewriteHeadersOfAMessageInSeveralSegments() {
    String whole = invite("10.0.0.1", 6000);
    int body = whole.indexOf("v=0");
    for (int cut = 1; cut < body; cut += 7) {
      Dialog dialog = sip(IpProtocol.TCP, true);
      dialog.clientSays(whole.substring(0, cut));
      dialog.clientSays(whole.substring(cut));
      String seen = invite("10.9.9.200", 6000);
      assertEquals(seen.indexOf("Content-"), dialog.server.all.indexOf("Content-"), "cut " + cut);
      int length = dialog.server.all.length() - dialog.server.all.indexOf("v=0");
      assertTrue(dialog.server.all.toString().contains("Length: " + length + "\r\n"), "cut " + cut);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVITE",
        "INVITE sip:bob@10.0.0.2 SIP/3.0\r\n\r\n",
        "SIP/2.0 x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "INVITE sip:b SIP/2.0\r\nVia: 10.0.0.1\r\n\r\n",
      })
  void shouldCountAndLeaveAloneWhatIsNoMessage(String text) {
    Dialog dialog = sip(IpProtocol.UDP, true);
    dialog.clientSays(text);
    assertEquals(text, dialog.server.got);
    assertEquals(1, dialog.conntrack.unreadableMessages());
    dialog.clientSays("\r\n\r\n");
    assertEquals(1, dialog.conntrack.unreadableMessages(), "keep-alive");
  }

  @Test
  void shouldKeepSignallingForAnHour() {
    Dialog dialog = sip(IpProtocol.UDP, false);
    dialog.clientSays(invite("10.0.0.1", 6000));
    boolean[] isThere = new boolean[1];
    dialog.conntrack.visit(3_599_000, _ -> isThere[0] = true);
    assertTrue(isThere[0]);
  }
}
