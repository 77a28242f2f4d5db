package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/** What zones and the whole table are told to be strict about. */
class PolicyTest {
  private static final End CLIENT = new End("10.0.0.1", 1000);
  private static final End SERVER = new End("10.0.0.2", 80);

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private String segment(int zone, boolean reply, Segment segment) {
    Packet packet = maker.tcp(reply ? SERVER : CLIENT, reply ? CLIENT : SERVER, segment, "");
    DropReason reason = tracker.track(packet, TrackRequest.commit(zone), 0);
    return CtState.text(packet.ctState) + (reason == null ? "" : " " + reason);
  }

  @Test
  void shouldLetSegmentsOutsideTheWindowPassInALiberalZone() {
    conntrack.zones().setLiberal(2, true);
    for (int zone = 1; zone <= 2; zone++) {
      segment(zone, false, Segment.of(PacketMaker.SYN, 100, 0));
      segment(zone, true, Segment.of(PacketMaker.SYN | PacketMaker.ACK, 500, 101));
      segment(zone, false, Segment.of(PacketMaker.ACK, 101, 501));
    }
    Segment far = Segment.of(PacketMaker.RST, 900_000_000L, 0);
    assertEquals("inv|trk CT_OUT_OF_WINDOW", segment(1, true, far));
    assertEquals("est|rpl|trk", segment(2, true, far));
  }

  @Test
  void shouldFollowOnlyWhatItSawOpenedWhereItIsToldSo() {
    conntrack.zones().setPicksUp(2, false);
    Segment middle = Segment.of(PacketMaker.ACK, 100, 200);
    assertEquals("new|trk", segment(1, false, middle));
    assertEquals("inv|trk CT_NOT_OPENED", segment(2, false, middle));
    assertEquals("new|trk", segment(2, false, Segment.of(PacketMaker.SYN, 100, 0)));
  }

  @Test
  void shouldDropAConnectionWithoutAnAnswerWhenTheTableIsFull() {
    conntrack.limits().setMaxConnections(10);
    End answered = new End("10.0.0.3", 9);
    tracker.track(maker.udp(answered, SERVER, ""), TrackRequest.commit(0), 0);
    tracker.track(maker.udp(SERVER, answered, ""), TrackRequest.commit(0), 0);
    for (int i = 1; i <= 30; i++) {
      tracker.track(maker.udp(new End("10.0.0.1", i), SERVER, ""), TrackRequest.commit(0), 0);
      conntrack.setDropsEarly(i >= 20);
    }
    assertEquals(10, conntrack.limits().count());
    assertEquals(10, conntrack.earlyDrops());
    assertEquals(11, conntrack.limits().refusedByTotal());
    Packet packet = maker.udp(SERVER, answered, "");
    tracker.track(packet, TrackRequest.lookup(0), 0);
    assertEquals("est|rpl|trk", CtState.text(packet.ctState));
  }

  private void open(int count, int firstPort, long nowMs) {
    for (int port = firstPort; port < firstPort + count; port++) {
      End client = new End("10.0.0.1", port);
      tracker.track(maker.udp(client, SERVER, ""), TrackRequest.commit(0), nowMs);
    }
  }

  @Test
  void shouldFindAConnectionToDropWhereThereWereManyMoreOnce() {
    open(2000, 1, 0);
    open(50, 10_000, 50_000);
    conntrack.sweep(65_000, Integer.MAX_VALUE);
    assertEquals(50, conntrack.limits().count());
    conntrack.limits().setMaxConnections(50);
    conntrack.setDropsEarly(true);
    open(100, 20_000, 65_000);
    assertEquals(100, conntrack.earlyDrops());
    assertEquals(0, conntrack.limits().refusedByTotal());
  }

  @Test
  void shouldCountWhatAZoneHadNoRoomFor() {
    conntrack.limits().setZoneLimit(0, 10);
    open(15, 1, 0);
    assertEquals(5, conntrack.limits().refusedByZone());
  }

  private long timeLeftS(long nowMs) {
    long[] left = new long[1];
    conntrack.visit(nowMs, connection -> left[0] = connection.expiresInMs() / 1000);
    return left[0];
  }

  @Test
  void shouldFollowTheGeneralTimeoutsWhereAZoneNamesNone() {
    conntrack.timeouts().setZone(1, Map.of(Timer.OTHER_FIRST, 7));
    conntrack.timeouts().set(Timer.OTHER_FIRST, 3);
    conntrack.timeouts().set(Timer.OTHER_BIDIRECTIONAL, 5);
    tracker.track(maker.udp(CLIENT, SERVER, ""), TrackRequest.commit(1), 0);
    assertEquals(7, timeLeftS(0));
    tracker.track(maker.udp(SERVER, CLIENT, ""), TrackRequest.commit(1), 0);
    assertEquals(5, timeLeftS(0));
    conntrack.timeouts().setZone(1, Map.of());
    conntrack.timeouts().set(Timer.OTHER_BIDIRECTIONAL, 9);
    tracker.track(maker.udp(SERVER, CLIENT, ""), TrackRequest.commit(1), 0);
    assertEquals(9, timeLeftS(0));
  }

  @Test
  void shouldFreeAConnectionInTimeWhenItsTimeoutIsShortenedWhilePacketsTakeTheFastWay() {
    Packet packet = maker.udp(CLIENT, SERVER, "");
    tracker.track(packet, TrackRequest.commit(1), 0);
    Packet answer = maker.udp(SERVER, CLIENT, "");
    tracker.track(answer, TrackRequest.commit(1), 0);
    long handle = answer.connection;
    int state = answer.ctState;
    assertTrue(tracker.fastUpdate(handle, maker.udp(SERVER, CLIENT, ""), false, state, 0));

    conntrack.timeouts().setZone(1, Map.of(Timer.OTHER_BIDIRECTIONAL, 2));
    answer = maker.udp(SERVER, CLIENT, "");
    assertFalse(tracker.fastUpdate(handle, answer, false, state, 100));
    tracker.track(answer, TrackRequest.commit(1), 100);
    assertTrue(tracker.fastUpdate(handle, maker.udp(SERVER, CLIENT, ""), false, state, 100));
    conntrack.sweep(4000, 1000);
    assertEquals(0, conntrack.limits().count());
  }
}
