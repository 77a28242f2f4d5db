package org.sluice.datapath.conntrack;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;
import org.sluice.datapath.packet.TransportChecksum;

/**
 * Prints what tracking costs per packet on this machine. Not a test: run it by hand, {@code java
 * -cp datapath/target/classes:datapath/target/test-classes:base/target/classes
 * org.sluice.datapath.conntrack.ConntrackBench [connections]}.
 */
public final class ConntrackBench {
  private static final int ROUNDS = 8;
  private static final int SEQUENCE = 4;
  private static final int ACKNOWLEDGEMENT = 8;

  private final Conntrack conntrack = new Conntrack(42);
  private final Tracker tracker = conntrack.newTracker();
  private final PacketMaker maker = new PacketMaker();
  private final Packet[] packets;
  private final long[] handles;
  private final TrackRequest lookup = TrackRequest.lookup(0);
  private final TrackRequest commit = TrackRequest.commit(0);

  private ConntrackBench(int connections) {
    packets = new Packet[connections];
    handles = new long[connections];
  }

  public static void main(String[] args) {
    int connections = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    new ConntrackBench(connections).run("udp", false);
    new ConntrackBench(connections).run("tcp again", true);
    new ConntrackBench(connections).exchange("");
    new ConntrackBench(connections).exchange("0123456789");
    new ConntrackBench(1).create();
  }

  private void run(String name, boolean isTcp) {
    PacketBatch batch = new PacketBatch();
    for (int i = 0; i < packets.length; i++) {
      End client = new End("10.1." + (i >> 8 & 255) + "." + (i & 255), 1000 + (i >> 16));
      End server = new End("10.2.0.1", 80);
      packets[i] = copy(isTcp ? openTcp(client, server) : openUdp(client, server));
      tracker.track(packets[i], lookup, 1000);
      handles[i] = packets[i].connection;
    }
    batch.clear();
    measure(name + " track", () -> trackAll());
    measure(name + " fastUpdate", () -> fastUpdateAll());
  }

  private Packet openTcp(End client, End server) {
    tracker.track(maker.tcp(client, server, Segment.of(2, 1000, 0), ""), commit, 1000);
    tracker.track(maker.tcp(server, client, Segment.of(18, 5000, 1001), ""), commit, 1000);
    tracker.track(maker.tcp(client, server, Segment.of(16, 1001, 5001), ""), commit, 1000);
    return maker.tcp(client, server, Segment.of(24, 1001, 5001), "0123456789");
  }

  /**
   * The client sends segment after segment and the server acknowledges each: what a transfer costs
   * per pair.
   */
  private void exchange(String data) {
    Packet[] acknowledgements = new Packet[packets.length];
    long[] replyHandles = new long[packets.length];
    for (int i = 0; i < packets.length; i++) {
      End client = new End("10.1." + (i >> 8 & 255) + "." + (i & 255), 1000 + (i >> 16));
      End server = new End("10.2.0.1", 80);
      openTcp(client, server);
      packets[i] = copy(maker.tcp(client, server, Segment.of(24, 1001, 5001), data));
      acknowledgements[i] = copy(maker.tcp(server, client, Segment.of(16, 5001, 1001), ""));
      tracker.track(acknowledgements[i], lookup, 1000);
      replyHandles[i] = acknowledgements[i].connection;
    }
    String name = data.isEmpty() ? "tcp ack+ack" : "tcp data+ack";
    measure(name, () -> exchangeAll(acknowledgements, replyHandles, data.length()));
  }

  private void exchangeAll(Packet[] acknowledgements, long[] replyHandles, int bytes) {
    int sent = CtState.TRACKED | CtState.ESTABLISHED;
    for (int i = 0; i < packets.length; i++) {
      add(packets[i], SEQUENCE, bytes);
      add(acknowledgements[i], ACKNOWLEDGEMENT, bytes);
      if (!tracker.fastUpdate(replyHandles[i], packets[i], false, sent, 1001)
          || !tracker.fastUpdate(
              replyHandles[i], acknowledgements[i], false, sent | CtState.REPLY, 1001)) {
        throw new AssertionError("slow " + i);
      }
    }
  }

  /** Moves a number in the TCP header on by a segment. */
  private static void add(Packet packet, int offset, int bytes) {
    long at = packet.address + packet.l4Offset + offset;
    int before = OffHeap.getIntBe(at);
    TransportChecksum.dataChanged(packet, before & 0xffff_ffffL, before + bytes & 0xffff_ffffL);
    OffHeap.putIntBe(at, before + bytes);
  }

  private Packet openUdp(End client, End server) {
    tracker.track(maker.udp(client, server, ""), commit, 1000);
    tracker.track(maker.udp(server, client, ""), commit, 1000);
    return maker.udp(client, server, "012345678901234567");
  }

  private static Packet copy(Packet from) {
    Packet packet = new Packet();
    packet.bufferStart = OffHeap.allocate(512, 64);
    packet.bufferEnd = packet.bufferStart + 512;
    packet.reset();
    OffHeap.copy(from.address, packet.address, from.length);
    packet.length = from.length;
    Parser.parse(packet);
    return packet;
  }

  private void trackAll() {
    for (Packet packet : packets) {
      packet.ctState = 0;
      packet.connection = 0;
      tracker.track(packet, lookup, 1001);
    }
  }

  private void fastUpdateAll() {
    int expected = CtState.TRACKED | CtState.ESTABLISHED;
    for (int i = 0; i < packets.length; i++) {
      if (!tracker.fastUpdate(handles[i], packets[i], false, expected, 1001)) {
        throw new AssertionError("slow " + i);
      }
    }
  }

  private void measure(String name, Runnable all) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      int repeats = Math.max(1, 2_000_000 / packets.length);
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        all.run();
      }
      best = Math.min(best, (System.nanoTime() - start) / repeats);
    }
    System.out.printf("%-16s %8.1f ns%n", name, (double) best / packets.length);
  }

  /** New connections from ever new addresses, none swept. */
  private void create() {
    Packet packet = copy(maker.udp(new End("10.0.0.1", 1), new End("10.2.0.1", 80), "0123456789"));
    for (int round = 0; round < 4; round++) {
      int count = 500_000;
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        OffHeap.putIntBe(packet.address + 26, round * count + i);
        packet.offloadFlags = Packet.CHECKSUM_VERIFIED;
        packet.connection = 0;
        packet.ctState = CtState.TRACKED;
        tracker.track(packet, commit, 1000);
      }
      double ns = (double) (System.nanoTime() - start) / count;
      System.out.printf(
          "create           %8.1f ns, %d connections, %.0f bytes each%n",
          ns,
          conntrack.limits().count(),
          (double) conntrack.memoryBytes() / conntrack.limits().count());
    }
    long start = System.nanoTime();
    int swept = conntrack.sweep(1_000_000, Integer.MAX_VALUE);
    System.out.printf("sweep            %8.1f ns%n", (double) (System.nanoTime() - start) / swept);
  }
}
