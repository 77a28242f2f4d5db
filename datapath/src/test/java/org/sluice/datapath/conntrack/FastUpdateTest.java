package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.Packet;

/** The shortcut must leave what the long way would have left. */
class FastUpdateTest {
  private static final End CLIENT = new End("10.0.0.1", 1234);
  private static final End SERVER = new End("10.0.0.2", 80);

  private final PacketMaker maker = new PacketMaker();

  /** A handle with the state it was met in. */
  private record View(long connection, int state) {}

  @Test
  void shouldLeaveTheSameStateWhenSegmentsAreRandom() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int fast = 0;
    for (int conversation = 0; conversation < 300; conversation++) {
      fast += compareOneConversation(random, seed);
    }
    assertTrue(fast > 1000, "only " + fast + " fast, seed " + seed);
  }

  private int compareOneConversation(Random random, long seed) {
    Conntrack slow = new Conntrack(1);
    Conntrack quick = new Conntrack(1);
    Tracker slowTracker = slow.newTracker();
    Tracker quickTracker = quick.newTracker();
    TrackRequest commit = TrackRequest.commit(0);
    TrafficSource traffic = new TrafficSource(random);
    Map<Boolean, View> views = new HashMap<>();
    int fast = 0;
    for (int i = 0; i < 60; i++) {
      boolean isReply = traffic.next();
      long nowMs = 1000L + i;
      Packet packet = traffic.packet();
      slowTracker.track(packet, commit, nowMs);
      int expected = packet.ctState;
      packet.resetTracking();
      View view = views.getOrDefault(isReply, new View(0, 0));
      if (quickTracker.fastUpdate(view.connection(), packet, false, view.state(), nowMs)) {
        fast++;
        assertEquals(expected, view.state(), "seed " + seed);
      } else {
        quickTracker.track(packet, commit, nowMs);
        assertEquals(expected, packet.ctState, "seed " + seed);
        views.put(isReply, new View(packet.connection, packet.ctState));
      }
      assertEquals(snapshots(slow), snapshots(quick), "seed " + seed);
    }
    return fast;
  }

  private static List<ConnectionSnapshot> snapshots(Conntrack conntrack) {
    List<ConnectionSnapshot> all = new ArrayList<>();
    conntrack.visit(0, all::add);
    return all;
  }

  /** Two hosts that mostly behave. */
  private final class TrafficSource {
    private final Random random;
    private final int[] next = {1000, 5000};
    private boolean isReply;
    private int step;
    private Packet packet;

    TrafficSource(Random random) {
      this.random = random;
    }

    /** Makes the next packet; whether the server sends it. */
    boolean next() {
      switch (step++) {
        case 0 -> make(false, PacketMaker.SYN, 0, 0);
        case 1 -> make(true, PacketMaker.SYN | PacketMaker.ACK, 0, 0);
        case 2 -> make(false, PacketMaker.ACK, 0, 0);
        default -> any();
      }
      return isReply;
    }

    private void any() {
      int dice = random.nextInt(100);
      int flags = PacketMaker.ACK;
      if (dice < 2) {
        flags = PacketMaker.FIN | PacketMaker.ACK;
      } else if (dice < 3) {
        flags = PacketMaker.RST;
      } else if (dice < 4) {
        flags = PacketMaker.SYN;
      }
      int off = dice < 15 ? random.nextInt(200_000) - 100_000 : 0;
      if (dice >= 80) {
        off = -500 * (1 + random.nextInt(3));
      }
      make(random.nextBoolean(), flags, random.nextInt(3) * 500, off);
    }

    private void make(boolean fromServer, int flags, int bytes, int off) {
      isReply = fromServer;
      int from = fromServer ? 1 : 0;
      Segment segment =
          new Segment(
              flags,
              next[from] + off,
              next[1 - from] + (random.nextInt(20) == 0 ? off : 0),
              2000,
              (flags & PacketMaker.SYN) != 0 ? 3 : -1);
      byte[] payload = new byte[bytes];
      Arrays.fill(payload, (byte) random.nextInt(2));
      packet =
          fromServer
              ? maker.tcp(SERVER, CLIENT, segment, payload)
              : maker.tcp(CLIENT, SERVER, segment, payload);
      if (off == 0) {
        int control = (flags & (PacketMaker.SYN | PacketMaker.FIN)) != 0 ? 1 : 0;
        next[from] += bytes + control;
      }
    }

    Packet packet() {
      return packet;
    }
  }

  @Test
  void shouldGoTheLongWayWhenMarkHasChanged() {
    Conntrack conntrack = new Conntrack(7);
    Tracker tracker = conntrack.newTracker();
    tracker.track(maker.udp(CLIENT, SERVER, ""), TrackRequest.commit(0), 0);
    tracker.track(maker.udp(SERVER, CLIENT, ""), TrackRequest.commit(0), 0);
    Packet packet = maker.udp(CLIENT, SERVER, "");
    tracker.track(packet, TrackRequest.commit(0), 0);
    long connection = packet.connection;
    int state = packet.ctState;
    assertTrue(tracker.fastUpdate(connection, packet, false, state, 1));
    MarkAndLabel set = new MarkAndLabel(5, -1, 0, 0, 0, 0);
    tracker.track(packet, new TrackRequest(true, false, 0, set, Gateway.NONE), 2);
    assertFalse(tracker.fastUpdate(connection, packet, false, state, 3));
    assertTrue(tracker.fastUpdate(packet.connection, packet, false, state, 3));
  }

  @Test
  void shouldGoTheLongWayWhenTheConnectionWentOrIsOver() {
    Conntrack conntrack = new Conntrack(7);
    Tracker tracker = conntrack.newTracker();
    TrackRequest commit = TrackRequest.commit(0);
    tracker.track(maker.udp(CLIENT, SERVER, ""), commit, 0);
    Packet packet = maker.udp(CLIENT, SERVER, "");
    tracker.track(packet, commit, 0);
    long connection = packet.connection;
    int state = packet.ctState;
    assertTrue(tracker.fastUpdate(connection, packet, false, state, 1));
    assertFalse(tracker.fastUpdate(connection, packet, false, state, 60_001));
    conntrack.flush();
    assertFalse(tracker.fastUpdate(connection, packet, false, state, 1));
  }

  @Test
  void shouldGoTheLongWayWhenTheChecksumIsWrong() {
    Tracker tracker = new Conntrack(7).newTracker();
    TrackRequest commit = TrackRequest.commit(0);
    tracker.track(maker.udp(CLIENT, SERVER, "ab"), commit, 0);
    Packet packet = maker.udp(CLIENT, SERVER, "ab");
    tracker.track(packet, commit, 0);
    OffHeap.putByte(packet.address + packet.length - 1, (byte) 'x');
    assertFalse(tracker.fastUpdate(packet.connection, packet, false, packet.ctState, 1));
  }
}
