package org.sluice.bench.connections;

import java.io.IOException;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench connections}. Filled by picocli. */
@Command(
    name = "./sluice bench connections",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {"./sluice bench connections [OPTION ...]"},
    description = {
      "",
      "Two packet threads keep connections in use while as many begin as expire, and the time is"
          + " taken that the control thread was late for its work, and that commands waited for"
          + " their answer: while nothing else is asked, while all connections are listed, and"
          + " while those of one thread are flushed. In the end all traffic stops, and the memory"
          + " is looked at when it has been idle.",
      "",
      "Beside the control thread runs one that has nothing to do: where it is as late, the machine"
          + " or the garbage collector was the cause. The control thread's longest step is told"
          + " without the time that it waited for a processor, as the kernel tells, and without what"
          + " the other one was late meanwhile.",
      "",
      "With --json one line for each: {\"measurement\", \"unit\", \"sluice\"}.",
      ""
    },
    optionListHeading = "Options:%n")
final class ConnectionsOptions {
  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "3000000",
      description = "Connections that are kept in use (${DEFAULT-VALUE}).")
  int connections;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50000",
      description = "New connections per second; as many are left alone (${DEFAULT-VALUE}).")
  int rate;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      defaultValue = "10",
      description = "Seconds after which one that is left alone expires (${DEFAULT-VALUE}).")
  int timeout;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "30",
      description = "How long they are held while it is measured (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--idle",
      paramLabel = "S",
      defaultValue = "40",
      description =
          "Seconds that pass when all have expired, before memory is looked at (${DEFAULT-VALUE}).")
  int idle;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** Refuses what makes no sense. */
  void check() throws IOException {
    CommandLines.checkRange("--connections", connections, 2, 20_000_000);
    CommandLines.checkRange("--rate", rate, 2, 1_000_000);
    CommandLines.checkRange("--timeout", timeout, 1, 3600);
    CommandLines.checkRange("--seconds", seconds, 1, 3600);
    CommandLines.checkRange("--idle", idle, 0, 3600);
  }
}
