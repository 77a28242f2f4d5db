package org.sluice.ovsdb;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the real Open vSwitch tools, where Debian's packages have put them. */
public final class DebianTools {
  /** What a command printed, and how it ended. */
  public record Output(int exitCode, String out, String err) {
    /** The standard output of a command that must have succeeded. */
    public String ok() {
      assertTrue(exitCode == 0, () -> "exit " + exitCode + ": " + err + out);
      return out.strip();
    }
  }

  private DebianTools() {}

  /** Skips the test, with a plain message, unless {@code program} is installed. */
  public static Path require(String program) {
    for (String directory : List.of("/usr/bin", "/usr/sbin")) {
      Path path = Path.of(directory, program);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    assumeTrue(false, program + " is not installed (Debian: openvswitch-switch)");
    throw new AssertionError();
  }

  /**
   * Runs a tool with its sockets and databases in {@code directory}; gives up after half a minute.
   */
  public static Output run(Path directory, String program, String... arguments) {
    try {
      Path out = Files.createTempFile(directory, "out", "");
      Path err = Files.createTempFile(directory, "err", "");
      Process process =
          builder(directory, program, arguments)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(program + " hangs");
      }
      return new Output(process.exitValue(), text(out), text(err));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A tool not yet started. */
  public static ProcessBuilder builder(Path directory, String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(require(program).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OVS_RUNDIR", directory.toString());
    builder.environment().put("OVS_DBDIR", directory.toString());
    builder.environment().put("OVS_LOGDIR", directory.toString());
    return builder;
  }

  private static String text(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }
}
