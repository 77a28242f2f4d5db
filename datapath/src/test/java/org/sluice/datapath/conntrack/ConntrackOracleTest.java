package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.packet.Packet;

/** Random UDP and ping traffic in few zones, beside a tracker made of a map. */
class ConntrackOracleTest {
  private static final int STEPS = 100_000;

  /** What the slow tracker knows of a connection. */
  private static final class Known {
    boolean isAnswered;
    long expiresMs;
    int mark;

    void refresh(long nowMs) {
      expiresMs = nowMs + (isAnswered ? 30_000 : 60_000);
    }
  }

  private record Tuple(int zone, boolean isPing, End from, End to) {
    Tuple reversed() {
      return new Tuple(zone, isPing, to, from);
    }
  }

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final Conntrack conntrack = new Conntrack(seed | 1);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();
  private final Map<Tuple, Known> known = new HashMap<>();
  private final Map<Tuple, Long> handles = new HashMap<>();
  private long nowMs = 5_000_000;

  @Test
  void shouldAgreeWithAMapUnderRandomOperations() {
    conntrack.limits().setZoneLimit(3, 20);
    for (int step = 0; step < STEPS; step++) {
      step();
      if (step % 100 == 0) {
        assertTrue(conntrack.table().isConsistent(0), "inconsistent, seed " + seed);
      }
      if (step % 1000 == 0) {
        assertSameConnections();
      }
    }
  }

  private void step() {
    int dice = random.nextInt(1000);
    if (dice < 960) {
      send();
    } else if (dice < 990) {
      nowMs += random.nextInt(5000);
    } else if (dice < 994) {
      nowMs += random.nextInt(100_000);
    } else if (dice < 997) {
      sweep();
    } else if (dice < 999) {
      int zone = random.nextInt(4);
      conntrack.flushZone(zone);
      known.keySet().removeIf(tuple -> tuple.zone() == zone);
    } else {
      conntrack.flush(snapshot -> snapshot.mark() == 2);
      known.values().removeIf(connection -> connection.mark == 2);
    }
  }

  private void sweep() {
    conntrack.sweep(nowMs, Integer.MAX_VALUE);
    long overdue = conntrack.limits().count() - count(nowMs - 1000);
    known.values().removeIf(connection -> connection.expiresMs <= nowMs - 1000);
    assertTrue(overdue <= 0, overdue + " overdue, seed " + seed);
  }

  private long count(long nowMs) {
    return known.values().stream().filter(c -> c.expiresMs > nowMs).count();
  }

  private Tuple randomTuple() {
    boolean isIpv6 = random.nextInt(4) == 0;
    String prefix = isIpv6 ? "2001:db8::" : "10.0.0.";
    boolean isPing = random.nextInt(4) == 0;
    int id = 1 + random.nextInt(3);
    End from = new End(prefix + (1 + random.nextInt(4)), id);
    End to = new End(prefix + (1 + random.nextInt(4)), isPing ? id : 1 + random.nextInt(3));
    return new Tuple(random.nextInt(4), isPing, from, to);
  }

  private void send() {
    Tuple tuple = randomTuple();
    boolean isAnswer = tuple.isPing() && random.nextBoolean();
    Packet packet = packet(tuple, isAnswer);
    boolean commits = random.nextInt(3) != 0;
    boolean forces = commits && random.nextInt(20) == 0;
    boolean marks = random.nextInt(5) == 0;
    int mark = random.nextInt(3);
    if (!commits && !marks && isFast(tuple, packet, isAnswer)) {
      return;
    }
    MarkAndLabel set = marks ? new MarkAndLabel(mark, -1, 0, mark, 0, -1) : MarkAndLabel.NONE;
    TrackRequest request = new TrackRequest(commits, forces, tuple.zone(), set, Gateway.NONE);
    tracker.track(packet, request, nowMs);
    String expected = expected(tuple, isAnswer, request);
    String got = CtState.text(packet.ctState) + " mark " + packet.ctMark;
    assertEquals(expected, got, tuple + " seed " + seed);
    handles.put(tuple, packet.connection);
  }

  /** The handle of an earlier packet may be out of date in every way. */
  private boolean isFast(Tuple tuple, Packet packet, boolean isAnswer) {
    Known connection = find(tuple, isAnswer);
    boolean isReply = connection != null && known.get(tuple) != connection;
    int state = CtState.TRACKED | CtState.NEW;
    if (connection != null && connection.isAnswered) {
      state = CtState.TRACKED | CtState.ESTABLISHED | (isReply ? CtState.REPLY : 0);
    }
    long handle = handles.getOrDefault(tuple, 0L);
    if (!tracker.fastUpdate(handle, packet, false, state, nowMs)) {
      return false;
    }
    assertTrue(connection != null, "fast without connection, seed " + seed);
    update(connection, isReply);
    return true;
  }

