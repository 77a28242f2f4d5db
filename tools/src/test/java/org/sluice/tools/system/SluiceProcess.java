package org.sluice.tools.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Sluice of its own process, from the classes under test, as the launcher would start it. */
final class SluiceProcess {
  private static final int START_SECONDS = 60;

  private final Process process;
  private final Path log;

  private SluiceProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code sluice WORDS} with its sockets in {@code directory}; returns when it says that it
   * is ready.
   */
  static SluiceProcess start(Path directory, String... words) throws Exception {
    return start(directory, builder(words));
  }

  /** The same, without any of the capabilities that root has. */
  static SluiceProcess startWithoutPrivilege(Path directory, String... words) throws Exception {
    ProcessBuilder builder = builder(words);
    builder.command().addAll(0, List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    return start(directory, builder);
  }

  private static SluiceProcess start(Path directory, ProcessBuilder builder) throws Exception {
    Path ready = directory.resolve("ready");
    Files.deleteIfExists(ready);
    Files.createFile(ready);
    builder.environment().put("SLUICE_READY", ready.toString());
    builder.environment().putAll(Tools.directories(directory));
    Path log = Files.createTempFile(directory, "console", "");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    SluiceProcess started = new SluiceProcess(builder.start(), log);
    started.awaitReady(ready);
    return started;
  }

  /** The command line, for programs that end by themselves. */
  static ProcessBuilder builder(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-ea", "-Xmx1g", "-XX:+UseSerialGC", "-Xlog:disable", "-Xshare:auto"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("--enable-native-access=org.sluice.base");
    command.addAll(List.of("-p", modulePath(), "-m", "org.sluice.tools/org.sluice.tools.Main"));
    command.addAll(Arrays.asList(words));
    return new ProcessBuilder(command);
  }

  /** Everything on the class path that a user's Sluice has too. */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .filter(
            entry -> !entry.matches(".*(junit|archunit|opentest4j|apiguardian|slf4j|jspecify).*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void awaitReady(Path ready) throws Exception {
    if (!await(() -> Files.size(ready) > 0)) {
      process.destroyForcibly();
      throw new IOException("did not start: " + Files.readString(log));
    }
  }

  /**
   * Waits until {@code done} is true; false where the process ends before, or it takes too long.
   */
  private boolean await(Callable<Boolean> done) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!done.call()) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadlineNs) {
        return false;
      }
    }
    return true;
  }

  /** How a command ended that was to end by itself. */
  record Ended(int status, String output, String errors) {}

  /** Runs {@code sluice WORDS} to its end. */
  static Ended runToEnd(Path directory, String... words) throws Exception {
    return runToEnd(directory, builder(words));
  }

  /** Runs what {@code builder} says to its end. */
  static Ended runToEnd(Path directory, ProcessBuilder builder) throws Exception {
    builder.environment().putAll(Tools.directories(directory));
    Path output = Files.createTempFile("sluice", ".out");
    Path errors = Files.createTempFile("sluice", ".err");
    try {
      Process process =
          builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(
            builder.command().getLast() + " does not end: " + Files.readString(errors));
      }
      return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Sends it a signal, as {@code TERM}. */
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /** Kills it as a power cut would, without waiting for its end. */
  void killNow() {
    process.destroyForcibly();
  }

  /** Kills it as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for it to end by itself and returns its exit status. */
  int awaitExit() throws Exception {
    if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("does not end: " + Files.readString(log));
    }
    return process.exitValue();
  }

  /** Waits until it has written {@code text} to its console, which may be after it has acted. */
  void awaitConsole(String text) throws Exception {
    if (!await(() -> console().contains(text))) {
      throw new IOException("does not say " + text + ": " + console());
    }
  }

  /** What it wrote to its console. */
  String console() throws IOException {
    return Files.readString(log);
  }

  /**
   * The lines on its console that say that something is wrong; those that contain one of {@code
   * expected} are as they should be.
   */
  List<String> complaints(String... expected) throws IOException {
    return console()
        .lines()
        .filter(
            line -> line.matches("[^|]*\\|[^|]*\\|[^|]*\\|(WARN|ERR|EMER)\\|.*") || isTrace(line))
        .filter(line -> Arrays.stream(expected).noneMatch(line::contains))
        .toList();
  }

  private static boolean isTrace(String line) {
    return line.startsWith("\tat ") || line.startsWith("Exception in ");
  }

  /** Ends it, politely first. */
  void stop() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
