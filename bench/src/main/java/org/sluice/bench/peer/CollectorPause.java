package org.sluice.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pause of a switch's garbage collector.
 *
 * @param name what the collector calls it, and why it was made
 */
public record CollectorPause(String name, double ms) {
  private static final Pattern LINE = Pattern.compile("(Pause .*?)( [0-9MK>()-]+)? ([0-9.]+)ms$");

  /** The options of our launcher, {@code given} before, that have it tell pauses in a folder. */
  static String options(String given, Path folder) {
    String log = "-Xlog:gc:file=" + folder.resolve("gc-%p.log");
    return given == null ? log : given + " " + log;
  }

  /** What process {@code pid} has told so far; nothing where it tells nothing. */
  static List<CollectorPause> told(Path folder, long pid) throws IOException {
    Path log = folder.resolve("gc-" + pid + ".log");
    if (!Files.exists(log)) {
      return List.of();
    }
    return Files.readAllLines(log).stream()
        .map(LINE::matcher)
        .filter(Matcher::find)
        .map(line -> new CollectorPause(line.group(1), Double.parseDouble(line.group(3))))
        .toList();
  }
}
