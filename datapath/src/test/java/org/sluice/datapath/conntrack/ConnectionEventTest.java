package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;

/** What a program hears of connections. */
class ConnectionEventTest {
  private static final End CLIENT = new End("10.0.0.1", 4000);
  private static final End SERVER = new End("10.0.0.2", 80);

  private final Conntrack conntrack = new Conntrack(5);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();

  private List<String> events() {
    List<String> lines = new ArrayList<>();
    conntrack.pollEvents(
        event -> {
          String line = ConnectionText.line(event.connection(), false, false);
          lines.add(event.kind() + " " + line.replaceAll(",orig.*,zone", ",zone"));
        },
        1000);
    return lines;
  }

  private void tcp(End from, End to, int flags, TrackRequest request) {
    int sequence = from.equals(CLIENT) ? 100 : 500;
    if (flags != PacketMaker.SYN) {
      sequence += from.equals(CLIENT) ? 1 : 0;
    }
    Segment segment = Segment.of(flags, sequence, from.equals(CLIENT) ? 501 : 101);
    tracker.track(maker.tcp(from, to, segment, ""), request, 0);
  }

  @Test
  void shouldTellWhatHappensToAConnection() {
    conntrack.keepEvents(64);
    tcp(CLIENT, SERVER, PacketMaker.SYN, TrackRequest.commit(1));
    assertEquals(List.of("NEW tcp,zone=1,protoinfo=(state=SYN_SENT)"), events());
    tcp(SERVER, CLIENT, PacketMaker.SYN | PacketMaker.ACK, TrackRequest.lookup(1));
    tcp(CLIENT, SERVER, PacketMaker.ACK, TrackRequest.lookup(1));
    assertEquals(2, events().size());
    TrackRequest.MarkAndLabel mark = new TrackRequest.MarkAndLabel(7, -1, 0, 0, 0, 0);
    TrackRequest marking = new TrackRequest(true, false, 1, mark, Gateway.NONE);
    tcp(CLIENT, SERVER, PacketMaker.ACK, marking);
    assertEquals(List.of("UPDATE tcp,zone=1,mark=7,protoinfo=(state=ESTABLISHED)"), events());
    tcp(CLIENT, SERVER, PacketMaker.ACK, marking);
    assertEquals(List.of(), events());
    conntrack.flush();
    assertEquals(List.of("DESTROY tcp,zone=1,mark=7,protoinfo=(state=ESTABLISHED)"), events());
  }

  @Test
  void shouldTellBothTuplesOfATranslatedConnection() {
    conntrack.keepEvents(64);
    NatRange range = new NatRange(true, false, 0, 0x0a090909, 0, 0, 0, 0, false, false);
    tracker.track(maker.udp(CLIENT, SERVER, ""), TrackRequest.commit(1, range), 0);
    List<ConnectionEvent> heard = new ArrayList<>();
    conntrack.pollEvents(heard::add, 9);
    assertEquals(0x0a090909, heard.getFirst().connection().reply().destinationLow());
  }

  @Test
  void shouldCountWhatItLosesWhenNobodyReads() {
    conntrack.keepEvents(4);
    for (int i = 1; i <= 10; i++) {
      End from = new End("10.0.0.1", i);
      tracker.track(maker.udp(from, SERVER, ""), TrackRequest.commit(1), 0);
    }
    assertEquals(6, conntrack.lostEvents());
    assertEquals(4, events().size());
  }

  @Test
  void shouldTellEveryConnectionOnceWhenThreadsMakeThem() throws Exception {
    conntrack.keepEvents(1 << 12);
    List<ConnectionEvent> heard = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Void>> makers = List.of(threads.submit(makerOf(1)), threads.submit(makerOf(2)));
      while (!makers.stream().allMatch(Future::isDone)) {
        conntrack.pollEvents(heard::add, 100);
      }
      for (Future<Void> each : makers) {
        each.get();
      }
    }
    conntrack.pollEvents(heard::add, Integer.MAX_VALUE);
    long told = heard.stream().map(event -> event.connection().original()).distinct().count();
    assertEquals(heard.size(), told);
    assertEquals(conntrack.limits().count(), heard.size() + conntrack.lostEvents());
    assertTrue(told > 1000, told + " told");
  }

  private Callable<Void> makerOf(int host) {
    return () -> {
      Tracker own = conntrack.newTracker();
      PacketMaker packets = new PacketMaker();
      for (int i = 1; i <= 10_000; i++) {
        own.track(packets.udp(new End("10.0.1." + host, i), SERVER, ""), TrackRequest.commit(0), 0);
      }
      return null;
    };
  }
}
