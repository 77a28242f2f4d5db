package org.sluice.bench.network;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.bench.contest.Measurement;

/**
 * Shows what was measured: ours, and beside it each peer's with the ratio and what it should be.
 */
record NetworkTable(PrintStream out, List<NetworkPeer> peers) {
  /** Prints {@code results}, which are in the order of the peers. */
  void print(List<Map<Measurement, Double>> results, boolean json) {
    for (NetworkFigure figure : NetworkFigure.values()) {
      Double ours = results.getFirst().get(figure);
      if (ours == null) {
        continue;
      }
      StringBuilder line = new StringBuilder(json ? begin(figure, ours) : title(figure, ours));
      for (int i = 1; i < peers.size(); i++) {
        Double theirs = results.get(i).get(figure);
        if (theirs != null) {
          String cell = json ? jsonCell(i, figure, theirs, ours) : cell(i, figure, theirs, ours);
          line.append(cell);
        }
      }
      out.println(line.append(json ? "}" : ""));
    }
  }

  private static String begin(NetworkFigure figure, double ours) {
    String name = figure.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return String.format(
        Locale.ROOT,
        "{\"measurement\": \"%s\", \"unit\": \"%s\", \"sluice\": %.2f",
        name,
        figure.unit(),
        ours);
  }

  private String jsonCell(int peer, NetworkFigure figure, double theirs, double ours) {
    NetworkPeer other = peers.get(peer);
    return String.format(
        Locale.ROOT,
        ", \"%s\": {\"value\": %.2f, \"ratio\": %.2f, \"wanted\": %.1f}",
        other.title(),
        theirs,
        figure.ratio(theirs, ours),
        other.wanted(figure));
  }

  private static String title(NetworkFigure figure, double ours) {
    return String.format(
        Locale.ROOT, "%-52s sluice %10.2f", figure.title() + " (" + figure.unit() + ")", ours);
  }

  private String cell(int peer, NetworkFigure figure, double theirs, double ours) {
    NetworkPeer other = peers.get(peer);
    double wanted = other.wanted(figure);
    String ratio = String.format(Locale.ROOT, "x%.2f", figure.ratio(theirs, ours));
    String aim = wanted == 0 ? "" : String.format(Locale.ROOT, " of %.1f", wanted);
    return String.format(Locale.ROOT, "   %s %.2f (%s%s)", other.title(), theirs, ratio, aim);
  }
}
