package org.sluice.tools.ofctl;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.daemon.Pidfile;
import org.sluice.base.daemon.ReadySignal;
import org.sluice.base.daemon.Termination;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.base.unixctl.VlogUnixctl;

/** What a command that stays has around it: a pidfile, a control socket, an end by signals. */
final class MonitorStart implements MonitorLoop.Start {
  private final OfctlOptions options;
  private final DaemonDirectories directories;
  private final VlogRegistry log;

  MonitorStart(OfctlOptions options, DaemonDirectories directories, VlogRegistry log) {
    this.options = options;
    this.directories = directories;
    this.log = log;
  }

  @Override
  public AutoCloseable begin(UnixctlCommands commands) throws IOException {
    Termination termination = new Termination(log.vlog("fatal_signal"));
    termination.handleSignals();
    if (options.hasPidfile()) {
      Pidfile pidfile = Pidfile.create(pidfilePath(), options.overwritesPidfile());
      termination.atEnd(() -> closeQuietly(pidfile));
    }
    new VlogUnixctl(log).registerIn(commands);
    if (!"none".equals(options.unixctl())) {
      UnixctlServer server = UnixctlServer.start(socketPath(), commands, log.vlog("unixctl"));
      termination.atEnd(server::close);
    }
    ReadySignal.fromEnvironment(System.getenv()).send();
    return termination::run;
  }

  private Path pidfilePath() {
    String name = options.pidfile() == null ? OvsOfctl.PROGRAM + ".pid" : options.pidfile();
    return directories.run().resolve(name);
  }

  private Path socketPath() {
    return options.unixctl() == null
        ? UnixctlServer.defaultPath(directories.run(), OvsOfctl.PROGRAM)
        : directories.run().resolve(options.unixctl());
  }

  private static void closeQuietly(Pidfile pidfile) {
    try {
      pidfile.close();
    } catch (IOException e) {
      // The process ends, and its lock with it; a stale file is harmless.
      return;
    }
  }
}
