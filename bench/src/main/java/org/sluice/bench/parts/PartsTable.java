package org.sluice.bench.parts;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Shows what parts cost. */
record PartsTable(PrintStream out) {
  void print(List<PartResult> results) {
    out.printf(
        "%-14s %8s %10s %9s %9s  %s%n", "part", "flows", "ns/op", "+-", "bytes/op", "what it does");
    for (PartResult result : results) {
      out.printf(
          Locale.ROOT,
          "%-14s %8s %10.1f %9.1f %9.1f  %s%n",
          result.part(),
          result.flows() == 0 ? "" : String.format(Locale.ROOT, "%,d", result.flows()),
          result.ns(),
          result.errorNs(),
          result.bytes(),
          result.part().title());
    }
  }

  void printJson(List<PartResult> results) {
    for (PartResult result : results) {
      String error = Double.isNaN(result.errorNs()) ? "null" : number(result.errorNs());
      out.printf(
          "{\"part\": \"%s\", \"flows\": %s, \"nsPerOp\": %s, \"errorNs\": %s, \"bytesPerOp\": %s}%n",
          result.part(),
          result.flows() == 0 ? "null" : result.flows() + "",
          number(result.ns()),
          error,
          number(result.bytes()));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
