package org.sluice.bench.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

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
  void shouldRefuseWhatMakesNoSense() {
    assertRefused(
        "--against dpdk: the peers are ovs, ovs-afpacket, ovs-afxdp and bridge", "--against=dpdk");
    assertRefused("--seconds 0: not between 1 and 600", "--seconds=0");
    assertRefused("--rounds 101: not between 1 and 100", "--rounds=101");
  }

  private void assertRefused(String message, String... arguments) {
    NetworkBench bench = new NetworkBench(printer, printer);
    IOException e = assertThrows(IOException.class, () -> bench.run(arguments));
    assertEquals(message, e.getMessage());
  }
}
