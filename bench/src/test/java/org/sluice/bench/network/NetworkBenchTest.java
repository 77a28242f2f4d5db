package org.sluice.bench.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.sluice.bench.contest.Measurement;

/** The parts of the benchmark that need neither namespaces nor switches. */
class NetworkBenchTest {
  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);

  @Test
  void shouldCountPagesWhenClientsVisitAServer() throws Exception {
    try (HttpServer server = new HttpServer(InetAddress.getLoopbackAddress(), THREADS)) {
      assertTrue(new HttpClients(server.addresses(), THREADS).perSecond(1) > 1);
    }
  }

  @Test
  void shouldSayThatNoPageWasServedWhenNobodyListens() throws Exception {
    HttpServer server = new HttpServer(InetAddress.getLoopbackAddress(), THREADS);
    HttpClients clients = new HttpClients(server.addresses(), THREADS);
    server.close();
    IOException e = assertThrows(IOException.class, () -> clients.perSecond(1));
    assertTrue(e.getMessage().startsWith("no page was served"), e.getMessage());
  }

  @Test
  void shouldNoteHowLongEachDatagramTook() throws Exception {
    DatagramChannel from = TimedDatagrams.open("127.0.0.1");
    DatagramChannel to = TimedDatagrams.open("127.0.0.1");
    try (TimedDatagrams datagrams = new TimedDatagrams(from, to, THREADS, 10)) {
      long startNs = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        datagrams.send();
      }
      long[] delaysNs = datagrams.delaysNs();
      long allNs = System.nanoTime() - startNs;
      assertEquals(3, delaysNs.length);
      assertTrue(Arrays.stream(delaysNs).allMatch(each -> each > 0 && each < allNs));
    }
  }

  @Test
  void shouldTellQuantilesOfDelays() throws IOException {
    long[] delaysNs = LongStream.rangeClosed(1, 10_000).map(us -> us * 1000).toArray();
    Map<Measurement, Double> figures = Delays.quantiles(delaysNs);
    assertEquals(5000, figures.get(NetworkFigure.DELAY_MEDIAN));
    assertEquals(9900, figures.get(NetworkFigure.DELAY_99));
    assertEquals(9990, figures.get(NetworkFigure.DELAY_999));
    assertEquals(10_000, figures.get(NetworkFigure.DELAY_MOST));
    IOException e = assertThrows(IOException.class, Delays::quantiles);
    assertEquals("no datagram has arrived", e.getMessage());
  }

  @Test
  void shouldTakeWhatArrivedWhenIperfReports() throws IOException {
    JsonNode tcp =
        Iperf.parse(
            "{\"end\": {\"sum_sent\": {\"bits_per_second\": 9e9},"
                + " \"sum_received\": {\"bits_per_second\": 8.5e9}}}");
    assertEquals(Map.of(NetworkFigure.TCP, 8.5), Iperf.tcpOf(tcp));
    JsonNode udp =
        Iperf.parse(
            "{\"end\": {\"sum\": {\"packets\": 5000, \"lost_packets\": 1000, \"seconds\": 2}}}");
    assertEquals(Map.of(NetworkFigure.UDP_RECEIVED, 2.0), Iperf.udpOf(udp));
  }

  @Test
  void shouldPassOnWhatIperfComplainsOf() {
    String refused = "{\"error\": \"unable to connect to server: Connection refused\"}";
    IOException e = assertThrows(IOException.class, () -> Iperf.parse(refused));
    assertEquals("iperf3: unable to connect to server: Connection refused", e.getMessage());
    e = assertThrows(IOException.class, () -> Iperf.parse("setns: denied\n"));
    assertEquals("iperf3: setns: denied", e.getMessage());
  }

  @Test
  void shouldShowEachRatioBesideWhatItShouldBe() throws IOException {
    NetworkTable table = new NetworkTable(printer, List.of(NetworkPeer.SLUICE, NetworkPeer.OVS));
    table.print(List.of(Map.of(NetworkFigure.TCP, 6.0), Map.of(NetworkFigure.TCP, 2.0)), false);
    String line = out.toString(StandardCharsets.UTF_8);
    assertTrue(line.endsWith("ovs 2.00 (x3.00 of 5.0)\n"), line);
    out.reset();
    table.print(List.of(Map.of(NetworkFigure.IDLE, 1.0), Map.of(NetworkFigure.IDLE, 4.0)), true);
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertEquals(4.0, json.get("ovs").get("ratio").asDouble());
    assertEquals("idle", json.get("measurement").asText());
  }

  @Test
  void shouldLeaveNoWorkToDevicesThatCannotDoIt() {
    assertTrue(NetworkPeer.SLUICE.offloads(""));
    assertFalse(NetworkPeer.SLUICE.offloads("afxdp"));
    assertFalse(NetworkPeer.OVS.offloads(""));
    assertTrue(NetworkPeer.BRIDGE.offloads("afxdp"));
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertRefused(
        "--against dpdk: the peers are ovs, ovs-afpacket, ovs-afxdp and bridge", "--against=dpdk");
    assertRefused("--seconds 0: not between 1 and 600", "--seconds=0");
    assertRefused("--idle-seconds 0: not between 1 and 600", "--idle-seconds=0");
    assertRefused("--rounds 101: not between 1 and 100", "--rounds=101");
  }

  private void assertRefused(String message, String... arguments) {
    NetworkBench bench = new NetworkBench(printer, printer);
    IOException e = assertThrows(IOException.class, () -> bench.run(arguments));
    assertEquals(message, e.getMessage());
  }
}
