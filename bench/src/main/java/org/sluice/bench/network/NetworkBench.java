package org.sluice.bench.network;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import org.sluice.bench.contest.Contest;
import picocli.CommandLine;

/** {@code ./sluice bench network}. Used by the main thread. */
public final class NetworkBench {
  private final PrintStream out;
  private final PrintStream progress;

  /** Prints results to one stream, and what is going on to another. */
  public NetworkBench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Measures what the arguments say.
   *
   * @return the process's exit status
   */
  public int run(String... arguments) throws IOException {
    NetworkOptions options = new NetworkOptions();
    CommandLine parser = new CommandLine(options);
    if (!CommandLines.parse(parser, out, arguments)) {
      return 0;
    }
    List<NetworkPeer> peers = options.peers();
    Path folder = Files.createTempDirectory("sluice-bench");
    try {
      Contest<NetworkPeer> contest = new Contest<>(peers, progress);
      contest.compare("network", peer -> new NetworkTrial(peer, options, folder, progress));
      progress.println();
      new NetworkTable(out, peers).print(contest.medians(), options.json);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
