package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Plays TCP conversations written one segment per line, and checks each verdict.
 *
 * <pre>
 *   &gt; S   1000      win=1000 ws=7   new        the client's SYN, sequence 1000
 *   &lt; SA  5000      ack=1001        est|rpl    the server's answer
 *   &gt; A   1001+100  ack=5001        est        100 octets, all 0
 *   &gt; A   1101+9    data=x partial   est        nine x; the checksum is left to the device
 *   &gt; A   1110+9    data=y           fast       as the microflow cache would have it tracked
 *   &gt; A   1110+9    data=z           slow       what the shortcut leaves to the long way
 *   &lt; R   1                         inv        a reset from nowhere
 *   wait 30                                    seconds
 * </pre>
 */
final class TcpScenario {
  final Conntrack conntrack = new Conntrack(42);
  final Tracker tracker = conntrack.newTracker();
  final PacketMaker maker = new PacketMaker();
  final End client = new End("10.0.0.1", 1234);
  final End server = new End("10.0.0.2", 80);
  TrackRequest request = TrackRequest.commit(0);
  long nowMs = 1_000_000;
  DropReason lastReason;
  private final long[] handles = new long[2];

  /** Plays {@code lines}. */
  TcpScenario play(String lines) {
    lines.lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(this::step);
    return this;
  }

  private void step(String line) {
    List<String> words = List.of(line.split("\\s+", -1));
    if (words.getFirst().equals("wait")) {
      nowMs += Long.parseLong(words.get(1)) * 1000;
      return;
    }
    Packet packet = packet(words);
    if (words.contains("partial")) {
      leaveChecksum(packet);
    }
    if (words.getLast().equals("fast") || words.getLast().equals("slow")) {
      assertEquals(words.getLast(), isFast(packet, direction(words)) ? "fast" : "slow", line);
      return;
    }
    lastReason = tracker.track(packet, request, nowMs);
    String state = CtState.text(packet.ctState & ~CtState.TRACKED);
    assertEquals(words.getLast(), state, line + " (" + lastReason + ")");
    if (packet.connection != 0) {
      handles[direction(words)] = packet.connection;
    }
  }

  /** 1 for what the server sends; the connection's direction if the client opened it. */
  private static int direction(List<String> words) {
    return words.getFirst().equals(">") ? 0 : 1;
  }

  private boolean isFast(Packet packet, int direction) {
    int state = CtState.TRACKED | CtState.ESTABLISHED | (direction == 0 ? 0 : CtState.REPLY);
    return tracker.fastUpdate(handles[direction], packet, false, state, nowMs);
  }

  /** What a local host's kernel leaves in the checksum's place. */
  private static void leaveChecksum(Packet packet) {
    int sum = Checksum.fold(Checksum.pseudoSum(packet));
    OffHeap.putShortBe(packet.address + packet.l4Offset + 16, sum);
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
  }

  private Packet packet(List<String> words) {
    int flags = 0;
    for (char c : words.get(1).toCharArray()) {
      flags |= 1 << "FSRPA".indexOf(c);
    }
    String[] octets = words.get(2).split("\\+", -1);
    long sequence = Long.parseLong(octets[0]);
    byte[] payload = new byte[octets.length == 1 ? 0 : Integer.parseInt(octets[1])];
    Arrays.fill(payload, (byte) option(words, "data=", 0));
    Segment segment =
        new Segment(
            flags,
            (int) sequence,
            (int) option(words, "ack=", 0),
            (int) option(words, "win=", 65535),
            (int) option(words, "ws=", -1));
    return direction(words) == 0
        ? maker.tcp(client, server, segment, payload)
        : maker.tcp(server, client, segment, payload);
  }

  private static long option(List<String> words, String name, long ifAbsent) {
    return words.stream()
        .filter(word -> word.startsWith(name))
        .map(word -> word.substring(name.length()))
        .mapToLong(value -> name.equals("data=") ? value.charAt(0) : Long.parseLong(value))
        .findFirst()
        .orElse(ifAbsent);
  }

  /** The only connection. */
  ConnectionSnapshot connection() {
    List<ConnectionSnapshot> all = connections();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  List<ConnectionSnapshot> connections() {
    List<ConnectionSnapshot> all = new java.util.ArrayList<>();
    conntrack.visit(nowMs, all::add);
    return all;
  }
}
