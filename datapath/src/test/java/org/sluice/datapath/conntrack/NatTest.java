package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** Translation as packets show it. */
class NatTest {
  private static final End CLIENT = new End("10.0.0.1", 4000);
  private static final End SERVER = new End("10.0.0.2", 80);
  private static final End CLIENT6 = new End("fd00::1", 4000);
  private static final End SERVER6 = new End("fd00::2", 80);

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  // --- Words for the tests.

  private static NatRange source(String min, String max, int minPort, int maxPort) {
    return range(true, min, max, minPort, maxPort);
  }

  private static NatRange destination(String min, String max, int minPort, int maxPort) {
    return range(false, min, max, minPort, maxPort);
  }

  private static NatRange range(boolean source, String min, String max, int minPort, int maxPort) {
    long[] low = address(min);
    long[] high = address(max);
    return new NatRange(
        source, !source, low[0], low[1], high[0], high[1], minPort, maxPort, false, false);
  }

  private static long[] address(String text) {
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      ByteBuffer whole = ByteBuffer.allocate(16);
      whole.position(16 - bytes.length).put(bytes);
      return new long[] {whole.getLong(0), whole.getLong(8)};
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Packet commit(Packet packet, NatRange range) {
    assertNull(tracker.track(packet, TrackRequest.commit(1, range), 0));
    return packet;
  }

  private Packet follow(Packet packet) {
    assertNull(tracker.track(packet, TrackRequest.translate(1), 0));
    return packet;
  }

  /** The packet's ends as {@code 10.0.0.1:80 > 10.0.0.2:90}, its checksums being right. */
  private static String ends(Packet packet) {
    assertTrue(
        packet.etherType == EtherType.IPV6 || Checksum.isIpv4HeaderValid(packet), "IP checksum");
    assertTrue(Checksum.isTransportValid(packet), "transport checksum");
    boolean hasPorts = IpProtocol.hasPorts(packet.ipProtocol);
    return end(packet, true, hasPorts) + " > " + end(packet, false, hasPorts);
  }

  private static String end(Packet packet, boolean source, boolean hasPorts) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    long at = packet.address + packet.l3Offset + (ipv6 ? 8 : 12) + (source ? 0 : ipv6 ? 16 : 4);
    String text = address(at, ipv6 ? 16 : 4);
    if (hasPorts) {
      long port = packet.address + packet.l4Offset + (source ? 0 : 2);
      text += "." + OffHeap.getUnsignedShortBe(port);
    }
    return text;
  }

