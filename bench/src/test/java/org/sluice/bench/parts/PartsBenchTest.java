package org.sluice.bench.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the command line, and from JMH's file of results, to what is printed. */
class PartsBenchTest {
  private static final String RESULTS =
      """
      [{"benchmark": "org.sluice.parts.CacheParts.megaflow", "params": {"flows": "100000"},
        "primaryMetric": {"score": 84.26, "scoreError": "NaN"},
        "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0.02}}},
       {"benchmark": "org.sluice.parts.PacketParts.parse",
        "primaryMetric": {"score": 3.14, "scoreError": 0.27},
        "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0.0}}}]
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);
  private final PartsBench bench = new PartsBench(printer, printer);

  private static List<PartResult> results() throws IOException {
    return PartResult.read(new ObjectMapper().readTree(RESULTS));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldPrintPartsInTheirOrderUnderEachOther() throws IOException {
    new PartsTable(printer).print(results());
    assertEquals(
        """
        part              flows      ns/op        +-  bytes/op  what it does
        parse                          3.1       0.3       0.0  find where the headers lie
        megaflow        100,000       84.3       NaN       0.0  key, masked match
        """,
        printed());
  }

  @Test
  void shouldPrintALineForProgramsForEachPart() throws IOException {
    new PartsTable(printer).printJson(results());
    assertEquals(
        """
        {"part": "parse", "flows": null, "nsPerOp": 3.140, "errorNs": 0.270, "bytesPerOp": 0.000}
        {"part": "megaflow", "flows": 100000, "nsPerOp": 84.260, "errorNs": null, \
        "bytesPerOp": 0.020}
        """,
        printed());
  }

  @Test
  void shouldExplainEveryPartWhenAskedForHelp() throws IOException {
    assertEquals(0, bench.run("--help"));
    for (Part part : Part.values()) {
      assertTrue(printed().contains("\n  " + part + " "), part + " in\n" + printed());
    }
  }

  @Test
  void shouldNameThePartsThereAreWhenOneIsUnknown() {
    IOException refused = assertThrows(IOException.class, () -> bench.run("--part", "checksums"));
    assertEquals(
        "Invalid value for option '--part' (NAME): 'checksums' is none of [parse, key, hash,"
            + " checksum, checksum-long, microflow, megaflow, update, track, nat, create, create-nat]; try"
            + " './sluice bench parts --help'",
        refused.getMessage());
    IOException few = assertThrows(IOException.class, () -> bench.run("--rounds", "1"));
    assertEquals("--rounds 1: not between 2 and 1000", few.getMessage());
  }
}
