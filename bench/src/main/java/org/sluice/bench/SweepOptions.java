package org.sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench sweep}. Filled by picocli. */
@Command(
    name = "./sluice bench sweep",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "./sluice bench sweep [--axis NAME] [--against ovs-dpdk] [--keep FILE] [--chart FILE]"
    },
    description = {
      "",
      "Measures what a packet costs with 1, 10, 100 and up to 1,000,000 flows, connections and"
          + " rules, and with up to 8,192 masks, one packet thread on a core, and draws it.",
      "",
      "Prints a line for each measurement: {\"axis\", \"size\", \"switch\", \"ns\"}. --keep puts them"
          + " into a file, in which those measured before stay; --chart draws what is in it.",
      "",
      "  flows         UDP flows of 64-byte frames under one rule",
      "  connections   the same, each packet tracked, and connections committed",
      "  rules         1,000 flows that match the last rule only; all other rules look at one service",
      "  masks         a policy under which a sender can provoke masks, and does, with each tenth packet",
      ""
    },
    optionListHeading = "Options:%n",
    footer = {
      "",
      "The whole of it takes about six minutes with --against, which needs what './sluice bench"
          + " forward --against ovs-dpdk' needs. A million flows or connections are measured of this"
          + " switch alone: DPDK plays no more than 262,144 frames again and again."
    })
final class SweepOptions {
  @Option(
      names = "--axis",
      paramLabel = "NAME",
      description = "Only this one: flows, connections, rules, masks; may be repeated.")
  List<SweepAxis> axes = List.of();

  @Option(
      names = "--against",
      paramLabel = "PEER",
      description = "Measure a competitor too: ovs-dpdk.")
  String against;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measure with no fewer than so many (${DEFAULT-VALUE}).")
  int least;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Measure with no more than so many (${DEFAULT-VALUE}); 0 = draw only.")
  int limit;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How long each is measured, after 2 seconds to warm up (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--cpu",
      paramLabel = "N",
      defaultValue = "1",
      description = "The CPU that the packet thread runs on (${DEFAULT-VALUE}); -1 = any.")
  int cpu;

  @Option(names = "--keep", paramLabel = "FILE", description = "Keep measurements here.")
  Path keep;

  @Option(names = "--chart", paramLabel = "FILE", description = "Draw them as SVG.")
  Path chart;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** Refuses what makes no sense. */
  void check() throws IOException {
    CommandLines.checkPeer(against, "ovs-dpdk");
    CommandLines.checkRange("--limit", limit, 0, 1_000_000);
    CommandLines.checkRange("--seconds", seconds, 1, 600);
  }

  /** What is to be measured. */
  List<SweepAxis> chosen() {
    return axes.isEmpty() ? List.of(SweepAxis.values()) : axes;
  }
}
