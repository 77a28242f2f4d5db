package org.sluice.bench.parts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * JMH, as a program. It and its benchmarks lie in a folder that is on no module path, so that
 * nothing of it is looked at when a command of the switch starts; it has all on its class path, and
 * gives the JVM's options that it has to the processes that it measures in.
 *
 * @param home the installation
 */
record JmhProcess(Path home) {
  private static final String STARTS = "# Benchmark: ";

  /** The one of the installation that this program is part of. */
  static JmhProcess installed() throws IOException {
    String home = System.getProperty("sluice.home");
    Path parts = Path.of(home == null ? "" : home, ".sluice/parts");
    if (home == null || !Files.isDirectory(parts)) {
      throw new IOException("run this by ./sluice, which knows where JMH lies");
    }
    return new JmhProcess(Path.of(home));
  }

  /** Measures {@code parts}, so many times each, and has JMH write what it finds to a file. */
  void run(List<Part> parts, int rounds, Path results, PrintStream progress) throws IOException {
    Process process =
        new ProcessBuilder(command(parts, rounds, results)).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String last = follow(process, progress);
      if (process.waitFor() != 0) {
        throw new IOException("JMH failed: " + last);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      // By itself it would go on for minutes.
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private static String follow(Process process, PrintStream progress) throws IOException {
    String last = "it has said nothing";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(STARTS)) {
          progress.println(line.substring(line.lastIndexOf('.', line.lastIndexOf('.') - 1) + 1));
        }
        last = line.isBlank() ? last : line;
      }
    }
    return last;
  }

  private List<String> command(List<Part> parts, int rounds, Path results) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(ownOptions());
    command.addAll(
        List.of(
            "-cp", home + "/.sluice/lib/*:" + home + "/.sluice/parts/*", "org.openjdk.jmh.Main"));
    command.addAll(words("-f 1 -wi 3 -w 300ms -r 300ms -prof gc -foe true -rf json -rff"));
    command.addAll(List.of(results.toString(), "-i", rounds + ""));
    parts.forEach(part -> command.add(pattern(part)));
    return command;
  }

  private static String pattern(Part part) {
    return "\\." + part.method().replace(".", "\\.") + "$";
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }

  /** What the switch's JVM runs with, without what fits only a module path. */
  private static List<String> ownOptions() {
    List<String> options =
        Arrays.stream(ProcessHandle.current().info().arguments().orElse(new String[0]))
            .takeWhile(word -> !word.equals("-p"))
            .filter(word -> word.startsWith("-X") && !word.startsWith("-XX:AOT"))
            .collect(Collectors.toCollection(ArrayList::new));
    options.add("--enable-native-access=ALL-UNNAMED");
    return options;
  }
}
