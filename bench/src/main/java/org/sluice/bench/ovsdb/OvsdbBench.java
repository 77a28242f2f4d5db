package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.tools.WrongUsage;
import picocli.CommandLine;

/** {@code ./sluice bench ovsdb}. Used by the main thread. */
public final class OvsdbBench {
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
    try {
      parser.parseArgs(arguments);
    } catch (CommandLine.ParameterException e) {
      throw new IOException(WrongUsage.line("./sluice bench ovsdb", e), e);
    }
    if (options.help) {
      parser.usage(out);
      return 0;
    }
    Sizes sizes = options.sizes();
    DatabasePeer peer = options.against == null ? null : ProcessPeer.installed();
    compare(peer, ProcessPeer.ours(), sizes, options);
    return 0;
  }

  /** Measures {@code ours} and, if it is not null, {@code peer} in turn. */
  void compare(DatabasePeer peer, DatabasePeer ours, Sizes sizes, OvsdbOptions options)
      throws IOException {
    Path folder = Files.createTempDirectory(options.directory, "sluice-bench");
    try {
      progress.println(SyncCost.describe(folder));
      List<DatabasePeer> peers = peer == null ? List.of(ours) : List.of(ours, peer);
      List<Map<Measurement, Double>> all = new Contest(peers, folder, sizes, progress).run();
      progress.println();
      Map<Measurement, Double> results = all.getFirst();
      Map<Measurement, Double> theirs = peer == null ? Map.of() : all.getLast();
      if (options.json) {
        results.forEach((what, value) -> printJson(what, theirs.get(what), value));
      } else {
        printTable(theirs, results);
      }
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private void printTable(Map<Measurement, Double> theirs, Map<Measurement, Double> ours) {
    if (theirs.isEmpty()) {
      ours.forEach((what, value) -> out.printf("%-44s %14s%n", title(what), number(value)));
      return;
    }
    out.printf("%-44s %14s %14s %8s%n", "", "ovsdb-server", "sluice", "ratio");
    ours.forEach((what, value) -> {
      double other = theirs.get(what);
      String ratio = number(what.ratio(other, value));
      out.printf("%-44s %14s %14s %8s%n", title(what), number(other), number(value), ratio);
    });
  }

  private static String title(Measurement what) {
    return what.title() + " (" + what.unit() + ")";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.2f" : "%,.0f", value);
  }

  private void printJson(Measurement what, Double theirs, double ours) {
    String name = what.name().toLowerCase(Locale.ROOT).replace('_', '-');
    StringBuilder line = new StringBuilder();
    line.append("{\"measurement\": \"").append(name);
    line.append("\", \"unit\": \"").append(what.unit());
    line.append("\", \"sluice\": ").append(ours);
    if (theirs != null) {
      line.append(", \"peer\": ").append(theirs);
      line.append(", \"ratio\": ").append(what.ratio(theirs, ours));
    }
    out.println(line.append('}'));
  }
}
