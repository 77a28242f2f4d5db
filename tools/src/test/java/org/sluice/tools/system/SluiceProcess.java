package org.sluice.tools.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    Path ready = directory.resolve("ready");
    Files.deleteIfExists(ready);
    Files.createFile(ready);
    ProcessBuilder builder = builder(words);
    builder.environment().put("SLUICE_READY", ready.toString());
    for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
      builder.environment().put(variable, directory.toString());
    }
    Path log = directory.resolve("console");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    SluiceProcess started = new SluiceProcess(builder.start(), log);
    started.awaitReady(ready);
    return started;
  }

  /** The command line, for programs that end by themselves. */
  static ProcessBuilder builder(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-ea", "-Xmx1g", "-XX:+UseSerialGC", "-Xlog:disable"));
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
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (Files.size(ready) == 0) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadlineNs) {
        process.destroyForcibly();
        throw new IOException("did not start: " + Files.readString(log));
      }
    }
  }

  long pid() {
    return process.pid();
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

  /** What it wrote to its console. */
  String console() throws IOException {
    return Files.readString(log);
  }

  /** Ends it, politely first. */
  void stop() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
