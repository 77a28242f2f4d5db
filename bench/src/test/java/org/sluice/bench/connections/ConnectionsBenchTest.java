package org.sluice.bench.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.PacketText;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** Few connections for a moment: whether it measures, not what. */
class ConnectionsBenchTest {
  private static final int FLOWS = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  private ConnectionsBench bench() {
    return new ConnectionsBench(printTo(out), printTo(progress));
  }

  private static PrintStream printTo(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void shouldHoldListAndFlushConnections() throws Exception {
    String[] arguments =
        "--connections 2000 --rate 500 --timeout 1 --seconds 1 --idle 0 --json".split(" ", -1);
    assertEquals(0, bench().run(arguments));
    Map<String, Double> figures = new HashMap<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      JsonNode figure = new ObjectMapper().readTree(line);
      figures.put(figure.get("measurement").asText(), figure.get("sluice").asDouble());
    }
    assertEquals(ConnectionsFigure.values().length, figures.size(), figures.toString());
    assertTrue(figures.get("list-lines") >= 1000, figures.toString());
    assertTrue(figures.get("created") > 0 && figures.get("expired") > 0, figures.toString());
    assertTrue(figures.get("control") > 0, figures.toString());
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertEquals(
        "--rate 0: not between 2 and 1000000",
        assertThrows(IOException.class, () -> bench().run("--rate", "0")).getMessage());
  }

  /** Each flow begins with a question and its answer, with right sums. */
  @Test
  void shouldFillTheWindowWithFlowsOfTheirOwn() {
    ChurnNetdev netdev = new ChurnNetdev("in", 1, FLOWS, 0, 1e9);
    Set<String> seen = new HashSet<>();
    try (PacketBatch batch = new PacketBatch()) {
      while (!netdev.isFull()) {
        batch.clear();
        netdev.receive(batch);
        for (int i = 0; i < batch.count(); i++) {
          Packet packet = batch.get(i);
          Parser.parse(packet);
          assertTrue(Checksum.isIpv4HeaderValid(packet) && Checksum.isTransportValid(packet));
          seen.add(PacketText.describe(packet));
        }
      }
    }
    assertEquals(2 * FLOWS, seen.size());
    assertTrue(seen.contains("udp 10.0.0.99:1024 > 11.0.0.1:53 len 60"), seen.toString());
    assertTrue(seen.contains("udp 11.0.0.1:53 > 10.0.0.99:1024 len 60"), seen.toString());
    assertEquals(FLOWS, netdev.begun());
  }
}
