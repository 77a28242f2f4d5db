package org.sluice.tools.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;

/** The lab's result, for people as a table and for programs as one JSON object. */
final class Report {
  private final Lab.Result result;

  Report(Lab.Result result) {
    this.result = result;
  }

  /** Prints the table, the connection table and the cache hit rates. */
  void print(PrintStream out) {
    for (Policy policy : Policy.values()) {
      printPolicy(out, policy);
    }
    out.println("Connections now:");
    result.connections().forEach(line -> out.println("  " + line));
    printCaches(out);
    long wrong = result.rows().stream().filter(row -> !row.ok()).count();
    out.println(
        wrong == 0 ? "All as it must be." : wrong + " of " + result.rows().size() + " differ.");
  }

  private void printPolicy(PrintStream out, Policy policy) {
    out.printf("%s: %s%n", policy.title(), policy.summary());
    out.printf(
        "  %-16s %-46s %-8s %-8s %-8s %s%n",
        "probe", "", "wanted", "expected", "got", "reason (rule cookies, drop reasons)");
    result.rows().stream().filter(row -> row.policy() == policy).forEach(row -> printRow(out, row));
    out.println();
  }

  private static void printRow(PrintStream out, Row row) {
    out.printf(
        "%s %-16s %-46s %-8s %-8s %-8s %s%n",
        row.ok() ? " " : "!",
        row.probe().title(),
        row.probe().summary(),
        row.probe().wanted(),
        row.expected(),
        row.got(),
        row.reason());
  }

  private void printCaches(PrintStream out) {
    out.println();
    out.printf(
        "  %-10s %8s %10s %10s %10s%n", "caches", "lookups", "microflow", "megaflow", "slow path");
    result
        .caches()
        .forEach((policy, counts) ->
            out.printf(
                "  %-10s %8d %10s %10s %10s%n",
                policy.title(),
                counts.lookups(),
                percent(counts.microflowHits(), counts.lookups()),
                percent(counts.megaflowHits(), counts.lookups()),
                percent(counts.misses(), counts.lookups())));
    out.println();
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : String.format("%.1f %%", 100.0 * part / whole);
  }

  /**
   * Writes one object: {@code {"ok": ..., "rows": [{"policy", "probe", "expected", "got",
   * "reason"}]}}.
   */
  void printJson(PrintStream out) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("ok", result.ok());
    ArrayNode rows = root.putArray("rows");
    for (Row row : result.rows()) {
      ObjectNode object = rows.addObject();
      object.put("policy", row.policy().title());
      object.put("probe", row.probe().title());
      object.put("expected", row.expected().toString());
      object.put("got", row.got().toString());
      object.put("reason", row.reason());
    }
    out.println(mapper.writeValueAsString(root));
  }
}
