package org.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Points in a file, a line of JSON for each, so that a sweep can be measured piece by piece.
 *
 * @param path null where nothing is kept
 */
record SweepFile(Path path) {
  /** All that are in it; none where there is no file yet. */
  List<SweepPoint> read() throws IOException {
    List<SweepPoint> points = new ArrayList<>();
    if (path != null && Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        points.add(parse(line));
      }
    }
    return points;
  }

  private SweepPoint parse(String line) throws IOException {
    try {
      JsonNode point = new ObjectMapper().readTree(line);
      return new SweepPoint(
          SweepAxis.valueOf(point.path("axis").asText().toUpperCase(Locale.ROOT)),
          point.path("size").asInt(),
          point.path("switch").asText().equals("ovs-dpdk"),
          point.path("ns").asDouble());
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException(path + ": not a line of this program's: " + line, e);
    }
  }

  /** Adds a point, in the place of an older one that it replaces. */
  static void add(List<SweepPoint> points, SweepPoint point) {
    points.removeIf(point::replaces);
    points.add(point);
    points.sort(
        Comparator.comparing(SweepPoint::axis)
            .thenComparing(SweepPoint::peer)
            .thenComparingInt(SweepPoint::size));
  }

  /** Puts all points into it. */
  void write(List<SweepPoint> points) throws IOException {
    if (path != null) {
      Files.write(path, points.stream().map(SweepFile::line).toList());
    }
  }

  /** A point as a line. */
  static String line(SweepPoint point) {
    return String.format(
        Locale.ROOT,
        "{\"axis\": \"%s\", \"size\": %d, \"switch\": \"%s\", \"ns\": %.1f}",
        point.axis(),
        point.size(),
        point.peer() ? "ovs-dpdk" : "sluice",
        point.ns());
  }
}
