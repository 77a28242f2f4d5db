package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** Calls of PPTP, and the tunnels that belong to them. */
class PptpTest {
  private static final int REQUEST = 7;
  private static final int REPLY = 8;
  private static final int DISCONNECTED = 13;
  private static final int LINK = 15;
  private static final End CLIENT = new End("10.0.0.1", 0);
  private static final End SECOND = new End("10.0.0.7", 0);
  private static final End SERVER = new End("10.0.0.2", 0);
  private static final End PUBLIC = new End("10.9.9.200", 0);

  private static Dialog pptp(boolean translated) {
    return new Dialog(Gateway.PPTP, IpProtocol.TCP, 4000, 1723, translated);
  }

  private static String message(int kind, int id, int peerId) {
    ByteBuffer bytes = ByteBuffer.allocate(24);
    bytes.putShort((short) 24).putShort((short) 1).putInt(0x1a2b_3c4d);
    bytes.putShort((short) kind).putShort((short) 0).putShort((short) id).putShort((short) peerId);
    bytes.put((byte) 1);
    return new String(bytes.array(), StandardCharsets.US_ASCII);
  }

  /** A packet of a tunnel, to whom the call has the id; its state, addresses and id thereafter. */
  private static String tunnel(Dialog dialog, End from, End to, int id) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putShort((short) 0x3001).putShort((short) 0x880b).putShort((short) 4);
    bytes.putShort((short) id);
    Packet packet = dialog.maker.ip(from, to, IpProtocol.GRE, bytes.array());
    assertNull(dialog.tracker.track(packet, TrackRequest.commit(1, NatRange.EXISTING), 0));
    long ip = packet.address + packet.l3Offset;
    String ends =
        Integer.toHexString(OffHeap.getIntBe(ip + 12))
            + ">"
            + Integer.toHexString(OffHeap.getIntBe(ip + 16));
    int seen = OffHeap.getUnsignedShortBe(packet.l4() + 6);
    return CtState.text(packet.ctState & ~CtState.TRANSLATED) + " " + ends + " " + seen;
  }

  @Test
  void shouldRelateTheTunnelOfACall() {
    Dialog dialog = pptp(false);
    dialog.clientSays(message(REQUEST, 100, 0));
    assertEquals(0, dialog.conntrack.expectationsNow(0).size(), "not agreed yet");
    dialog.serverSays(message(REPLY, 50, 100));
    assertEquals("new|rel|trk a000001>a000002 50", tunnel(dialog, CLIENT, SERVER, 50));
    assertEquals("est|rel|rpl|trk a000002>a000001 100", tunnel(dialog, SERVER, CLIENT, 100));
    assertEquals("new|trk a000001>a000002 51", tunnel(dialog, CLIENT, SERVER, 51));
  }

  @Test
  void shouldTellTwoHiddenClientsWithTheSameIdApart() {
    Dialog dialog = pptp(true);
    dialog.clientSays(message(REQUEST, 100, 0).substring(0, 13));
    dialog.clientSays(message(REQUEST, 100, 0).substring(13));
    assertEquals(message(REQUEST, 100, 0), dialog.server.all.toString());
    dialog.serverSays(message(REPLY, 50, 100));
    askFrom(dialog, SECOND, 100, 101);
    answerTo(dialog, 51, 101, 100);
    assertEquals("new|rel|trk a000002>a000001 100", tunnel(dialog, SERVER, PUBLIC, 100));
    assertEquals("est|rel|rpl|trk a0909c8>a000002 50", tunnel(dialog, CLIENT, SERVER, 50));
    assertEquals("new|rel|trk a0909c8>a000002 51", tunnel(dialog, SECOND, SERVER, 51));
    assertEquals("est|rel|rpl|trk a000002>a000007 100", tunnel(dialog, SERVER, PUBLIC, 101));
    assertEquals(0, dialog.conntrack.unreadableMessages());
  }

  /** Another client's request, by a control connection of its own. */
  private static void askFrom(Dialog dialog, End from, int id, int seenId) {
    End own = new End(from.address(), 4001);
    End server = new End(SERVER.address(), 1723);
    End seen = new End(PUBLIC.address(), 4001);
    TrackRequest first = dialog.firstRequest();
    TrackRequest next = TrackRequest.translate(1);
    dialog.tracker.track(dialog.maker.tcp(own, server, Segment.of(2, 1000, 0), ""), first, 0);
    dialog.tracker.track(dialog.maker.tcp(server, seen, Segment.of(18, 5000, 1001), ""), next, 0);
    String text = message(REQUEST, id, 0);
    Packet packet = dialog.maker.tcp(own, server, Segment.of(24, 1001, 5001), text);
    dialog.tracker.track(packet, next, 0);
    assertEquals(message(REQUEST, seenId, 0), payload(packet));
  }

  private static void answerTo(Dialog dialog, int id, int peerId, int realPeerId) {
    End server = new End(SERVER.address(), 1723);
    End seen = new End(PUBLIC.address(), 4001);
    String text = message(REPLY, id, peerId);
    Packet packet = dialog.maker.tcp(server, seen, Segment.of(24, 5001, 1025), text);
    dialog.tracker.track(packet, TrackRequest.translate(1), 0);
    assertEquals(message(REPLY, id, realPeerId), payload(packet));
  }

  private static String payload(Packet packet) {
    byte[] bytes = new byte[packet.l3End - packet.l4Offset - 20];
    OffHeap.copyOut(packet.l4() + 20, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void shouldNameEachSideAsItNamesItself() {
    Dialog dialog = pptp(true);
    dialog.clientSays(message(REQUEST, 100, 0));
    dialog.serverSays(message(REPLY, 50, 100) + message(LINK, 100, 0));
    assertEquals(message(REPLY, 50, 100) + message(LINK, 100, 0), dialog.client.got);
    dialog.serverSays(message(DISCONNECTED, 50, 0));
    assertEquals(0, dialog.conntrack.unreadableMessages());
    dialog.serverSays(message(LINK, 99, 0));
    assertEquals(1, dialog.conntrack.unreadableMessages());
    dialog.serverSays("rubbish that is long enough");
    assertEquals(2, dialog.conntrack.unreadableMessages());
  }

  /** A host that has the hidden one's public address for its own, and names its call id. */
  @Test
  void shouldNotRenameByWhatAnotherConnectionHasAnnounced() {
    Dialog dialog = pptp(true);
    dialog.clientSays(message(REQUEST, 100, 0));
    askFrom(dialog, SECOND, 100, 101);
    End own = new End(PUBLIC.address(), 4444);
    End server = new End(SERVER.address(), 1723);
    TrackRequest first = TrackRequest.commit(1, Gateway.PPTP);
    TrackRequest next = TrackRequest.translate(1);
    dialog.tracker.track(dialog.maker.tcp(own, server, Segment.of(2, 1000, 0), ""), first, 0);
    dialog.tracker.track(dialog.maker.tcp(server, own, Segment.of(18, 5000, 1001), ""), next, 0);
    String text = message(REPLY, 60, 101);
    Packet packet = dialog.maker.tcp(server, own, Segment.of(24, 5001, 1001), text);
    dialog.tracker.track(packet, next, 0);
    assertEquals(text, payload(packet));
    assertEquals(1, dialog.conntrack.unreadableMessages());
  }

  @Test
  void shouldTrackTunnelsThatNobodyReadOfByTheirAddresses() {
    Dialog dialog = pptp(false);
    assertEquals("new|trk a000001>a000002 50", tunnel(dialog, CLIENT, SERVER, 50));
    assertEquals("est|rpl|trk a000002>a000001 100", tunnel(dialog, SERVER, CLIENT, 100));
  }
}
