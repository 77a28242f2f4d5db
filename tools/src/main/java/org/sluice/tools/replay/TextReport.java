package org.sluice.tools.replay;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.packet.DropReason;
import org.sluice.vswitchd.classifier.Rule;

/** A replay's result for people. Used by one thread. */
final class TextReport implements Report {
  private final PrintStream out;
  private final Path folder;
  private final FrameText frames = new FrameText();

  TextReport(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  @Override
  public void packet(Fate fate) {
    out.printf(
        "%12.6f  port %-3d %-58s => %-12s %s%n",
        fate.sinceStartNs() / 1e9,
        fate.port(),
        frames.describe(fate.frame().bytes()),
        outcome(fate),
        rules(fate.rules()));
  }

  private static String outcome(Fate fate) {
    List<String> parts = new ArrayList<>();
    fate.outputs().forEach(port -> parts.add("port " + port));
    fate.drops().forEach(reason -> parts.add("dropped, " + reason.counter()));
    return parts.isEmpty() ? "consumed" : String.join(", ", parts);
  }

  private static String rules(List<Rule> rules) {
    return rules.isEmpty()
        ? "(no rule)"
        : "(rule " + String.join(", ", rules.stream().map(TextReport::rule).toList()) + ")";
  }

  /** A rule's cookie, by which its author knows it; where it has none, its place. */
  static String rule(Rule rule) {
    return rule.cookie() == 0
        ? "table=" + rule.tableId() + " priority=" + rule.priority()
        : String.format("0x%x", rule.cookie());
  }

  @Override
  public void end(Replay replay) {
    out.println("Ports:");
    for (Replay.PortCount port : replay.ports()) {
      Path file = Replay.output(folder, port.port());
      out.printf("  %-5d %,10d in %,10d out   %s%n", port.port(), port.in(), port.out(), file);
    }
    printConnections(replay.connections());
    printDrops(replay.drops());
    printCaches(replay.statistics());
  }

  private void printConnections(Collection<ConnectionSnapshot> connections) {
    out.println("Connections: " + (connections.isEmpty() ? "none" : connections.size()));
    connections.forEach(one -> out.println("  " + ConnectionText.line(one, false, false)));
  }

  private void printDrops(Map<DropReason, Long> drops) {
    out.println(drops.isEmpty() ? "Drops: none" : "Drops:");
    drops.forEach((reason, count) ->
        out.printf("  %,10d  %-28s %s%n", count, reason.counter(), reason.text()));
  }

  private void printCaches(DatapathStatistics counted) {
    out.printf(
        "Lookups: %,d answered by the microflow cache, %,d by the megaflow cache, %,d missed%n",
        counted.microflowHits(), counted.megaflowHits(), counted.misses());
  }
}