  private Packet packet(Tuple tuple, boolean isAnswer) {
    if (!tuple.isPing()) {
      return maker.udp(tuple.from(), tuple.to(), "x");
    }
    boolean isIpv6 = tuple.from().address().contains(":");
    int type = isIpv6 ? (isAnswer ? 129 : 128) : isAnswer ? 0 : 8;
    return maker.icmp(tuple.from(), tuple.to(), type, tuple.from().port());
  }

  private Known find(Tuple tuple, boolean isAnswer) {
    Known forward = known.get(tuple);
    Known reply = known.get(tuple.reversed());
    Known found = null;
    if (forward != null && !isAnswer) {
      found = forward;
    } else if (reply != null && (isAnswer || !tuple.isPing())) {
      found = reply;
    }
    return found != null && found.expiresMs > nowMs ? found : null;
  }

  private void update(Known connection, boolean isReply) {
    connection.isAnswered |= isReply;
    connection.refresh(nowMs);
  }

  private String expected(Tuple tuple, boolean isAnswer, TrackRequest request) {
    Known connection = find(tuple, isAnswer);
    boolean isReply = connection != null && known.get(tuple) != connection;
    boolean isSelf = tuple.from().equals(tuple.to());
    if (isSelf && isAnswer) {
      isReply = connection != null;
    }
    if (connection != null && request.force() && isReply) {
      known.remove(tuple.reversed());
      connection = null;
    }
    if (connection == null) {
      return begin(tuple, isAnswer, request);
    }
    update(connection, isReply);
    connection.mark = merge(connection.mark, request);
    String direction = isReply ? "|rpl" : "";
    return (connection.isAnswered ? "est" + direction : "new") + "|trk mark " + connection.mark;
  }

  private static int merge(int mark, TrackRequest request) {
    return request.set().markMask() == 0 ? mark : request.set().mark();
  }

  private String begin(Tuple tuple, boolean isAnswer, TrackRequest request) {
    if (isAnswer) {
      return "inv|trk mark 0";
    }
    boolean isFull = tuple.zone() == 3 && conntrack.limits().count(3) >= 20 && !isJustMade(tuple);
    if (!request.commit() || isFull) {
      return "new|trk mark 0";
    }
    Known connection = new Known();
    connection.refresh(nowMs);
    connection.mark = merge(0, request);
    if (!tuple.isPing()) {
      known.remove(tuple.reversed());
    }
    known.put(tuple, connection);
    return "new|trk mark " + connection.mark;
  }

  /** Whether the tracker, which went first, made this connection as the last that fits. */
  private boolean isJustMade(Tuple tuple) {
    boolean[] found = new boolean[1];
    String wanted = tuple.from() + " " + tuple.to() + " " + tuple.isPing();
    conntrack.visit(
        nowMs,
        snapshot -> {
          if (snapshot.zone() == 3 && describe(snapshot).equals(wanted)) {
            found[0] = true;
          }
        });
    return found[0];
  }

  private static String describe(ConnectionSnapshot snapshot) {
    ConnectionTuple tuple = snapshot.original();
    int destinationPort = tuple.isIcmp() ? tuple.sourcePort() : tuple.destinationPort();
    End from = end(tuple.ipv6(), tuple.sourceLow(), tuple.sourcePort());
    End to = end(tuple.ipv6(), tuple.destinationLow(), destinationPort);
    return from + " " + to + " " + tuple.isIcmp();
  }

  private static End end(boolean isIpv6, long low, int port) {
    return new End((isIpv6 ? "2001:db8::" : "10.0.0.") + (low & 0xff), port);
  }

  private void assertSameConnections() {
    Map<String, String> expected = new TreeMap<>();
    known.forEach((tuple, c) -> {
      if (c.expiresMs > nowMs) {
        String name = tuple.from() + " " + tuple.to() + " " + tuple.isPing();
        expected.put(tuple.zone() + " " + name, c.expiresMs - nowMs + " " + c.mark);
      }
    });
    Map<String, String> got = new TreeMap<>();
    conntrack.visit(
        nowMs, s -> got.put(s.zone() + " " + describe(s), s.expiresInMs() + " " + s.mark()));
    assertEquals(expected, got, "seed " + seed);
    List<Integer> zones = List.of(0, 1, 2, 3);
    int total = zones.stream().mapToInt(conntrack.limits()::count).sum();
    assertEquals(conntrack.limits().count(), total);
  }
}
