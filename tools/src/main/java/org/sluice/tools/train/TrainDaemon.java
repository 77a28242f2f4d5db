package org.sluice.tools.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.Command;
import org.sluice.tools.ovs.EmbeddedSwitch;
import org.sluice.tools.replay.ReplayCommand;

/**
 * {@code train-daemon}: starts and ends a switch with its database twice, has one told its flows,
 * and sends the example captures through another. Named by the launcher only.
 */
public final class TrainDaemon implements Command {
  private static final int STARTS = 2;
  private static final int START_SECONDS = 30;
  private static final DatabaseTraining.Amount DATABASE =
      new DatabaseTraining.Amount(6_000, 300, 100, 5);

  public TrainDaemon() {}

  @Override
  public String name() {
    return "train-daemon";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public int run(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-train");
    try {
      for (int i = 0; i < STARTS; i++) {
        start(folder);
      }
      OpenFlowTraining.run(folder);
      DatabaseTraining.run(folder, DATABASE);
      String home = System.getProperty("sluice.home");
      return home == null ? 0 : replay(Path.of(home, "examples/firewall"), folder);
    } catch (OvsdbException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      delete(folder);
    }
  }

  private static void start(Path folder) throws IOException, OvsdbException, InterruptedException {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    VlogRegistry log = new VlogRegistry(Clock.system(), "train", System.err);
    UnixctlCommands commands = new UnixctlCommands("train");
    try (EmbeddedSwitch _ =
        new EmbeddedSwitch(folder, 1, log, commands, () -> ready.complete(null))) {
      await(ready);
    }
  }

  /** Waits until a switch has started. */
  static void await(CompletableFuture<Void> ready) throws IOException, InterruptedException {
    try {
      ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the switch did not start", e);
    }
  }

  private static int replay(Path examples, Path folder) {
    int status = 0;
    for (String policy : List.of("stateless", "learn", "stateful")) {
      for (String probe : List.of("http", "ftp-active", "ftp-passive", "ping")) {
        String captures = examples.resolve("captures").resolve(probe) + "/";
        status |=
            new ReplayCommand()
                .run(
                    new String[] {
                      "--flows",
                      examples.resolve(policy + ".flows").toString(),
                      "--in",
                      "1=" + captures + "client.pcap",
                      "--in",
                      "2=" + captures + "server.pcap",
                      "--out",
                      folder.resolve("out").toString()
                    });
      }
    }
    return status;
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
