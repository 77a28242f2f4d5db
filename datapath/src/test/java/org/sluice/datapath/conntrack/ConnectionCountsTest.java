package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.packet.IpProtocol;

/** What is counted as connections change against what a walk over all of them finds. */
class ConnectionCountsTest {
  private static final int ROUNDS = 300;
  private static final int ZONES = 3;

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final PacketMaker maker = new PacketMaker();
  private final Conntrack conntrack = new Conntrack(1);
  private final Tracker tracker = conntrack.newTracker();
  private long nowMs = 1_000_000;

  @Test
  void shouldBeWhatAWalkFindsAfterRandomExchanges() {
    for (int round = 0; round < ROUNDS; round++) {
      RandomExchange exchange = new RandomExchange(random, maker, 1024 + random.nextInt(500));
      int zone = random.nextInt(ZONES);
      int packets = random.nextInt(14);
      for (int i = 0; i < packets; i++) {
        tracker.track(exchange.next(), TrackRequest.commit(zone), nowMs);
        nowMs += random.nextInt(500);
      }
      if (random.nextInt(50) == 0) {
        conntrack.flushZone(zone);
      }
      conntrack.sweep(nowMs, Integer.MAX_VALUE);
      check();
    }
    conntrack.flush();
    assertEquals(0, conntrack.counts().now().total());
    check();
  }

  private void check() {
    Map<String, Integer> walked = new TreeMap<>();
    // What is due is looked for once a second, so that a walk must see the expired as well.
    conntrack.visit(
        nowMs - 2000,
        connection -> {
          String zone = connection.zone() + " ";
          walked.merge(zone + connection.original().protocol(), 1, Integer::sum);
          connection
              .tcp()
              .ifPresent(tcp -> walked.merge(zone + "state " + tcp.summary(), 1, Integer::sum));
        });
    Map<String, Integer> counted = new TreeMap<>();
    int total = 0;
    for (int zone = 0; zone < ZONES; zone++) {
      ConnectionCounts.Snapshot counts = conntrack.counts().now(zone);
      total += counts.total();
      for (int protocol : new int[] {IpProtocol.ICMP, IpProtocol.TCP, IpProtocol.UDP}) {
        put(counted, zone + " " + protocol, counts.ofProtocol(protocol));
      }
      for (int state = 0; state < TcpPeer.STATES; state++) {
        put(counted, zone + " state " + state, counts.ofTcpState(state));
      }
    }
    assertEquals(walked, counted, "seed " + seed);
    assertEquals(total, conntrack.counts().now().total());
    assertEquals(total, conntrack.limits().count());
  }

  private static void put(Map<String, Integer> counted, String name, int count) {
    if (count != 0) {
      counted.put(name, count);
    }
  }
}
