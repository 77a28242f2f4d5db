package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench ovsdb}. Filled by picocli. */
@Command(
    name = "./sluice bench ovsdb",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {"./sluice bench ovsdb [--against ovsdb-server] [OPTION ...]"},
    description = {
      "",
      "Starts the database server as a process of its own and measures durable transactions of one"
          + " row, one change told to many monitors, the first sight of a large table, opening a"
          + " large file, adding a port to a large bridge, and memory for each row.",
      "",
      "With --json one line for each: {\"measurement\", \"unit\", \"sluice\"}, and with --against"
          + " also \"peer\" and \"ratio\", which is above 1 where this server is the better one.",
      ""
    },
    optionListHeading = "Options:%n")
final class OvsdbOptions {
  @Option(
      names = "--against",
      paramLabel = "PEER",
      description = "Measure a competitor first, on the same file system: ovsdb-server (Debian's).")
  String against;

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      defaultValue = "/var/tmp",
      description = "Where the databases lie meanwhile (${DEFAULT-VALUE}).")
  Path directory;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long to measure each rate, after as long to warm up (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Rows of the large table (${DEFAULT-VALUE}).")
  int rows;

  @Option(
      names = "--monitors",
      paramLabel = "N",
      defaultValue = "200",
      description = "Clients that watch (${DEFAULT-VALUE}).")
  int monitors;

  @Option(
      names = "--ports",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Ports of the large bridge (${DEFAULT-VALUE}).")
  int ports;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How often what takes a time is repeated; the median counts (${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** What to measure; refuses what makes no sense. */
  Sizes sizes() throws IOException {
    CommandLines.checkPeer(against, "ovsdb-server");
    CommandLines.checkRange("--seconds", seconds, 1, 3600);
    CommandLines.checkRange("--rows", rows, 1, 10_000_000);
    CommandLines.checkRange("--monitors", monitors, 1, 1000);
    CommandLines.checkRange("--ports", ports, 1, 10_000);
    CommandLines.checkRange("--rounds", rounds, 1, 100);
    return new Sizes(seconds, rows, monitors, ports, rounds);
  }
}
