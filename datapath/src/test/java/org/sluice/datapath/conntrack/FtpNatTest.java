package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Packet;

/**
 * FTP dialogs across a translation: each host sees addresses of its own side only, and a stream
 * without holes.
 */
class FtpNatTest {
  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  /** One side: where it is, whom it talks to, what it has sent and got. */
  private static final class Host {
    final End own;
    final End other;
    int next;
    int expected;
    String got = "";

    Host(End own, End other, int next) {
      this.own = own;
      this.other = other;
      this.next = next;
    }
  }

  private final Host client = new Host(new End("10.0.0.1", 4000), new End("10.0.0.2", 21), 1000);
  private final Host server = new Host(new End("10.0.0.2", 21), new End("10.9.9.200", 4000), 5000);
  private boolean looksFirst;

  private static NatRange range(boolean source, String address) {
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      ByteBuffer all = ByteBuffer.allocate(16);
      all.position(16 - bytes.length).put(bytes);
      long high = all.getLong(0);
      long low = all.getLong(8);
      return new NatRange(source, !source, high, low, high, low, 0, 0, false, false);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void open(Host from, Host to, NatRange range) {
    TrackRequest request =
        new TrackRequest(true, false, 1, TrackRequest.MarkAndLabel.NONE, Gateway.FTP, range);
    Packet syn = maker.tcp(from.own, from.other, Segment.of(2, from.next++, 0), "");
    assertNull(tracker.track(syn, request, 0));
    to.expected = from.next;
    Packet answer = maker.tcp(to.own, to.other, Segment.of(18, to.next++, to.expected), "");
    assertNull(tracker.track(answer, TrackRequest.translate(1), 0));
    from.expected = to.next;
    say(from, to, "");
  }

  /** One host says something and the other gets it, as and where it expects it. */
  private void say(Host from, Host to, String text) {
    Segment segment = Segment.of(24, from.next, from.expected);
    Packet packet = maker.tcp(from.own, from.other, segment, text);
    deliver(packet, to);
    from.next += text.length();
  }

  private void deliver(Packet packet, Host to) {
    if (looksFirst) {
      assertNull(tracker.track(packet, TrackRequest.lookup(1), 0));
    }
    assertNull(tracker.track(packet, TrackRequest.translate(1), 0));
    assertTrue(
        packet.etherType == EtherType.IPV6 || Checksum.isIpv4HeaderValid(packet), "IP checksum");
    assertTrue(Checksum.isTransportValid(packet), "TCP checksum");
    long tcp = packet.address + packet.l4Offset;
    assertEquals(to.expected, OffHeap.getIntBe(tcp + 4), "sequence");
    assertEquals(to.next, OffHeap.getIntBe(tcp + 8), "acknowledgement");
    byte[] payload = new byte[packet.l3End - packet.l4Offset - 20];
    OffHeap.copyOut(tcp + 20, payload, 0, payload.length);
    to.got = new String(payload, StandardCharsets.US_ASCII);
    to.expected += payload.length;
    assertEquals(packet.length, packet.l3End);
  }

  private String connect(End from, End to) {
    Packet syn = maker.tcp(from, to, Segment.of(2, 1, 0), "");
    assertNull(tracker.track(syn, TrackRequest.translate(1), 0));
    assertEquals("new|rel|trk", CtState.text(syn.ctState));
    assertNull(tracker.track(syn, TrackRequest.commit(1, NatRange.EXISTING), 0));
    long ip = syn.address + syn.l3Offset;
    long tcp = syn.address + syn.l4Offset;
    assertTrue(Checksum.isTransportValid(syn));
    boolean ipv6 = syn.etherType == EtherType.IPV6;
    return end(ip + (ipv6 ? 8 : 12), ipv6, tcp) + ">" + end(ip + (ipv6 ? 24 : 16), ipv6, tcp + 2);
  }

  private static String end(long address, boolean ipv6, long port) {
    byte[] bytes = new byte[ipv6 ? 16 : 4];
    OffHeap.copyOut(address, bytes, 0, bytes.length);
    try {
      String host = InetAddress.getByAddress(bytes).getHostAddress();
      return host + "." + OffHeap.getUnsignedShortBe(port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRewriteWhatAnActiveClientBehindASourceTranslationSays() {
    for (boolean first : new boolean[] {false, true}) {
      looksFirst = first;
      conntrack.flush();
      client.next = 1000;
      server.next = 5000;
      open(client, server, range(true, "10.9.9.200"));
      say(server, client, "220 ready\r\n");
      say(client, server, "PORT 10,0,0,1,156,65\r\n");
      assertEquals("PORT 10,9,9,200,156,65\r\n", server.got);
      say(server, client, "200 fine\r\n");
      assertEquals(
          "10.0.0.2.20>10.0.0.1.40001",
          connect(new End("10.0.0.2", 20), new End("10.9.9.200", 40_001)));
      say(client, server, "PORT 10,0,0,1,156,66\r\n");
      say(client, server, "LIST\r\n");
      say(server, client, "150 here\r\n");
      assertEquals("150 here\r\n", client.got);
    }
  }

  @Test
  void shouldRewriteARetransmissionInTheSameWay() {
    open(client, server, range(true, "10.9.9.200"));
    Segment segment = Segment.of(24, client.next, client.expected);
    for (int i = 0; i < 2; i++) {
      server.expected = 1001;
      deliver(maker.tcp(client.own, client.other, segment, "PORT 10,0,0,1,156,65\r\n"), server);
      assertEquals("PORT 10,9,9,200,156,65\r\n", server.got);
    }
    client.next += "PORT 10,0,0,1,156,65\r\n".length();
    say(client, server, "LIST\r\n");
    say(server, client, "150 here\r\n");
    assertEquals(1, conntrack.expectationCount());
  }

  @Test
  void shouldTakeAnotherPublicPortWhenTwoClientsAnnounceTheSame() {
    open(client, server, range(true, "10.9.9.200"));
    say(client, server, "PORT 10,0,0,1,156,65\r\n");
    Host second = new Host(new End("10.0.0.7", 4000), new End("10.0.0.2", 21), 1000);
    Host again = new Host(new End("10.0.0.2", 21), new End("10.9.9.200", 4001), 5000);
    open(second, again, range(true, "10.9.9.200"));
    say(second, again, "PORT 10,0,0,7,156,65\r\n");
    assertEquals("PORT 10,9,9,200,156,66\r\n", again.got);
    assertEquals(
        "10.0.0.2.20>10.0.0.7.40001",
        connect(new End("10.0.0.2", 20), new End("10.9.9.200", 40_002)));
  }

  @Test
  void shouldFollowAPassiveClientBehindASourceTranslation() {
    open(client, server, range(true, "10.9.9.200"));
    say(server, client, "227 Entering Passive Mode (10,0,0,2,4,1)\r\n");
    assertEquals("227 Entering Passive Mode (10,0,0,2,4,1)\r\n", client.got);
    assertEquals(
        "10.9.9.200.999>10.0.0.2.1025",
        connect(new End("10.0.0.1", 999), new End("10.0.0.2", 1025)));
  }

  @Test
  void shouldRewriteWhatAServerBehindADestinationTranslationSays() {
    Host caller = new Host(new End("10.0.0.1", 4000), new End("10.9.9.1", 21), 1000);
    Host hidden = new Host(new End("10.0.0.200", 21), new End("10.0.0.1", 4000), 5000);
    open(caller, hidden, range(false, "10.0.0.200"));
    say(hidden, caller, "227 Entering Passive Mode (10,0,0,200,4,1)\r\n");
    assertEquals("227 Entering Passive Mode (10,9,9,1,4,1)\r\n", caller.got);
    say(caller, hidden, "RETR x\r\n");
    assertEquals(
        "10.0.0.1.999>10.0.0.200.1025",
        connect(new End("10.0.0.1", 999), new End("10.9.9.1", 1025)));
    say(hidden, caller, "229 Extended (|||1026|)\r\n");
    assertEquals("229 Extended (|||1026|)\r\n", caller.got);
    assertEquals(
        "10.0.0.1.998>10.0.0.200.1026",
        connect(new End("10.0.0.1", 998), new End("10.9.9.1", 1026)));
  }

  @Test
  void shouldRewriteExtendedCommandsOfIpv6() {
    Host caller = new Host(new End("fd00::1", 4000), new End("fd00::2", 21), 1000);
    Host answerer = new Host(new End("fd00::2", 21), new End("fd00::cafe:9", 4000), 5000);
    open(caller, answerer, range(true, "fd00::cafe:9"));
    say(caller, answerer, "EPRT |2|fd00::1|40001|\r\n");
    assertEquals("EPRT |2|fd00::cafe:9|40001|\r\n", answerer.got);
    say(answerer, caller, "200 fine\r\n");
    assertEquals(
        "fd00:0:0:0:0:0:0:2.20>fd00:0:0:0:0:0:0:1.40001",
        connect(new End("fd00::2", 20), new End("fd00::cafe:9", 40_001)));
  }

  @Test
  void shouldCountWhatItCannotReadAndLeaveItAlone() {
    open(client, server, range(true, "10.9.9.200"));
    say(client, server, "PORT 10,0,0,99,1,1\r\n");
    assertEquals("PORT 10,0,0,99,1,1\r\n", server.got);
    say(client, server, "NOOP\r\n");
    assertEquals(1, conntrack.unreadableMessages());
  }
}
