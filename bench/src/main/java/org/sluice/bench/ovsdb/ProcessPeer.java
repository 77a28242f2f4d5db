package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that is a program: Debian's, or this one.
 *
 * @param name what results call it
 * @param command the program and what precedes its arguments
 */
record ProcessPeer(String name, List<String> command) implements DatabasePeer {
  private static final int END_SECONDS = 30;

  /** The one of the installation that this program is part of. */
  static ProcessPeer ours() throws IOException {
    String home = System.getProperty("sluice.home");
    if (home == null) {
      throw new IOException("run this by ./sluice, which knows where the server is");
    }
    return new ProcessPeer("sluice", List.of(home + "/sluice", "ovsdb-server"));
  }

  /** Debian's. */
  static ProcessPeer installed() throws IOException {
    for (String folder : List.of("/usr/sbin", "/usr/bin")) {
      Path program = Path.of(folder, "ovsdb-server");
      if (Files.isExecutable(program)) {
        return new ProcessPeer("ovsdb-server", List.of(program.toString()));
      }
    }
    throw new IOException("ovsdb-server is not installed (on Debian: openvswitch-switch)");
  }

  @Override
  public Running start(Path file, Path socket) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--unixctl=none", "-vconsole:warn", "--remote=punix:" + socket));
    words.add(file.toString());
    Path log = file.resolveSibling(name + ".log");
    Process process =
        new ProcessBuilder(words)
            .directory(file.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new RunningProcess(process);
  }

  /** A process that ends when it is closed. */
  private record RunningProcess(Process process) implements Running {
    @Override
    public long residentBytes() throws IOException {
      Path status = Path.of("/proc/" + process.pid() + "/status");
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      throw new IOException(status + " does not tell the memory");
    }

    @Override
    public void close() throws IOException {
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
}
