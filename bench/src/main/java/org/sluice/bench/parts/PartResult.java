package org.sluice.bench.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What JMH found out about a part.
 *
 * @param flows how many flows took turns; 0 where there is no choice
 * @param ns time of one operation
 * @param errorNs half the width of the interval that the mean lies in; NaN where it is unknown
 * @param bytes allocated by one operation
 */
record PartResult(Part part, int flows, double ns, double errorNs, double bytes) {
  /** Reads JMH's file of results; in the order of parts. */
  static List<PartResult> read(JsonNode results) {
    List<PartResult> all = new ArrayList<>();
    for (JsonNode result : results) {
      for (Part part : Part.values()) {
        if (result.path("benchmark").asText().endsWith("." + part.method())) {
          all.add(of(part, result));
        }
      }
    }
    all.sort(Comparator.comparing(PartResult::part).thenComparingInt(PartResult::flows));
    return all;
  }

  private static PartResult of(Part part, JsonNode result) {
    JsonNode time = result.path("primaryMetric");
    return new PartResult(
        part,
        result.path("params").path("flows").asInt(),
        time.path("score").asDouble(),
        time.path("scoreError").asDouble(Double.NaN),
        result.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score").asDouble());
  }
}
