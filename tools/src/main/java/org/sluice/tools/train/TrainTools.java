package org.sluice.tools.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.base.unixctl.VlogUnixctl;
import org.sluice.tools.Command;
import org.sluice.tools.ovs.OvsAppctl;

/** {@code train-tools}: what short-lived commands do. Named by the launcher only. */
public final class TrainTools implements Command {
  private static final String NAME = "train-tools";

  public TrainTools() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public int run(String[] arguments) throws IOException, InterruptedException {
    askADaemon();
    ConfigurationTraining.run();
    return 0;
  }

  private static void askADaemon() throws IOException {
    Path folder = Files.createTempDirectory("sluice-train");
    Path socket = folder.resolve("train.ctl");
    VlogRegistry log = new VlogRegistry(Clock.system(), NAME, System.err);
    UnixctlCommands commands = new UnixctlCommands(NAME);
    new VlogUnixctl(log).registerIn(commands);
    UnixctlServer server = UnixctlServer.start(socket, commands, log.vlog("unixctl"));
    try {
      appctl("--version");
      appctl("--help");
      appctl("-t", socket.toString(), "vlog/list");
      appctl("-t", socket.toString(), "-f", "json", "version");
    } finally {
      server.close();
      Files.deleteIfExists(socket);
      Files.delete(folder);
    }
  }

  private static void appctl(String... arguments) {
    new OvsAppctl().run(arguments);
  }
}
