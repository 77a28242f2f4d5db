package org.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** From the arguments to the file that is kept and the chart that is drawn of it. */
class SweepTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int sweep(String... arguments) throws IOException {
    return new SweepBench(new PrintStream(out, true, StandardCharsets.UTF_8)).run(arguments);
  }

  @Test
  void shouldKeepWhatWasMeasuredBeforeAndDrawAll() throws Exception {
    Path kept = folder.resolve("kept");
    Files.writeString(
        kept,
        """
        {"axis": "flows", "size": 1, "switch": "sluice", "ns": 20.0}
        {"axis": "masks", "size": 8192, "switch": "ovs-dpdk", "ns": 58000.0}
        """);
    Path chart = folder.resolve("chart.svg");
    assertEquals(
        0, sweep("--axis", "rules", "--limit", "1", "--keep", kept + "", "--chart", chart + ""));
    List<SweepPoint> points = new SweepFile(kept).read();
    assertEquals(
        List.of(SweepAxis.FLOWS, SweepAxis.RULES, SweepAxis.MASKS),
        points.stream().map(SweepPoint::axis).toList());
    assertTrue(points.get(1).ns() > 0 && !points.get(1).peer());
    Document drawn =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
    assertEquals(1 + 2, drawn.getElementsByTagName("circle").getLength(), "the legend's, and ours");
    assertEquals(2 + 1, drawn.getElementsByTagName("rect").getLength(), "ground, legend, theirs");
  }

  @Test
  void shouldGoByPowersOfTenAsFarAsThereAreAny() {
    assertEquals(List.of(1, 10, 100, 1000, 8192), SweepAxis.MASKS.sizes(1, 1_000_000));
    assertEquals(List.of(10, 100), SweepAxis.FLOWS.sizes(2, 999));
    assertEquals(List.of(), SweepAxis.FLOWS.sizes(1, 0));
  }

  @Test
  void shouldRefuseInOneLineWhenArgumentsMakeNoSense() throws IOException {
    assertEquals(
        "--limit 1000001: not between 0 and 1000000",
        assertThrows(IOException.class, () -> sweep("--limit", "1000001")).getMessage());
    assertEquals(
        "--against vpp: the only peer is ovs-dpdk",
        assertThrows(IOException.class, () -> sweep("--against", "vpp")).getMessage());
    Path broken = Files.writeString(folder.resolve("broken"), "not JSON\n");
    assertEquals(
        broken + ": not a line of this program's: not JSON",
        assertThrows(IOException.class, () -> sweep("--keep", broken + "")).getMessage());
  }
}
