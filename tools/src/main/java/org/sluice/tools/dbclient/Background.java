package org.sluice.tools.dbclient;

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
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.ovs.OvsVersion;

/**
 * Running in the background: options, pidfile, control socket, and the word to who waits in the
 * foreground. The launcher has put the process there before it began. Used by the main thread.
 */
final class Background implements AutoCloseable {
  static final String USAGE =
      """

      Daemon options:
        --detach                run in background as daemon
        --user=USER[:GROUP]     run as USER, with GROUP
        --no-chdir              do not chdir to '/'
        --monitor               accepted; nothing is started again
        --pidfile[=FILE]        create pidfile (default: %1$s/%2$s.pid)
        --overwrite-pidfile     with --pidfile, start even if already running
      """;

  private final String program;
  private final DaemonDirectories directories;
  private final VlogRegistry registry;
  private final Termination termination;
  private final UnixctlCommands commands;
  private Path pidfile;
  private boolean overwrite;
  private boolean detached;
  private boolean started;
  private boolean told;
  private boolean silent;

  Background(String program, DaemonDirectories directories, VlogRegistry registry) {
    this.program = program;
    this.directories = directories;
    this.registry = registry;
    this.termination = new Termination(registry.vlog("fatal_signal"));
    this.commands = new UnixctlCommands(OvsVersion.banner(program).strip());
  }

  void addTo(OptionTable table) {
    table
        .flag("detach", () -> detached = true)
        .flag("no-self-confinement", () -> {})
        .flag("no-chdir", () -> {})
        .optionalValue("pidfile", this::takePidfile)
        .flag("overwrite-pidfile", () -> overwrite = true)
        .flag("monitor", () -> {})
        .value("user", _ -> {}); // the launcher sees to it
  }

  private void takePidfile(String name) {
    pidfile = directories.run().resolve(name == null ? program + ".pid" : name);
  }

  String usage() {
    return USAGE.formatted(directories.run(), program);
  }

  /** Where a command that runs in the background registers what can be asked of it. */
  UnixctlCommands commands() {
    return commands;
  }

  /** Takes the pidfile and opens the control socket, as far as options ask for it. */
  void start() throws IOException {
    if (started || (pidfile == null && !detached)) {
      return;
    }
    started = true;
    termination.handleSignals();
    if (pidfile != null) {
      Pidfile taken = Pidfile.create(pidfile, overwrite);
      termination.atEnd(() -> release(taken));
    }
    if (detached) {
      new VlogUnixctl(registry).registerIn(commands);
      Path socket = UnixctlServer.defaultPath(directories.run(), program);
      UnixctlServer server = UnixctlServer.start(socket, commands, registry.vlog("unixctl"));
      termination.atEnd(server::close);
    }
  }

  private static void release(Pidfile taken) {
    try {
      taken.close();
    } catch (IOException _) {
      // The process ends, and its lock with it; a stale file is harmless.
      return;
    }
  }

  /** Lets who waits in the foreground go on. */
  void ready() throws IOException {
    if (!told) {
      told = true;
      ReadySignal.fromEnvironment(System.getenv()).send();
    }
  }

  /** Has nothing more said on standard error, if nobody is there to read it. */
  void silenceErrors() {
    silent = detached;
  }

  boolean isSilent() {
    return silent;
  }

  @Override
  public void close() {
    termination.run();
  }
}
