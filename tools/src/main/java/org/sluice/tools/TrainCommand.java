package org.sluice.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.tools.lab.LabCommand;
import org.sluice.tools.ovs.EmbeddedSwitch;
import org.sluice.tools.ovs.OvsAppctl;

/**
 * What the launcher runs once after a build, while the JVM records which classes it loads and how
 * often methods run: the daemons' and tools' everyday work, so that later starts find it prepared.
 * Not in {@code --help}.
 */
public final class TrainCommand implements Command {
  private static final int START_SECONDS = 20;

  public TrainCommand() {}

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "";
  }

  /** Starts a switch in a folder of its own, asks it a few things, and plays the lab's captures. */
  @Override
  public int run(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("sluice-train");
    VlogRegistry log = new VlogRegistry(Clock.system(), "train", System.err);
    log.setLevel(null, LogDestination.CONSOLE, LogLevel.OFF);
    UnixctlCommands commands = new UnixctlCommands("train");
    CountDownLatch ready = new CountDownLatch(1);
    try (UnixctlServer control =
            UnixctlServer.start(directory.resolve("train.ctl"), commands, log.vlog("unixctl"));
        EmbeddedSwitch running =
            new EmbeddedSwitch(directory, 1, log, commands, ready::countDown)) {
      if (!ready.await(START_SECONDS, TimeUnit.SECONDS) || running.core() == null) {
        return 1;
      }
      for (String command : List.of("list-commands", "dpif/show", "coverage/show")) {
        new OvsAppctl().run(new String[] {"--target", control.path().toString(), command});
        commands.run(new UnixctlRequest(command, List.of(), false)).join();
      }
    } finally {
      deleteFolder(directory);
    }
    return new LabCommand().run(new String[] {"--captures"});
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
