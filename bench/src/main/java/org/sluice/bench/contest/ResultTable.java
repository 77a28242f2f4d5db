package org.sluice.bench.contest;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows what was measured: ours, or ours beside a peer's.
 *
 * @param peer what the peer is called; null where there is none
 */
public record ResultTable(PrintStream out, String peer) {
  /** Prints {@code results}, ours first, in the order of the enumeration that names them. */
  public void print(List<Map<Measurement, Double>> results, boolean json) {
    Map<Measurement, Double> ours = results.getFirst();
    Map<Measurement, Double> theirs = peer == null ? Map.of() : results.getLast();
    if (!json && peer != null) {
      out.printf("%-44s %14s %14s %8s%n", "", peer, "sluice", "ratio");
    }
    ours.keySet().stream()
        .sorted(Comparator.comparingInt(what -> ((Enum<?>) what).ordinal()))
        .forEach(what -> {
          if (json) {
            printJson(what, theirs.get(what), ours.get(what));
          } else {
            printLine(what, theirs.get(what), ours.get(what));
          }
        });
  }

  private void printLine(Measurement what, Double theirs, double ours) {
    String title = what.title() + " (" + what.unit() + ")";
    if (theirs == null) {
      out.printf("%-44s %14s%n", title, number(ours));
    } else {
      String ratio = number(what.ratio(theirs, ours));
      out.printf("%-44s %14s %14s %8s%n", title, number(theirs), number(ours), ratio);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.2f" : "%,.0f", value);
  }

  private void printJson(Measurement what, Double theirs, double ours) {
    String name = what.name().toLowerCase(Locale.ROOT).replace('_', '-');
    StringBuilder line = new StringBuilder();
    line.append("{\"measurement\": \"").append(name);
    line.append("\", \"unit\": \"").append(what.unit());
    line.append("\", \"sluice\": ").append(ours);
    if (theirs != null) {
      line.append(", \"peer\": ").append(theirs);
      line.append(", \"ratio\": ").append(what.ratio(theirs, ours));
    }
    out.println(line.append('}'));
  }
}
