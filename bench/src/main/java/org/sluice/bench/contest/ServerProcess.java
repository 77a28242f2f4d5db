package org.sluice.bench.contest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that is a program; it ends when this is closed. */
public record ServerProcess(Process process) implements Closeable {
  private static final int END_SECONDS = 30;

  /** Starts {@code words} in {@code folder}, what it says to be read in {@code log} there. */
  public static ServerProcess start(
      List<String> words, Path folder, String log, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start());
  }

  /** Memory of the process, in bytes. */
  public long residentBytes() throws IOException {
    return residentBytes(process.pid());
  }

  /** Memory of a process, in bytes. */
  public static long residentBytes(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(status + " does not tell the memory");
  }

  /** The program {@code name} of a Debian package. */
  public static String installed(String name, String debianPackage) throws IOException {
    for (String folder : List.of("/usr/sbin", "/usr/bin")) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    throw new IOException(name + " is not installed (on Debian: " + debianPackage + ")");
  }

  /** The command that stands for {@code name} in the installation that this program is part of. */
  public static List<String> ours(String name) throws IOException {
    String home = System.getProperty("sluice.home");
    if (home == null) {
      throw new IOException("run this by ./sluice, which knows where " + name + " is");
    }
    return List.of(home + "/sluice", name);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
