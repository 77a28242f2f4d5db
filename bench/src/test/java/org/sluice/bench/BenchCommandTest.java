package org.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.memory.OffHeap;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.ResultTable;
import org.sluice.datapath.flow.PacketText;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** The command from its arguments to what it prints. */
class BenchCommandTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bench(String... arguments) throws InterruptedException {
    return new BenchCommand(printTo(out), printTo(err)).run(arguments);
  }

  private static PrintStream printTo(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void shouldForwardEveryFrameOfTheCaptureWhenPlayedOnce() throws Exception {
    for (BenchPolicy policy : List.of(BenchPolicy.FWD, BenchPolicy.STATEFUL)) {
      out.reset();
      Path flows = Files.writeString(folder.resolve("a.flows"), policy.flows());
      Path capture = folder.resolve("a.pcap");
      Traffic.writeUdp(capture, 500);
      int status =
          bench("forward", "--flows", flows + "", "--capture", capture + "", "--once", "--json");
      assertEquals("", err.toString(StandardCharsets.UTF_8));
      assertEquals(0, status);
      JsonNode result = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
      assertEquals(500, result.get("packets").asInt());
      assertTrue(result.get("mpps").asDouble() > 0);
      assertTrue(result.get("nsPerPacket").asDouble() > 0);
    }
  }

  @Test
  void shouldMakeValidUdpWhenTrafficIsMadeUp() {
    PacketBatch batch = new PacketBatch();
    Packet packet = batch.append();
    byte[] frame = Traffic.udp(70_000);
    packet.length = frame.length;
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    Parser.parse(packet);
    assertEquals("udp 10.0.17.113:11024 > 11.0.0.2:80 len 60", PacketText.describe(packet));
    assertTrue(Checksum.isIpv4HeaderValid(packet) && Checksum.isTransportValid(packet));
  }

  @Test
  void shouldShowOursBesideThePeersWithTheRatioTheRightWayRound() {
    Map<Measurement, Double> ours = Map.of(Speed.RATE, 30.0, Speed.TIME, 20.0);
    Map<Measurement, Double> theirs = Map.of(Speed.RATE, 20.0, Speed.TIME, 30.0);
    new ResultTable(printTo(out), "other").print(List.of(ours, theirs), false);
    assertEquals(
        """
                                                              other         sluice    ratio
        how many (/s)                                         20.00          30.00     1.50
        how long (ms)                                         30.00          20.00     1.50
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  private enum Speed implements Measurement {
    RATE("how many", "/s"),
    TIME("how long", "ms");

    private final String title;
    private final String unit;

    Speed(String title, String unit) {
      this.title = title;
      this.unit = unit;
    }

    @Override
    public String title() {
      return title;
    }

    @Override
    public String unit() {
      return unit;
    }

    @Override
    public boolean moreIsBetter() {
      return this == RATE;
    }
  }

  @Test
  void shouldRefuseInOneLineWhenArgumentsMakeNoSense() throws InterruptedException {
    assertEquals(1, bench("forward", "--against", "vpp"));
    assertEquals(1, bench("forward"));
    assertEquals(1, bench("forward", "--seconds", "0", "--against", "ovs-dpdk"));
    assertEquals(1, bench("backward"));
    assertEquals(1, bench("forward", "--bogus"));
    assertEquals(1, bench("forward", "--seconds", "many"));
    assertEquals(1, bench("forward", "--against", "ovs-dpdk", "--once"));
    assertEquals(1, bench("forward", "--against", "ovs-dpdk", "--flows", "a"));
    assertEquals(1, bench("forward", "--policy", "fwd", "--flows", "a", "--capture", "b"));
    assertEquals(1, bench("openflow", "--against", "vpp"));
    assertEquals(1, bench("openflow", "--large", "2000000"));
    assertEquals(1, bench("ovsdb", "--rows", "none"));
    assertEquals(
        """
        sluice bench: --against vpp: the only peer is ovs-dpdk
        sluice bench: --flows FILE and --capture FILE are needed, or --against ovs-dpdk
        sluice bench: --seconds 0: not between 1 and 3600
        sluice bench: unknown benchmark 'backward'; try './sluice bench --help'
        sluice bench: unrecognized option '--bogus'; try './sluice bench forward --help'
        sluice bench: Invalid value for option '--seconds': 'many' is not an int; try \
        './sluice bench forward --help'
        sluice bench: --once needs --flows FILE and --capture FILE
        sluice bench: --flows FILE and --capture FILE go together
        sluice bench: --policy chooses among the rows of --against without --flows
        sluice bench: --against vpp: the only peer is ovs
        sluice bench: --large 2000000: not between 1 and 1000000
        sluice bench: Invalid value for option '--rows': 'none' is not an int; try \
        './sluice bench ovsdb --help'
        """,
        err.toString(StandardCharsets.UTF_8));
  }
}
