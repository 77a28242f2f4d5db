package org.sluice.bench.connections;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import org.sluice.bench.contest.ResultTable;
import picocli.CommandLine;

/** {@code ./sluice bench connections}. Used by the main thread. */
public final class ConnectionsBench {
  private final PrintStream out;
  private final PrintStream progress;

  /** Prints results to one stream, and what is going on to another. */
  public ConnectionsBench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Measures what the arguments say.
   *
   * @return the process's exit status
   */
  public int run(String... arguments) throws IOException {
    ConnectionsOptions options = new ConnectionsOptions();
    if (!CommandLines.parse(new CommandLine(options), out, arguments)) {
      return 0;
    }
    options.check();
    Path folder = Files.createTempDirectory("sluice-bench");
    try (ChurningSwitch churning = new ChurningSwitch(options, folder);
        ConnectionsRun run = new ConnectionsRun(churning, options, progress)) {
      new ResultTable(out, null).print(List.of(run.measure()), options.json);
    } finally {
      Files.deleteIfExists(folder.resolve(ChurningSwitch.FLOWS));
      Files.delete(folder);
    }
    return 0;
  }
}
