package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Translation against maps of tuples: whatever comes, no two connections have the same answers,
 * each answer finds its way home, and a range is exhausted when, and only when, all of it is used.
 */
class NatOracleTest {
  private static final int HOSTS = 6;
  private static final int PORTS = 12;
  private static final int POOL = 0x0a09_0900;

  private final long seed = Seeds.next();
  private final Conntrack conntrack = new Conntrack(seed | 1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  /** Ends of a UDP packet. */
  private record Tuple(int source, int sourcePort, int destination, int destinationPort) {
    Tuple reversed() {
      return new Tuple(destination, destinationPort, source, sourcePort);
    }

    static Tuple of(Packet packet) {
      assertTrue(Checksum.isIpv4HeaderValid(packet) && Checksum.isTransportValid(packet));
      long ip = packet.address + packet.l3Offset;
      long udp = packet.address + packet.l4Offset;
      return new Tuple(
          OffHeap.getIntBe(ip + 12),
          OffHeap.getUnsignedShortBe(udp),
          OffHeap.getIntBe(ip + 16),
          OffHeap.getUnsignedShortBe(udp + 2));
    }
  }

  private static End end(int address, int port) {
    String text = (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255);
    return new End(text + "." + (address & 255), port);
  }

  private Packet packet(PacketMaker from, Tuple tuple) {
    return from.udp(
        end(tuple.source(), tuple.sourcePort()),
        end(tuple.destination(), tuple.destinationPort()),
        "data");
  }

  private static Tuple randomTuple(Random random) {
    return new Tuple(
        0x0a00_0001 + random.nextInt(HOSTS),
        2000 + random.nextInt(PORTS),
        0x0a01_0001 + random.nextInt(2),
        80 + random.nextInt(2));
  }

  private static NatRange randomRange(Random random) {
    boolean source = random.nextInt(4) != 0;
    int addresses = random.nextInt(3);
    int minPort = source && random.nextBoolean() ? 2000 + random.nextInt(4) : 0;
    int maxPort = minPort == 0 ? 0 : minPort + random.nextInt(8);
    long base = source ? POOL : 0x0a01_0001L;
    if (random.nextInt(8) == 0) {
      return new NatRange(source, !source, 0, 0, 0, 0, 0, 0, false, random.nextBoolean());
    }
    return new NatRange(
        source,
        !source,
        0,
        base,
        0,
        base + addresses,
        minPort,
        maxPort,
        random.nextBoolean(),
        random.nextBoolean());
  }

  @Test
  void shouldAgreeWithMapsWhenConnectionsComeAndGo() {
    Random random = new Random(seed);
    Map<Tuple, Tuple> replies = new HashMap<>();
    Map<Tuple, Tuple> originals = new HashMap<>();
    long nowMs = 0;
    int exhausted = 0;
    for (int i = 0; i < 30_000; i++) {
      String message = "seed " + seed + " step " + i;
      if (random.nextInt(3000) == 0) {
        conntrack.flush();
        replies.clear();
        originals.clear();
      }
      Tuple tuple = randomTuple(random);
      NatRange range = randomRange(random);
      Packet packet = packet(maker, tuple);
      boolean isKnown = replies.containsKey(tuple) || originals.containsKey(tuple);
      DropReason reason = tracker.track(packet, TrackRequest.commit(0, range), nowMs);
      if (!isKnown && reason == DropReason.CT_NAT_EXHAUSTED) {
        exhausted++;
        assertTrue(isAllTaken(range, tuple, replies, originals), message);
        continue;
      }
      assertNull(reason, message);
      Tuple translated = Tuple.of(packet);
      if (isKnown) {
        Tuple expected =
            replies.containsKey(tuple)
                ? replies.get(tuple).reversed()
                : originals.get(tuple).reversed();
        assertEquals(expected, translated, message);
      } else {
        assertTrue(isWithin(range, tuple, translated), message + translated);
        assertNull(originals.put(translated.reversed(), tuple), message);
        assertTrue(!replies.containsKey(translated.reversed()), message);
        replies.put(tuple, translated.reversed());
      }
      if (i % 500 == 0) {
        assertTrue(conntrack.table().isConsistent(conntrack.portPools().count()), message);
        assertEquals(replies.size(), conntrack.limits().count(), message);
      }
    }
    assertTrue(exhausted > 50, "exhausted only " + exhausted + " times, seed " + seed);
    conntrack.flush();
    assertEquals(0, conntrack.portPools().count(), "seed " + seed);
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private static boolean isWithin(NatRange range, Tuple tuple, Tuple translated) {
    long address = (range.source() ? translated.source() : translated.destination());
    long kept = range.source() ? tuple.source() : tuple.destination();
    boolean isAddress =
        range.keepsAddress()
            ? address == kept
            : address >= range.minLow() && address <= range.maxLow();
    boolean isPort =
        range.minPort() == 0
            || (translated.sourcePort() >= range.minPort()
                && translated.sourcePort() <= range.maxPort());
    return isAddress && isPort;
  }

  private static boolean isAllTaken(
      NatRange range, Tuple tuple, Map<Tuple, Tuple> replies, Map<Tuple, Tuple> originals) {
    if (!range.source() || range.minPort() == 0) {
      return false;
    }
    for (long address = range.minLow(); address <= range.maxLow(); address++) {
      for (int port = range.minPort(); port <= range.maxPort(); port++) {
        Tuple reply = new Tuple(tuple.destination(), tuple.destinationPort(), (int) address, port);
        if (!originals.containsKey(reply) && !replies.containsKey(reply)) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void shouldNeverCollideWhenThreadsRace() throws Exception {
    NatRange range = new NatRange(true, false, 0, POOL, 0, POOL + 1, 1000, 1999, false, false);
    List<Set<Tuple>> seen = List.of(new HashSet<>(), new HashSet<>());
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Callable<Integer>> racers = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        Set<Tuple> own = seen.get(thread);
        racers.add(() -> race(range, own));
      }
      int made = 0;
      for (Future<Integer> done : threads.invokeAll(racers)) {
        made += done.get();
      }
      assertEquals(2000, conntrack.limits().count(), "seed " + seed);
      assertTrue(made >= 2000, "seed " + seed);
    }
    Set<Tuple> all = new HashSet<>(seen.get(0));
    all.addAll(seen.get(1));
    assertEquals(2000, all.size(), "seed " + seed);
    assertTrue(conntrack.table().isConsistent(conntrack.portPools().count()), "seed " + seed);
    conntrack.flush();
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  /** Both threads offer the same 2,500 connections, of which 2,000 fit. */
  private int race(NatRange range, Set<Tuple> seen) {
    Tracker own = conntrack.newTracker();
    PacketMaker packets = new PacketMaker();
    int made = 0;
    for (int i = 0; i < 2500; i++) {
      Tuple tuple = new Tuple(0x0a00_0001 + i / 50, 3000 + i % 50, 0x0a01_0001, 80);
      Packet packet = packet(packets, tuple);
      if (own.track(packet, TrackRequest.commit(0, range), 0) == null) {
        seen.add(Tuple.of(packet));
        made++;
      }
    }
    return made;
  }

  @Test
  void shouldStayConsistentWhenThreadsCreateAndRemove() throws Exception {
    NatRange range = new NatRange(true, false, 0, POOL, 0, POOL + 1, 1000, 1029, false, true);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Callable<Void>> churners = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        Random random = new Random(seed + thread);
        churners.add(() -> churn(range, random));
      }
      for (Future<Void> done : threads.invokeAll(churners)) {
        done.get();
      }
    }
    assertTrue(conntrack.table().isConsistent(conntrack.portPools().count()), "seed " + seed);
    conntrack.flush();
    assertEquals(0, conntrack.portPools().portsInUse(), "seed " + seed);
    assertTrue(conntrack.table().isConsistent(0), "seed " + seed);
  }

  private Void churn(NatRange range, Random random) {
    Tracker own = conntrack.newTracker();
    PacketMaker packets = new PacketMaker();
    for (int i = 0; i < 60_000; i++) {
      Tuple tuple = randomTuple(random);
      Packet packet = packet(packets, tuple);
      own.track(packet, TrackRequest.commit(0, range), i);
      if (random.nextInt(4) == 0 && packet.connection != 0) {
        conntrack.table().remove(packet.connection);
      } else if (packet.connection != 0) {
        Packet answer = packet(packets, Tuple.of(packet).reversed());
        own.track(answer, TrackRequest.translate(0), i);
      }
      if (random.nextInt(10_000) == 0) {
        conntrack.sweep(i, 100);
      }
    }
    return null;
  }
}
