package org.sluice.bench.parts;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine;

/** {@code ./sluice bench parts}. Used by the main thread. */
public final class PartsBench {
  private final PrintStream out;
  private final PrintStream progress;

  /** Prints results to one stream, and what is going on to another. */
  public PartsBench(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * Measures what the arguments say.
   *
   * @return the process's exit status
   */
  public int run(String... arguments) throws IOException {
    PartsOptions options = new PartsOptions();
    CommandLine parser = new CommandLine(options);
    if (!CommandLines.parse(parser, out, arguments)) {
      return 0;
    }
    options.check();
    List<PartResult> results = measure(options);
    if (options.json) {
      new PartsTable(out).printJson(results);
    } else {
      new PartsTable(out).print(results);
    }
    return 0;
  }

  private List<PartResult> measure(PartsOptions options) throws IOException {
    Path file = Files.createTempFile("sluice-parts", ".json");
    try {
      JmhProcess.installed().run(options.chosen(), options.rounds, file, progress);
      List<PartResult> results = PartResult.read(new ObjectMapper().readTree(file.toFile()));
      if (results.isEmpty()) {
        throw new IOException("JMH has measured nothing");
      }
      return results;
    } finally {
      Files.delete(file);
    }
  }
}
