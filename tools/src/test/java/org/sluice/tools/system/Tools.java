package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sluice.base.linux.Processes;

/**
 * Runs the tools that people have installed (Debian's Open vSwitch, iproute2) against a folder of
 * sockets.
 */
public final class Tools {
  private final Path directory;

  /** {@code directory} is what the tools are told is their run directory. */
  public Tools(Path directory) {
    this.directory = directory;
  }

  /** What tells programs that {@code directory} is where everything lies. */
  static Map<String, String> directories(Path directory) {
    return Stream.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")
        .collect(Collectors.toMap(name -> name, _ -> directory.toString()));
  }

  /** Skips the test, saying so, where it cannot run. */
  public static void assumeInstalled(String... programs) {
    for (String program : programs) {
      boolean found =
          Arrays.stream(System.getenv("PATH").split(":"))
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
      assumeTrue(found, "skipped: " + program + " is not installed");
    }
  }

  /** Skips the test, saying so, for anybody but root. */
  static void assumeRoot() {
    assumeTrue(Processes.isRoot(), "skipped: needs root for network namespaces");
  }

  /** What a program printed, both streams together, and how it ended. */
  public record Result(int status, String output) {
    public List<String> lines() {
      return output.lines().toList();
    }
  }

  /** Runs a command line and returns what it printed; the test fails if it fails. */
  public String run(String... command) throws Exception {
    Result result = attempt(command);
    assertEquals(0, result.status(), () -> Arrays.toString(command) + ": " + result.output());
    return result.output();
  }

  /** Adds a device to a bridge, as the port of that number. */
  void addPort(String bridge, String device, int number) throws Exception {
    run(
        "ovs-vsctl",
        "add-port",
        bridge,
        device,
        "--",
        "set",
        "interface",
        device,
        "ofport_request=" + number);
  }

  /** Runs a command line whatever comes of it. */
  public Result attempt(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(directories(directory));
    Path output = Files.createTempFile("tool", ".out");
    try {
      Process process = builder.redirectOutput(output.toFile()).start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(Arrays.toString(command) + " hangs: " + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /** Starts a program whose output goes to {@code output}. */
  public Process start(Path output, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(directories(directory));
    return builder.redirectOutput(output.toFile()).start();
  }
}
