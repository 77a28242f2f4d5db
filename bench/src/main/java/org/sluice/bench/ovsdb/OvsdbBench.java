package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import org.sluice.bench.contest.Contest;
import org.sluice.bench.contest.ResultTable;
import picocli.CommandLine;

/** {@code ./sluice bench ovsdb}. Used by the main thread. */
public final class OvsdbBench {
  private static final int CONNECTIONS = 32;

  private final PrintStream out;
  private final PrintStream progress;

  /** Prints results to one stream, and what is going on to another. */
  public OvsdbBench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Measures what the arguments say.
   *
   * @return the process's exit status
   */
  public int run(String... arguments) throws IOException {
    OvsdbOptions options = new OvsdbOptions();
    CommandLine parser = new CommandLine(options);
    if (!CommandLines.parse(parser, out, arguments)) {
      return 0;
    }
    Sizes sizes = options.sizes();
    DatabasePeer peer = options.against == null ? null : DatabasePeer.installed();
    compare(peer, DatabasePeer.ours(), sizes, options);
    return 0;
  }

  /** Measures {@code ours} and, if it is not null, {@code peer} in turn. */
  void compare(DatabasePeer peer, DatabasePeer ours, Sizes sizes, OvsdbOptions options)
      throws IOException {
    Path folder = Files.createTempDirectory(options.directory, "sluice-bench");
    try {
      progress.println(SyncCost.describe(folder));
      List<DatabasePeer> peers = peer == null ? List.of(ours) : List.of(ours, peer);
      Contest<DatabasePeer> contest = new Contest<>(peers, progress);
      measure(contest, folder, sizes);
      progress.println();
      new ResultTable(out, peer == null ? null : peer.name())
          .print(contest.medians(), options.json);
    } finally {
      delete(folder);
    }
  }

  private static void measure(Contest<DatabasePeer> contest, Path folder, Sizes sizes)
      throws IOException {
    int seconds = sizes.seconds();
    contest.compare(
        "one",
        peer ->
            new TransactionTrial(
                new ServerHome(peer, folder, "one"), OvsdbFigure.TRANSACT_1, 1, seconds));
    contest.compare(
        "many",
        peer ->
            new TransactionTrial(
                new ServerHome(peer, folder, "many"),
                OvsdbFigure.TRANSACT_32,
                CONNECTIONS,
                seconds));
    contest.compare(
        "watched", peer -> new FanOutTrial(new ServerHome(peer, folder, "watched"), sizes));
    contest.compare("large", peer -> new TableTrial(new ServerHome(peer, folder, "large"), sizes));
    contest.compare("large", peer -> new ReopenTrial(new ServerHome(peer, folder, "large"), sizes));
    contest.compare(
        "bridge", peer -> new BridgeTrial(new ServerHome(peer, folder, "bridge"), sizes));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
