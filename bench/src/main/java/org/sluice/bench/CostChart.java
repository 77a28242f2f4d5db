package org.sluice.bench;

import java.util.List;
import java.util.Locale;

/**
 * Draws what a packet costs: a panel for each axis, both scales logarithmic and the same in all
 * panels, a line for each switch. Colours follow the reader's light or dark scheme; shapes tell the
 * lines apart without them.
 */
final class CostChart {
  private static final int PANEL_WIDTH = 430;
  private static final int PANEL_HEIGHT = 270;
  private static final int TOP = 70;
  private static final int LEFT = 62;
  private static final int PLOT_WIDTH = 340;
  private static final int PLOT_HEIGHT = 180;
  private static final int DECADES_X = 6;
  private static final int LOWEST_DECADE = 1;
  private static final int HIGHEST_DECADE = 6;

  private static final String[] SIZES = {"1", "10", "100", "1k", "10k", "100k", "1M"};
  private static final String[] COSTS = {
    "1 ns", "10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms"
  };

  private static final String STYLE =
      """
      <style>
        .ground { fill: #fcfcfb } .title { fill: #0b0b0b; font-weight: 600 } .note, .tick { fill: #52514e }
        .grid { stroke: #e1e0d9 } .ours { stroke: #2a78d6; fill: #2a78d6 } .theirs { stroke: #c2410c; fill: #c2410c }
        .line { fill: none; stroke-width: 2 } .mark { stroke: none } text { font: 12px system-ui, sans-serif }
        .title { font-size: 14px } .tick { font-size: 11px }
        @media (prefers-color-scheme: dark) {
          .ground { fill: #1a1a19 } .title { fill: #ffffff } .note, .tick { fill: #c3c2b7 } .grid { stroke: #2c2c2a }
          .ours { stroke: #3987e5; fill: #3987e5 } .theirs { stroke: #f0884d; fill: #f0884d }
          .line { fill: none }
        }
      </style>
      """;

  private final List<SweepPoint> points;
  private final StringBuilder text = new StringBuilder();

  CostChart(List<SweepPoint> points) {
    this.points = List.copyOf(points);
  }

  /** The drawing. */
  String svg() {
    int width = 2 * PANEL_WIDTH;
    int height = TOP + 2 * PANEL_HEIGHT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\" aria-label=\"Time for a packet against flows, connections, rules and"
            + " masks\">%n",
        width, height, width, height);
    text.append(STYLE);
    add("<rect class=\"ground\" width=\"%d\" height=\"%d\"/>%n", width, height);
    label("title", LEFT, 28, "start", "Time for a packet, one packet thread");
    legend("ours", false, LEFT, "Sluice");
    legend("theirs", true, LEFT + 110, "Open vSwitch with DPDK");
    for (SweepAxis axis : SweepAxis.values()) {
      int number = axis.ordinal();
      panel(axis, LEFT + number % 2 * PANEL_WIDTH, TOP + 40 + number / 2 * PANEL_HEIGHT);
    }
    return text.append("</svg>\n").toString();
  }

  private void legend(String side, boolean square, int x, String name) {
    add("<path class=\"line %s\" d=\"M%d 46h28\"/>%n", side, x);
    mark(side, square, x + 14, 46);
    label("note", x + 36, 50, "start", name);
  }

  private void panel(SweepAxis axis, int x, int y) {
    label("title", x, y - 12, "start", axis.title());
    label("note", x + PLOT_WIDTH, y - 12, "end", axis.note());
    for (int decade = LOWEST_DECADE; decade <= HIGHEST_DECADE; decade++) {
      double at = y + down(Math.pow(10, decade));
      add("<path class=\"grid\" d=\"M%d %.1fh%d\"/>%n", x, at, PLOT_WIDTH);
      label("tick", x - 8, at + 4, "end", COSTS[decade]);
    }
    for (int decade = 0; decade <= DECADES_X; decade++) {
      double at = x + right(Math.pow(10, decade));
      add("<path class=\"grid\" d=\"M%.1f %dv%d\"/>%n", at, y, PLOT_HEIGHT);
      label("tick", at, y + PLOT_HEIGHT + 17, "middle", SIZES[decade]);
    }
    line(axis, true, x, y);
    line(axis, false, x, y);
  }

  private void line(SweepAxis axis, boolean peer, int x, int y) {
    List<SweepPoint> its =
        points.stream().filter(point -> point.axis() == axis && point.peer() == peer).toList();
    if (its.isEmpty()) {
      return;
    }
    String side = peer ? "theirs" : "ours";
    StringBuilder path = new StringBuilder();
    for (SweepPoint point : its) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(
          String.format(Locale.ROOT, "%.1f %.1f", x + right(point.size()), y + down(point.ns())));
    }
    add("<path class=\"line %s\" d=\"%s\"/>%n", side, path);
    for (SweepPoint point : its) {
      mark(side, peer, x + right(point.size()), y + down(point.ns()));
    }
  }

  private void mark(String side, boolean square, double x, double y) {
    if (square) {
      add(
          "<rect class=\"mark %s\" x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>%n",
          side, x - 4, y - 4);
    } else {
      add("<circle class=\"mark %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>%n", side, x, y);
    }
  }

  private static double right(double size) {
    return Math.log10(size) / DECADES_X * PLOT_WIDTH;
  }

  private static double down(double ns) {
    double decades = HIGHEST_DECADE - LOWEST_DECADE;
    return (HIGHEST_DECADE - Math.log10(ns)) / decades * PLOT_HEIGHT;
  }

  private void label(String style, double x, double y, String anchor, String words) {
    add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        style, x, y, anchor, words);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library of its own
  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
