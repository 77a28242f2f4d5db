package org.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's Open vSwitch with DPDK, driven by the script {@code bench/peers/ovs-dpdk}. */
final class OvsDpdk {
  private final Path script;

  OvsDpdk(Path script) {
    this.script = script;
  }

  /** The one of the installation that this program is part of. */
  static OvsDpdk installed() throws IOException {
    String home = System.getProperty("sluice.home");
    if (home == null) {
      throw new IOException("run this by ./sluice, which knows where bench/peers lies");
    }
    return new OvsDpdk(Path.of(home, "bench/peers/ovs-dpdk"));
  }

  /** Millions of packets per second on one core; parameters as for {@link #play}. */
  double mpps(Path flows, Path capture, String duration) throws IOException, InterruptedException {
    return play(flows, capture, duration).get("mpps").asDouble();
  }

  /** What it keeps after a capture has been played once. */
  Footprint footprint(Path flows, Path capture) throws IOException, InterruptedException {
    JsonNode result = play(flows, capture, "once");
    return new Footprint(
        result.get("residentBytes").asLong(),
        result.get("megaflows").asLong(),
        result.get("connections").asLong());
  }

  /**
   * The last line of what the script says.
   *
   * @param duration seconds that the capture is played for, again and again; or {@code once}
   * @throws IOException with the line in which the script says what is missing
   */
  private JsonNode play(Path flows, Path capture, String duration)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("ovs-dpdk", ".err");
    try {
      List<String> command =
          List.of(script.toString(), flows.toString(), capture.toString(), duration);
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        String why = Files.readString(errors).strip();
        throw new IOException(why.isEmpty() ? script + " failed" : why);
      }
      return new ObjectMapper().readTree(output.lines().toList().getLast());
    } finally {
      Files.delete(errors);
    }
  }
}
