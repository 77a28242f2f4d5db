package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.Packet;

/** Two packet threads and a control thread on one table. */
class ConcurrencyTest {
  private static final int PACKETS = 150_000;

  private final long seed = Seeds.next();
  private final Conntrack conntrack = new Conntrack(seed | 1);
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final AtomicBoolean isDone = new AtomicBoolean();

  @Test
  void shouldStayConsistentWhenThreadsCreateUseAndRemove() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<?> control = threads.submit(this::control);
      List<Future<Void>> senders = threads.invokeAll(List.of(sender(seed), sender(seed + 1)));
      isDone.set(true);
      control.get();
      for (Future<Void> sender : senders) {
        sender.get();
      }
    }
    assertTrue(conntrack.table().isConsistent(conntrack.expectationCount()), "seed " + seed);
    assertEquals(conntrack.table().count(), conntrack.limits().count(), "seed " + seed);
    conntrack.flush();
    assertEquals(0, conntrack.limits().count(), "seed " + seed);
    assertEquals(0, conntrack.expectationCount(), "seed " + seed);
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private void control() {
    Random random = new Random(seed + 2);
    while (!isDone.get()) {
      nowMs.addAndGet(random.nextInt(2000));
      conntrack.sweep(nowMs.get(), 1000);
      if (random.nextInt(20) == 0) {
        conntrack.flushZone(random.nextInt(2));
      }
      conntrack.visit(nowMs.get(), c -> assertEquals(c, c, "readable"));
    }
  }

  private Callable<Void> sender(long senderSeed) {
    return () -> {
      send(new Random(senderSeed));
      return null;
    };
  }

  private void send(Random random) {
    Tracker tracker = conntrack.newTracker();
    PacketMaker maker = new PacketMaker();
    MarkAndLabel mark = new MarkAndLabel(1, 3, 0, 0, 0, 0);
    List<TrackRequest> requests = new ArrayList<>();
    for (int zone = 0; zone < 2; zone++) {
      requests.add(TrackRequest.lookup(zone));
      requests.add(TrackRequest.commit(zone, Gateway.FTP));
      requests.add(new TrackRequest(true, false, zone, mark, Gateway.FTP));
      requests.add(new TrackRequest(true, true, zone, MarkAndLabel.NONE, Gateway.NONE));
    }
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = packet(random, maker);
      tracker.track(packet, requests.get(random.nextInt(requests.size())), nowMs.get());
      assertTrue((packet.ctState & CtState.TRACKED) != 0);
      tracker.fastUpdate(packet.connection, packet, false, packet.ctState, nowMs.get());
    }
  }

  private static Packet packet(Random random, PacketMaker maker) {
    End a = new End("10.0.0." + random.nextInt(16), 1 + random.nextInt(2));
    End b = new End("10.0.1." + random.nextInt(16), 21);
    boolean isReply = random.nextBoolean();
    End from = isReply ? b : a;
    End to = isReply ? a : b;
    if (random.nextBoolean()) {
      return maker.udp(from, to, "x");
    }
    int[] flags = {2, 18, 16, 24, 17, 4};
    Segment segment = Segment.of(flags[random.nextInt(flags.length)], 1000, 1000);
    String text = isReply ? "227 x (10,0,1,1,4,1)" : "PORT 10,0,0,1,4," + random.nextInt(9);
    return maker.tcp(from, to, segment, (segment.flags() & 8) != 0 ? text : "");
  }

  @Test
  void shouldMakeOneConnectionWhenTwoThreadsRace() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Callable<Void> racer =
          () -> {
            Tracker tracker = conntrack.newTracker();
            PacketMaker maker = new PacketMaker();
            for (int i = 1; i <= 20_000; i++) {
              Packet packet = maker.udp(new End("10.0.0.1", i), new End("10.0.0.2", 1), "");
              tracker.track(packet, TrackRequest.commit(0), 0);
              assertTrue(packet.connection != 0);
            }
            return null;
          };
      for (Future<Void> done : threads.invokeAll(List.of(racer, racer))) {
        done.get();
      }
    }
    assertEquals(20_000, conntrack.limits().count());
    assertTrue(conntrack.table().isConsistent(0));
  }
}
