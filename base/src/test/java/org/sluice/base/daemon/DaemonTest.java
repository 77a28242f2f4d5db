package org.sluice.base.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;

class DaemonTest {
  private static final int SIGTERM = 15;

  @TempDir private Path directory;

  /** A daemon in a process of its own: a pidfile, a file to clean up, and then it waits. */
  static final class Daemon {
    private Daemon() {}

    public static void main(String[] arguments) throws Exception {
      var registry = new VlogRegistry(Clock.system(), "daemon", System.err);
      Termination termination = new Termination(registry.vlog("fatal_signal"));
      try {
        Pidfile pidfile = Pidfile.create(Path.of(arguments[0]), arguments.length > 1);
        termination.atEnd(() -> close(pidfile));
      } catch (IOException e) {
        System.err.println(e.getMessage());
        System.exit(1);
      }
      termination.handleSignals();
      ReadySignal.fromEnvironment(System.getenv()).send();
      Thread.currentThread().join();
    }
  }

  private static void close(Pidfile pidfile) {
    try {
      pidfile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Daemon.class.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put(ReadySignal.VARIABLE, "1");
    return builder.redirectErrorStream(true).start();
  }

  private static String line(Process process) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
      line.append((char) c);
      c = process.getInputStream().read();
    }
    return line.toString();
  }

  @Test
  void shouldRefuseSecondDaemonAndCleanUpWhenTerminated() throws Exception {
    Path path = directory.resolve("d.pid");
    Process first = start(path.toString());
    assertEquals("ready", line(first));
    assertEquals(first.pid(), Pidfile.read(path));
    IOException e = assertThrows(IOException.class, () -> Pidfile.create(path, false));
    assertEquals(path + ": already running as pid " + first.pid() + ", aborting", e.getMessage());
    assertEquals(first.pid(), Pidfile.read(path), "asking does not harm the daemon's lock");

    first.toHandle().destroy();
    assertEquals(128 + SIGTERM, first.waitFor());
    String log = new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(log.contains("WARN|terminating with signal 15 (Terminated)\n"), log);
    assertFalse(Files.exists(path));
  }

  @Test
  void shouldReplacePidfileWhenItsDaemonWasKilled() throws Exception {
    Path path = directory.resolve("d.pid");
    Process first = start(path.toString());
    assertEquals("ready", line(first));
    first.destroyForcibly().waitFor();
    assertTrue(Files.exists(path));
    assertThrows(IOException.class, () -> Pidfile.read(path));
    Pidfile second = Pidfile.create(path, false);
    assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(path));
    second.close();
    assertFalse(Files.exists(path));
  }

  @Test
  void shouldSayWhyWhenPidfileCannotBeMade() {
    Path path = directory.resolve("no/d.pid");
    IOException e = assertThrows(IOException.class, () -> Pidfile.create(path, false));
    assertEquals(path + ".tmp: create failed (No such file or directory)", e.getMessage());
  }

  @Test
  void shouldTakeDirectoriesFromEnvironmentWhenSet() {
    var directories =
        DaemonDirectories.fromEnvironment(Map.of("OVS_RUNDIR", "/r", "OVS_SYSCONFDIR", "/s"));
    assertEquals(Path.of("/r"), directories.run());
    assertEquals(Path.of("/s/openvswitch"), directories.db());
    assertEquals(Path.of("/var/log/openvswitch"), directories.log());
  }
}
