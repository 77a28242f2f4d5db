package org.sluice.bench.openflow;

import java.io.IOException;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench openflow}. Filled by picocli. */
@Command(
    name = "./sluice bench openflow",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {"./sluice bench openflow [--against ovs] [OPTION ...]"},
    description = {
      "",
      "Starts a database server and a switch with a dummy datapath as processes of their own, and"
          + " measures flows added by ovs-ofctl one by one and in one bundle, flows dumped, flow"
          + " mods per second on one connection, and what a large table takes.",
      "",
      "ovs-ofctl is Debian's for both where it is installed: the switch is what is measured.",
      "",
      "With --json one line for each: {\"measurement\", \"unit\", \"sluice\"}, and with --against"
          + " also \"peer\" and \"ratio\", which is above 1 where this switch is the better one.",
      ""
    },
    optionListHeading = "Options:%n")
final class OpenFlowOptions {
  @Option(
      names = "--against",
      paramLabel = "PEER",
      description = "Measure a competitor in turn: ovs (Debian's ovs-vswitchd).")
  String against;

  @Option(
      names = "--flows",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Flows that are added and dumped (${DEFAULT-VALUE}).")
  int flows;

  @Option(
      names = "--large",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Flows of the large table (${DEFAULT-VALUE}).")
  int large;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How often each is repeated, after as often to warm up; the median counts"
              + " (${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** Refuses what makes no sense. */
  void check() throws IOException {
    CommandLines.checkPeer(against, "ovs");
    CommandLines.checkRange("--flows", flows, 1, 1_000_000);
    CommandLines.checkRange("--large", large, 1, 1_000_000);
    CommandLines.checkRange("--rounds", rounds, 1, 100);
  }
}
