package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/** The index grows with a rush of connections and becomes small again, and finds all meanwhile. */
class IndexSizeTest {
  private static final int RUSH = 400_000;
  private static final int TIMEOUT_MS = 60_000;
  private static final int CALM_MS = 30_000;
  private static final int ZONES = 4;
  private static final int PORTS = 50_000;

  /** Small arrays of buckets are kept. */
  private static final int KEPT_BYTES = 500_000;

  /** Sixteen buckets of four bytes, and what smaller arrays were before. */
  private static final int BYTES_PER_CONNECTION = 64 + 64 / 3 + 1;

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final Conntrack conntrack = new Conntrack(seed | 1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  /** When each connection expires: the slow index. */
  private final Map<Integer, Long> known = new HashMap<>();

  private long nowMs = 1_000_000;

  private static int zone(int number) {
    return number % ZONES;
  }

  private static Packet query(PacketMaker maker, int number) {
    End from = new End("10.0.0." + number / PORTS, 1 + number % PORTS);
    return maker.udp(from, new End("10.0.1.1", 53), "");
  }

  private void create(int number) {
    tracker.track(query(maker, number), TrackRequest.commit(zone(number)), nowMs);
    known.put(number, nowMs + TIMEOUT_MS);
  }

  private boolean isThere(int number) {
    Packet packet = query(maker, number);
    tracker.track(packet, TrackRequest.lookup(zone(number)), nowMs);
    return packet.connection != 0;
  }

  private void assertSame() {
    known.values().removeIf(expiresMs -> expiresMs <= nowMs);
    conntrack.sweep(nowMs, Integer.MAX_VALUE);
    assertTrue(conntrack.limits().count() >= known.size(), "seed " + seed);
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
    for (int i = 0; i < 5_000; i++) {
      int number = random.nextInt(RUSH);
      boolean isKnown = known.computeIfPresent(number, (_, _) -> nowMs + TIMEOUT_MS) != null;
      assertEquals(isKnown, isThere(number), number + " seed " + seed);
    }
  }

  /** Time passes as it does for the control thread. */
  private void passTime(int ms) {
    long untilMs = nowMs + ms;
    for (; nowMs < untilMs; nowMs += 100) {
      conntrack.giveBackMemory(nowMs);
    }
    conntrack.sweep(nowMs, Integer.MAX_VALUE);
  }

  private long indexBytes() {
    long records = (long) conntrack.limits().count() * ConnectionRecord.BYTES;
    return conntrack.usedBytes() - records;
  }

  @Test
  void shouldAgreeWithAMapWhateverSizeItHas() {
    for (int step = 0; step < 20; step++) {
      switch (random.nextInt(4)) {
        case 0 -> random.ints(random.nextInt(RUSH), 0, RUSH).forEach(this::create);
        case 1 -> {
          int zone = random.nextInt(ZONES);
          conntrack.flushZone(zone);
          known.keySet().removeIf(number -> zone(number) == zone);
        }
        case 2 -> {
          int part = 1 + random.nextInt(1000);
          conntrack.flush(connection -> connection.original().sourcePort() % part != 0);
          known.keySet().removeIf(number -> (1 + number % PORTS) % part != 0);
        }
        default -> passTime(random.nextInt(CALM_MS));
      }
      assertSame();
    }
  }

  @Test
  void shouldTakeLittleMemoryForFewConnectionsAfterMany() {
    conntrack.timeouts().set(Timer.OTHER_FIRST, 1_000_000);
    for (int number = 0; number < RUSH; number++) {
      create(number);
    }
    long full = indexBytes();
    assertTrue(full > RUSH * 4L, full + " bytes");
    for (int left = RUSH; left >= 1; left /= 20) {
      int limit = left;
      conntrack.flush(connection -> number(connection) >= limit);
      passTime(CALM_MS);
      long bytes = indexBytes();
      assertTrue(
          bytes <= left * (long) BYTES_PER_CONNECTION + KEPT_BYTES,
          bytes + " bytes for " + left + " connections, seed " + seed);
      assertEquals(left, conntrack.limits().count());
      assertTrue(isThere(random.nextInt(left)) && !isThere(left), "seed " + seed);
    }
  }

  private static int number(ConnectionSnapshot connection) {
    ConnectionTuple tuple = connection.original();
    return (int) (tuple.sourceLow() & 0xff) * PORTS + tuple.sourcePort() - 1;
  }

  /** A packet that looks a connection up does not miss it because others have gone. */
  @Test
  void shouldFindConnectionsWhileItsSizeChanges() throws Exception {
    conntrack.timeouts().set(Timer.OTHER_FIRST, 1_000_000);
    conntrack.timeouts().set(Timer.OTHER_MULTIPLE, 1_000_000);
    for (int number = 0; number < RUSH / 100; number++) {
      create(number);
    }
    AtomicBoolean isDone = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> looking = threads.submit(() -> lookUp(isDone));
      for (int wave = 0; wave < 2; wave++) {
        for (int number = RUSH / 100; number < RUSH; number++) {
          create(number);
        }
        conntrack.flush(connection -> number(connection) >= RUSH / 100);
        passTime(CALM_MS);
      }
      isDone.set(true);
      looking.get();
    }
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private void lookUp(AtomicBoolean isDone) {
    Random own = new Random(seed + 1);
    Tracker ownTracker = conntrack.newTracker();
    PacketMaker ownMaker = new PacketMaker();
    while (!isDone.get()) {
      int number = own.nextInt(RUSH / 100);
      Packet packet = query(ownMaker, number);
      ownTracker.track(packet, TrackRequest.lookup(zone(number)), 1_000_000);
      assertTrue(packet.connection != 0, number + " seed " + seed);
    }
  }
}
