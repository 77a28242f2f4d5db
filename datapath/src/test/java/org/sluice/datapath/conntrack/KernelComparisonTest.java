package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sluice.base.linux.Processes;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * The same random exchanges through the Linux kernel's tracker and this one. Where the two differ
 * on purpose the difference is in {@link #KNOWN}, and explained in docs/CONNECTIONS.md.
 */
class KernelComparisonTest {
  private static final int EXCHANGES = Integer.getInteger("exchanges", 1000);
  private static final int MAX_PACKETS = 14;
  private static final String OPENED = "syn> syn+ack< first ack> ";

  /** What may differ; {@code whole} if also in a conversation whose opening was seen. */
  private record Known(String difference, boolean whole) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known("(far )?(data|ack|reset): Linux est.*, here inv CT_OUT_OF_WINDOW", true),
          new Known("far ack: Linux inv, here est.*", true),
          new Known("syn of a new life: Linux inv, here est\\|rpl", true),
          new Known("(fin|reset|far reset).*: Linux inv, here new", false),
          new Known(".*: Linux (inv|new), here est.*", false),
          new Known(".*: Linux (est|new).*, here inv CT_OUT_OF_WINDOW", false));

  /** {@code -Dseed=N} looks for differences of a kind that is rarer than one exchange in 1,000. */
  private final long seed = Long.getLong("seed", 2);

  private final PacketMaker maker = new PacketMaker();
  private final Map<String, Integer> differences = new TreeMap<>();
  private int packets;
  private int known;

  @Test
  void shouldAgreeWithLinuxWhenExchangesAreRandom() throws IOException {
    assumeTrue(Processes.isRoot(), "making network namespaces needs root");
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nftables is not installed");
    Random random = new Random(seed);
    try (KernelTracker kernel = new KernelTracker()) {
      for (int i = 0; i < EXCHANGES; i++) {
        exchange(random, kernel, 1024 + i % 60_000);
      }
    }
    String message = packets + " packets, seed " + seed;
    assertEquals(Map.of(), differences, message);
    assertTrue(packets > 8 * EXCHANGES, message);
    assertTrue(known < EXCHANGES / 4, known + " known differences in " + message);
  }

  /** Plays an exchange until the two disagree, for then they know different things. */
  private void exchange(Random random, KernelTracker kernel, int port) {
    Tracker tracker = new Conntrack(1).newTracker();
    RandomExchange exchange = new RandomExchange(random, maker, port);
    String before = "";
    for (int i = 0; i < MAX_PACKETS; i++) {
      Packet packet = exchange.next();
      DropReason reason = tracker.track(packet, TrackRequest.commit(0), 0);
      String ours = state(packet.ctState);
      String theirs = kernel.track(packet, exchange.direction());
      packets++;
      if (!ours.equals(theirs)) {
        String why = reason == null ? ours : ours + " " + reason;
        String name = exchange.what() + ": Linux " + theirs + ", here " + why;
        note(name, before.startsWith(OPENED));
        return;
      }
      before += exchange.what() + (exchange.direction() == 0 ? "> " : "< ");
    }
  }

  private void note(String difference, boolean isWhole) {
    boolean isKnown =
        KNOWN.stream()
            .filter(each -> each.whole() || !isWhole)
            .anyMatch(each -> difference.matches(each.difference()));
    if (isKnown) {
      known++;
    } else {
      differences.merge(difference, 1, Integer::sum);
    }
  }

  private static String state(int ctState) {
    String reply = (ctState & CtState.REPLY) != 0 ? "|rpl" : "";
    if ((ctState & CtState.INVALID) != 0) {
      return "inv";
    }
    if ((ctState & CtState.RELATED) != 0) {
      return "rel" + reply;
    }
    return ((ctState & CtState.NEW) != 0 ? "new" : "est") + reply;
  }
}
