package org.sluice.bench.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.peer.Pause;

/** {@code iperf3} from the host on the left to the one on the right. */
final class Iperf implements Closeable {
  private static final int START_MS = 500;
  private static final int CONNECT_TRIES = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nobody has taken the connection. */
  private static final class NoServerException extends IOException {
    private static final long serialVersionUID = 1;

    NoServerException(String message) {
      super(message);
    }
  }

  private final Site site;
  private final Path folder;
  private final String program;
  private final ServerProcess server;

  Iperf(Site site, Path folder) throws IOException {
    this.site = site;
    this.folder = folder;
    this.program = ServerProcess.installed("iperf3", "iperf3");
    this.server = site.start(site.right(), program + " -s", "iperf3-server.log");
    Pause.ms(START_MS);
  }

  /** One stream of TCP. */
  Map<Measurement, Double> tcp(int seconds) throws IOException {
    return tcpOf(client(seconds, ""));
  }

  /** As many small datagrams as the sender can send. */
  Map<Measurement, Double> udp(int seconds) throws IOException {
    long before = site.packetsAtRight();
    JsonNode said = client(seconds, " -u -l 18 -b 0");
    Map<Measurement, Double> figures = udpOf(said);
    double delivered = site.packetsAtRight() - before;
    figures.put(NetworkFigure.UDP_DELIVERED, delivered / udpSeconds(said) / 1e3);
    return figures;
  }

  /** A server that has served closes its socket and opens another one, and may meet us between. */
  private JsonNode client(int seconds, String options) throws IOException {
    for (int i = 1; i < CONNECT_TRIES; i++) {
      try {
        return clientOnce(seconds, options);
      } catch (NoServerException _) {
        Pause.ms(START_MS);
      }
    }
    return clientOnce(seconds, options);
  }

  private JsonNode clientOnce(int seconds, String options) throws IOException {
    Path log = folder.resolve("iperf3.json");
    Files.deleteIfExists(log);
    String command = program + " -J -t " + seconds + " -c " + Site.RIGHT_ADDRESS + options;
    try (ServerProcess client = site.start(site.left(), command, log.getFileName().toString())) {
      client.process().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return parse(Files.readString(log));
  }

  /** What iperf3 said, unless it says that it failed. */
  static JsonNode parse(String text) throws IOException {
    try {
      JsonNode said = JSON.readTree(text);
      if (said.has("error")) {
        String error = "iperf3: " + said.get("error").asText();
        throw error.contains("unable to connect")
            ? new NoServerException(error)
            : new IOException(error);
      }
      return said.path("end");
    } catch (JsonProcessingException e) {
      throw new IOException("iperf3: " + text.strip(), e);
    }
  }

  static Map<Measurement, Double> tcpOf(JsonNode end) {
    double bits = end.path("sum_received").path("bits_per_second").asDouble();
    return Map.of(NetworkFigure.TCP, bits / 1e9);
  }

  static Map<Measurement, Double> udpOf(JsonNode end) {
    JsonNode sum = end.path("sum");
    double packets = sum.path("packets").asDouble() - sum.path("lost_packets").asDouble();
    Map<Measurement, Double> figures = new TreeMap<>();
    figures.put(NetworkFigure.UDP_RECEIVED, packets / udpSeconds(end) / 1e3);
    return figures;
  }

  private static double udpSeconds(JsonNode end) {
    return end.path("sum").path("seconds").asDouble();
  }

  @Override
  public void close() {
    server.close();
  }
}
