package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;

/** Connections to port 53 stay, those to port 80 come and go while they are gone through. */
class ConnectionWalkTest {
  private static final int STAYING = 5 * ConnectionWalk.PORTION;
  private static final int FLEETING = 3 * STAYING;
  private static final int STAYING_PORT = 53;
  private static final int FLEETING_PORT = 80;
  private static final int STAYING_ZONE = 1;
  private static final int FLEETING_ZONE = 2;

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final Conntrack conntrack = new Conntrack(seed | 1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();
  private final Map<Integer, Integer> shown = new HashMap<>();
  private long nowMs = 1_000;

  private static int port(int number) {
    return 1 + number % 60_000;
  }

  private static void send(
      Tracker tracker, PacketMaker maker, int number, boolean isStaying, long nowMs) {
    int port = isStaying ? STAYING_PORT : FLEETING_PORT;
    int zone = isStaying ? STAYING_ZONE : FLEETING_ZONE;
    MarkAndLabel mark = new MarkAndLabel((int) nowMs, -1, 0, 0, 0, 0);
    tracker.track(
        maker.udp(new End("10.0.0.1", port(number)), new End("10.0.0.2", port), ""),
        new TrackRequest(true, false, zone, mark, Gateway.NONE),
        nowMs);
  }

  /** Both kinds lie between each other. */
  private void fill() {
    for (int i = 0; i < FLEETING; i++) {
      send(tracker, maker, i, false, nowMs);
      if (i % 3 == 0) {
        send(tracker, maker, i / 3, true, nowMs);
      }
    }
  }

  private void note(ConnectionSnapshot connection) {
    if (connection.zone() == STAYING_ZONE) {
      shown.merge(connection.original().sourcePort(), 1, Integer::sum);
    }
  }

  private void assertEachWasShownOnce() {
    assertEquals(STAYING, shown.size(), "seed " + seed);
    shown.forEach((port, times) -> assertEquals(1, times, port + " seed " + seed));
  }

  @Test
  void shouldShowOnceWhatStaysWhateverComesAndGoes() {
    fill();
    ConnectionWalk walk = conntrack.walk();
    for (boolean hasMore = true; hasMore; ) {
      hasMore = walk.next(nowMs, this::note);
      changeSomething();
    }
    assertEachWasShownOnce();
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private void changeSomething() {
    nowMs += random.nextInt(20_000);
    for (int i = 0; i < STAYING; i++) {
      send(tracker, maker, i, true, nowMs);
    }
    for (int i = 0; i < FLEETING; i += 1 + random.nextInt(4)) {
      send(tracker, maker, i, false, nowMs);
    }
    if (random.nextInt(4) == 0) {
      conntrack.flushZone(FLEETING_ZONE);
    }
    conntrack.sweep(nowMs, random.nextInt(2 * FLEETING));
    conntrack.giveBackMemory(nowMs);
  }

  @Test
  void shouldShowOnceWhatStaysWhileThreadsChangeTheRest() throws Exception {
    fill();
    AtomicBoolean isDone = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Void>> changing = new ArrayList<>();
      changing.add(threads.submit(changes(isDone, 1)));
      changing.add(threads.submit(changes(isDone, 2)));
      for (int walks = 0; walks < 10; walks++) {
        shown.clear();
        conntrack.visit(nowMs, this::note);
        conntrack.flushZone(FLEETING_ZONE);
        assertEachWasShownOnce();
      }
      isDone.set(true);
      for (Future<Void> each : changing) {
        each.get();
      }
    }
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private Callable<Void> changes(AtomicBoolean isDone, int number) {
    return () -> {
      Random own = new Random(seed + number);
      Tracker ownTracker = conntrack.newTracker();
      PacketMaker ownMaker = new PacketMaker();
      while (!isDone.get()) {
        send(ownTracker, ownMaker, own.nextInt(FLEETING), false, nowMs);
        send(ownTracker, ownMaker, own.nextInt(STAYING), true, nowMs);
      }
      return null;
    };
  }

  @Test
  void shouldLookAtAPortionAtATime() {
    fill();
    ConnectionWalk walk = conntrack.walk();
    int portions = 1;
    List<ConnectionSnapshot> portion = new ArrayList<>();
    while (walk.next(nowMs, portion::add)) {
      assertTrue(portion.size() <= ConnectionWalk.PORTION);
      portion.clear();
      portions++;
    }
    int all = STAYING + FLEETING;
    assertTrue(portions >= all / ConnectionWalk.PORTION, portions + " portions");
    assertTrue(portions <= all / ConnectionWalk.PORTION + 8, portions + " portions");
  }
}