  private static String address(long at, int bytes) {
    byte[] address = new byte[bytes];
    OffHeap.copyOut(at, address, 0, bytes);
    try {
      return InetAddress.getByAddress(address).getHostAddress().replace("fd00:0:0:0:0:0:0:", "::");
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    conntrack.visit(0, connection -> lines.add(ConnectionText.line(connection, false, false)));
    return lines.stream().sorted().toList();
  }

  private static Segment syn() {
    return Segment.of(PacketMaker.SYN, 100, 0);
  }

  private static Segment synAck() {
    return Segment.of(PacketMaker.SYN | PacketMaker.ACK, 500, 101);
  }

  private static String state(Packet packet) {
    return CtState.text(packet.ctState);
  }

  // --- Sources.

  @Test
  void shouldTranslateTheSourceAndItsAnswers() {
    NatRange range = source("10.9.9.9", "10.9.9.9", 0, 0);
    Packet first = commit(maker.tcp(CLIENT, SERVER, syn(), ""), range);
    assertEquals("10.9.9.9.4000 > 10.0.0.2.80", ends(first));
    assertEquals("new|trk|snat", state(first));
    Packet answer = follow(maker.tcp(SERVER, new End("10.9.9.9", 4000), synAck(), ""));
    assertEquals("10.0.0.2.80 > 10.0.0.1.4000", ends(answer));
    assertEquals("est|rpl|trk|dnat", state(answer));
    assertEquals(
        List.of(
            "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=4000,dport=80),"
                + "reply=(src=10.0.0.2,dst=10.9.9.9,sport=80,dport=4000),zone=1,"
                + "protoinfo=(state=ESTABLISHED)"),
        lines());
  }

  @Test
  void shouldLeavePacketsAloneWhenNotAskedToTranslate() {
    commit(maker.udp(CLIENT, SERVER, "x"), source("10.9.9.9", "10.9.9.9", 0, 0));
    Packet packet = maker.udp(SERVER, new End("10.9.9.9", 4000), "y");
    assertNull(tracker.track(packet, TrackRequest.lookup(1), 0));
    assertEquals("10.0.0.2.80 > 10.9.9.9.4000", ends(packet));
    assertEquals("est|rpl|trk", state(packet));
    assertNull(tracker.track(packet, TrackRequest.translate(1), 0));
    assertEquals("10.0.0.2.80 > 10.0.0.1.4000", ends(packet));
    assertEquals("est|rpl|trk|dnat", state(packet));
  }

  @Test
  void shouldNotKnowAnswersToTheUntranslatedAddress() {
    commit(maker.udp(CLIENT, SERVER, "x"), source("10.9.9.9", "10.9.9.9", 0, 0));
    Packet packet = follow(maker.udp(SERVER, CLIENT, "y"));
    assertEquals("new|trk", state(packet));
  }

  @Test
  void shouldTakeTheNextPortWhenTwoClientsUseTheSame() {
    NatRange range = source("10.9.9.9", "10.9.9.9", 0, 0);
    commit(maker.udp(CLIENT, SERVER, "x"), range);
    Packet second = commit(maker.udp(new End("10.0.0.7", 4000), SERVER, "x"), range);
    assertEquals("10.9.9.9.4001 > 10.0.0.2.80", ends(second));
    Packet elsewhere = commit(maker.udp(CLIENT, new End("10.0.0.3", 80), "x"), range);
    assertEquals("10.9.9.9.4000 > 10.0.0.3.80", ends(elsewhere));
  }

  @Test
  void shouldStayInThePortRangeAndDropWhenItIsExhausted() {
    NatRange range = source("10.9.9.9", "10.9.9.9", 700, 709);
    for (int i = 0; i < 10; i++) {
      Packet packet = commit(maker.udp(new End("10.0.0.1", 5000 + i), SERVER, "x"), range);
      assertTrue(ends(packet).startsWith("10.9.9.9.70"), ends(packet));
    }
    Packet packet = maker.udp(new End("10.0.0.1", 6000), SERVER, "x");
    DropReason reason = tracker.track(packet, TrackRequest.commit(1, range), 0);
    assertEquals(DropReason.CT_NAT_EXHAUSTED, reason);
    assertTrue(reason.isFinal());
    assertEquals(1, conntrack.exhaustions());
    assertEquals(10, conntrack.limits().count());
    conntrack.flush();
    assertEquals(0, conntrack.portPools().count());
    commit(maker.udp(new End("10.0.0.1", 6000), SERVER, "x"), range);
  }

  /** What is only committed goes on as it is; what is to be translated would leave as it is. */
  @Test
  void shouldDropWhatCannotBeTranslatedBecauseThereIsNoRoomForItsConnection() {
    NatRange range = source("10.9.9.9", "10.9.9.9", 0, 0);
    conntrack.limits().setZoneLimit(1, 0);
    Packet packet = maker.udp(CLIENT, SERVER, "x");
    DropReason reason = tracker.track(packet, TrackRequest.commit(1, range), 0);
    assertEquals(DropReason.CT_ZONE_LIMIT, reason);
    assertTrue(reason.isFinal());
    assertNull(tracker.track(maker.udp(CLIENT, SERVER, "x"), TrackRequest.commit(1), 0));

    conntrack.limits().setMaxConnections(0);
    packet = maker.udp(CLIENT, SERVER, "x");
    reason = tracker.track(packet, TrackRequest.commit(2, range), 0);
    assertEquals(DropReason.CT_FULL, reason);
    assertTrue(reason.isFinal());
    assertNull(tracker.track(maker.udp(CLIENT, SERVER, "x"), TrackRequest.commit(2), 0));
    assertNull(tracker.track(maker.udp(CLIENT, SERVER, "x"), TrackRequest.translate(2), 0));
  }

  @Test
  void shouldUseEveryAddressBeforeItIsExhausted() {
    NatRange range = source("10.9.9.0", "10.9.9.3", 700, 700);
    for (int i = 0; i < 4; i++) {
      commit(maker.udp(new End("10.0.0.1", 5000 + i), SERVER, "x"), range);
    }
    Packet packet = maker.udp(new End("10.0.0.1", 6000), SERVER, "x");
    assertEquals(
        DropReason.CT_NAT_EXHAUSTED, tracker.track(packet, TrackRequest.commit(1, range), 0));
  }

  @Test
  void shouldKeepOneAddressPerHostWhenPersistent() {
    long[] min = address("10.9.9.0");
    NatRange range = new NatRange(true, false, 0, min[1], 0, min[1] + 200, 0, 0, true, false);
    String[] address = new String[2];
    for (int i = 0; i < 50; i++) {
      int host = i % 2;
      Packet packet = commit(maker.udp(new End("10.0.0." + host, 5000 + i), SERVER, "x"), range);
      String found = end(packet, true, false);
      assertEquals(address[host] == null ? found : address[host], found);
      address[host] = found;
    }
  }

  @Test
  void shouldDrawPortsAtRandomWhenAskedTo() {
    long[] to = address("10.9.9.9");
    NatRange range = new NatRange(true, false, 0, to[1], 0, to[1], 1000, 60_000, false, true);
    int kept = 0;
    for (int i = 0; i < 50; i++) {
      Packet packet = commit(maker.udp(new End("10.0.0.1", 5000 + i), SERVER, "x"), range);
      kept += ends(packet).startsWith("10.9.9.9." + (5000 + i)) ? 1 : 0;
    }
    assertTrue(kept < 5, "kept " + kept);
  }

  @Test
  void shouldKeepTheAddressAndReplaceOnlyTakenPortsWhenItIsZero() {
    NatRange zero = new NatRange(true, false, 0, 0, 0, 0, 0, 0, false, false);
    End virtual = new End("172.1.1.2", 80);
    commit(maker.udp(CLIENT, virtual, "x"), destination("10.0.0.2", "10.0.0.2", 0, 0));
    Packet clashing = commit(maker.udp(CLIENT, SERVER, "x"), zero);
    assertEquals("10.0.0.1.4001 > 10.0.0.2.80", ends(clashing));
    Packet free = commit(maker.udp(new End("10.0.0.1", 4444), SERVER, "x"), zero);
    assertEquals("10.0.0.1.4444 > 10.0.0.2.80", ends(free));
    assertEquals("new|trk|snat", state(free));
  }

  @Test
  void shouldDropWhenAnswersWouldBeTakenForATranslatedConnections() {
    commit(maker.udp(CLIENT, SERVER, "x"), source("10.9.9.9", "10.9.9.9", 0, 0));
    Packet packet = maker.udp(new End("10.9.9.9", 4000), SERVER, "x");
    assertEquals(DropReason.CT_NAT_CLASH, tracker.track(packet, TrackRequest.commit(1), 0));
    assertEquals(1, conntrack.limits().count());
  }

  /** Who is asked by a translated connection asks back by the untranslated address. */
  @Test
  void shouldDropWhenAnswersWouldBeTakenForATranslatedConnectionsQuestions() {
    commit(maker.udp(CLIENT, SERVER, "x"), source("10.9.9.9", "10.9.9.9", 0, 0));
    Packet back = maker.udp(SERVER, CLIENT, "x");
    assertEquals(DropReason.CT_NAT_CLASH, tracker.track(back, TrackRequest.commit(1), 0));
    assertEquals(1, conntrack.limits().count());
    assertNull(tracker.track(back, TrackRequest.commit(1), 60_000), "when that has expired");
  }

  /** An answer to an echo without number and payload is nothing but zeros and its checksum. */
  @Test
  void shouldKeepTheChecksumOfAnEchoOfZeros() {
    commit(maker.icmp(CLIENT, SERVER, 8, 0), source("10.9.9.9", "10.9.9.9", 5, 5));
    Packet answer = follow(maker.icmp(SERVER, new End("10.9.9.9", 0), 0, 5));
    assertEquals("est|rpl|trk|dnat", state(answer));
    assertTrue(Checksum.isTransportValid(answer));
  }

  // --- Destinations.

  @Test
  void shouldTranslateTheDestinationAndItsAnswers() {
    NatRange range = destination("10.0.0.3", "10.0.0.3", 8080, 8080);
    Packet first = commit(maker.tcp(CLIENT, SERVER, syn(), ""), range);
    assertEquals("10.0.0.1.4000 > 10.0.0.3.8080", ends(first));
    assertEquals("new|trk|dnat", state(first));
    Packet answer = follow(maker.tcp(new End("10.0.0.3", 8080), CLIENT, synAck(), ""));
    assertEquals("10.0.0.2.80 > 10.0.0.1.4000", ends(answer));
    assertEquals("est|rpl|trk|snat", state(answer));
  }

  @Test
  void shouldChangeTheSourcePortWhenTheTranslatedDestinationIsTaken() {
    NatRange range = destination("10.0.0.3", "10.0.0.3", 0, 0);
    commit(maker.udp(CLIENT, SERVER, "x"), range);
    Packet second = commit(maker.udp(CLIENT, new End("10.0.0.9", 80), "x"), range);
    assertEquals("10.0.0.1.4001 > 10.0.0.3.80", ends(second));
    Packet answer = follow(maker.udp(new End("10.0.0.3", 80), new End("10.0.0.1", 4001), "y"));
    assertEquals("10.0.0.9.80 > 10.0.0.1.4000", ends(answer));
  }

  // --- Both families and ICMP.

  @Test
  void shouldTranslateIpv6() {
    NatRange range = source("fd00::9", "fd00::9", 0, 0);
    Packet first = commit(maker.tcp(CLIENT6, SERVER6, syn(), ""), range);
    assertEquals("::9.4000 > ::2.80", ends(first));
    Packet answer = follow(maker.tcp(SERVER6, new End("fd00::9", 4000), synAck(), ""));
    assertEquals("::2.80 > ::1.4000", ends(answer));
  }

  @Test
  void shouldTellEchoesApartByTheirIdentifier() {
    for (boolean ipv6 : new boolean[] {false, true}) {
      int request = ipv6 ? 128 : 8;
      End server = ipv6 ? SERVER6 : SERVER;
      String prefix = ipv6 ? "fd00::" : "10.0.0.";
      NatRange range = source(prefix + "9", prefix + "9", 0, 0);
      for (int host = 3; host < 6; host++) {
        Packet echo = maker.icmp(new End(prefix + host, 0), server, request, 500);
        assertEquals(500 + host - 3, id(commit(echo, range)));
        ends(echo);
      }
      Packet answer = maker.icmp(server, new End(prefix + "9", 0), ipv6 ? 129 : 0, 502);
      assertEquals(500, id(follow(answer)));
      assertTrue(ends(answer).endsWith(ipv6 ? "::5" : "10.0.0.5"), ends(answer));
    }
  }

  private static int id(Packet packet) {
    return OffHeap.getUnsignedShortBe(packet.address + packet.l4Offset + 4);
  }

  @Test
  void shouldUndoTheTranslationInsideIcmpErrors() {
    for (boolean ipv6 : new boolean[] {false, true}) {
      String prefix = ipv6 ? "fd00::" : "10.0.0.";
      End client = ipv6 ? CLIENT6 : CLIENT;
      End server = ipv6 ? SERVER6 : SERVER;
      End outside = new End(prefix + "9", 4000);
      commit(maker.udp(client, server, "x"), source(outside.address(), outside.address(), 0, 0));
      maker.udp(outside, server, "x");
      byte[] quoted = maker.lastIpBytes();
      maker.udp(client, server, "x");
      byte[] untranslated = maker.lastIpBytes();
      Packet error = maker.icmpError(new End(prefix + "7", 0), outside, ipv6 ? 1 : 3, quoted);
      follow(error);
      assertEquals("rel|rpl|trk|dnat", state(error));
      assertTrue(ends(error).contains(" > " + (ipv6 ? "::1" : "10.0.0.1")), ends(error));
      byte[] inside = new byte[quoted.length];
      OffHeap.copyOut(error.address + error.l4Offset + 8, inside, 0, inside.length);
      assertEquals(ByteBuffer.wrap(untranslated), ByteBuffer.wrap(inside));
      assertNull(tracker.track(error, TrackRequest.translate(1), 0));
      assertEquals("rel|rpl|trk|dnat", state(error));
    }
  }

  @Test
  void shouldHideAnInnerSourceOfIcmpErrorsBehindTheTranslatedAddress() {
    commit(maker.udp(CLIENT, SERVER, "x"), destination("10.0.0.3", "10.0.0.3", 0, 0));
    maker.udp(CLIENT, new End("10.0.0.3", 80), "x");
    byte[] quoted = maker.lastIpBytes();
    Packet error = follow(maker.icmpError(new End("10.0.0.77", 0), CLIENT, 3, quoted));
    assertEquals("10.0.0.2 > 10.0.0.1", ends(error));
    assertEquals("rel|rpl|trk|snat", state(error));
  }

  // --- Several actions on one packet.

  @Test
  void shouldTranslateOnceInEachOfSeveralZones() {
    Packet packet = maker.udp(CLIENT, SERVER, "x");
    commit(packet, destination("10.0.0.3", "10.0.0.3", 0, 0));
    NatRange out = source("10.9.9.9", "10.9.9.9", 0, 0);
    assertNull(tracker.track(packet, TrackRequest.commit(2, out), 0));
    assertEquals("10.9.9.9.4000 > 10.0.0.3.80", ends(packet));
    Packet answer = maker.udp(new End("10.0.0.3", 80), new End("10.9.9.9", 4000), "y");
    assertNull(tracker.track(answer, TrackRequest.translate(2), 0));
    assertEquals("10.0.0.3.80 > 10.0.0.1.4000", ends(answer));
    assertNull(tracker.track(answer, TrackRequest.translate(1), 0));
    assertEquals("10.0.0.2.80 > 10.0.0.1.4000", ends(answer));
  }

  @Test
  void shouldKnowATranslatedPacketAgainWhenItsConnectionChangedMeanwhile() {
    commit(maker.udp(CLIENT, SERVER, "x"), source("10.9.9.9", "10.9.9.9", 0, 0));
    Packet packet = follow(maker.udp(SERVER, new End("10.9.9.9", 4000), "y"));
    long stale = packet.connection;
    TrackRequest.MarkAndLabel mark = new TrackRequest.MarkAndLabel(7, -1, 0, 0, 0, 0);
    TrackRequest marking = new TrackRequest(true, false, 1, mark, Gateway.NONE);
    assertNull(tracker.track(packet, marking, 0));
    assertNotEquals(stale, packet.connection);
    packet.connection = stale;
    assertNull(tracker.track(packet, TrackRequest.translate(1), 0));
    assertEquals("est|rpl|trk|dnat", state(packet));
    assertEquals("10.0.0.2.80 > 10.0.0.1.4000", ends(packet));
    assertEquals(7, packet.ctMark);
  }

  @Test
  void shouldTurnAHairpinRound() {
    NatRange inward = destination("10.0.0.2", "10.0.0.2", 0, 0);
    NatRange outward = source("10.9.9.9", "10.9.9.9", 0, 0);
    End outside = new End("10.9.9.9", 80);
    Packet packet = commit(maker.udp(CLIENT, outside, "x"), inward);
    assertNull(tracker.track(packet, TrackRequest.commit(2, outward), 0));
    assertEquals("10.9.9.9.4000 > 10.0.0.2.80", ends(packet));
    Packet answer = maker.udp(SERVER, new End("10.9.9.9", 4000), "y");
    assertNull(tracker.track(answer, TrackRequest.translate(2), 0));
    follow(answer);
    assertEquals("10.9.9.9.80 > 10.0.0.1.4000", ends(answer));
  }
}
