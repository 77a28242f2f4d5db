package org.sluice.vswitchd.translate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Open vSwitch itself, with its dummy datapath, in a directory of its own: needs no privileges and
 * touches no network. Used by one test thread.
 */
final class RealSwitch implements AutoCloseable {
  private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
  private static final String DAEMON = "/usr/sbin/ovs-vswitchd";

  private final Path directory;

  private RealSwitch(Path directory) {
    this.directory = directory;
  }

  /** Whether Debian's packages are here. */
  static boolean isInstalled() {
    return Files.isExecutable(Path.of(DAEMON)) && Files.exists(SCHEMA);
  }

  /** Starts a switch with an empty database. */
  static RealSwitch start() throws IOException {
    RealSwitch real = new RealSwitch(Files.createTempDirectory("sluice-oracle"));
    real.run("ovsdb-tool", "create", "conf.db", SCHEMA.toString());
    real.run(
        "ovsdb-server",
        "conf.db",
        "--detach",
        "--no-chdir",
        "--pidfile=db.pid",
        "--log-file=db.log",
        "--unixctl=db.ctl",
        "--remote=punix:" + real.directory.resolve("db.sock"));
    real.run("ovs-vsctl", "--no-wait", "init");
    real.run(
        DAEMON,
        "unix:" + real.directory.resolve("db.sock"),
        "--enable-dummy",
        "--disable-system",
        "--disable-system-route",
        "--detach",
        "--no-chdir",
        "--pidfile=vs.pid",
        "--log-file=vs.log",
        "--unixctl=vs.ctl");
    return real;
  }

  /** Runs {@code ovs-vsctl}. */
  String vsctl(String... arguments) {
    return tool("ovs-vsctl", arguments);
  }

  /** Puts flows in the place of all that a bridge has. */
  void replaceFlows(String bridge, List<String> flows) {
    try {
      Path file = directory.resolve("flows.txt");
      Files.write(file, flows);
      tool("ovs-ofctl", "del-flows", bridge);
      tool("ovs-ofctl", "-OOpenFlow15", "add-flows", bridge, file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code ofproto/trace} prints. */
  String trace(String bridge, String flow) {
    return tool(
        "ovs-appctl", "--target=" + directory.resolve("vs.ctl"), "ofproto/trace", bridge, flow);
  }

  @Override
  public void close() throws IOException {
    for (String target : List.of("vs.ctl", "db.ctl")) {
      tool("ovs-appctl", "--target=" + directory.resolve(target), "exit");
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }

  private String tool(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private String run(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(directory.toFile());
      builder.environment().put("OVS_RUNDIR", directory.toString());
      builder.environment().put("OVS_LOGDIR", directory.toString());
      builder.environment().put("OVS_DBDIR", directory.toString());
      builder.redirectErrorStream(true);
      Path output = Files.createTempFile("sluice-oracle", ".out");
      builder.redirectOutput(output.toFile());
      Process process = builder.start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("does not end: " + String.join(" ", command));
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      if (process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
