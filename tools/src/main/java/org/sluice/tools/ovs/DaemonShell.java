package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.daemon.Pidfile;
import org.sluice.base.daemon.ReadySignal;
import org.sluice.base.daemon.Termination;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.base.unixctl.VlogUnixctl;

/**
 * What every daemon does around its work: pidfile, control socket, signals, telling its starter
 * that it is ready, and ending on {@code exit}. Used by the main thread.
 */
final class DaemonShell {
  private final String program;
  private final DaemonDirectories directories;
  private final VlogRegistry registry;
  private final UnixctlCommands commands;
  private final Termination termination;
  private UnixctlServer control;
  private final CountDownLatch ended = new CountDownLatch(1);

  DaemonShell(String program, DaemonDirectories directories, VlogRegistry registry) {
    this.program = program;
    this.directories = directories;
    this.registry = registry;
    this.commands = new UnixctlCommands(program + " (Open vSwitch) " + OvsVersion.TEXT);
    this.termination = new Termination(registry.vlog("fatal_signal"));
    new VlogUnixctl(registry).registerIn(commands);
  }

  /** Where commands are registered, before {@link #open} or after. */
  UnixctlCommands commands() {
    return commands;
  }

  /** What is to be run when the daemon ends, whatever ends it. */
  Termination termination() {
    return termination;
  }

  /**
   * Opens the log file, takes the pidfile and opens the control socket, on which nobody is answered
   * before {@link #serve}: all, or nothing.
   *
   * @return false if the log file could not be opened, as has been logged
   */
  boolean open(DaemonOptions options) throws IOException, InterruptedException {
    if (!options.openLog()) {
      return false;
    }
    CrashReport.of(System.getenv()).writeTo(registry);
    termination.handleSignals();
    Thread.setDefaultUncaughtExceptionHandler(this::died);
    try {
      takePlace(options);
      return true;
    } catch (IOException e) {
      termination.run();
      throw e;
    }
  }

  /**
   * A connection's thread may end by an error of the machine's (out of memory, of stack), and only
   * that connection with it. A daemon that has lost one of its own threads would look alive and do
   * nothing, and ending it in order could wait for the lost one: it goes at once, and what is to be
   * restarted is seen to be down.
   */
  private void died(Thread thread, Throwable cause) {
    log("daemon").err("thread %s ended by %s", thread.getName(), cause);
    if (!thread.isVirtual()) {
      Runtime.getRuntime().halt(1);
    }
  }

  private void takePlace(DaemonOptions options) throws IOException {
    if (options.pidfile() != null) {
      Pidfile pidfile = Pidfile.create(options.pidfile(), options.overwritePidfile());
      termination.atEnd(() -> closeQuietly(pidfile));
    }
    if (!"none".equals(options.unixctl())) {
      Path socket =
          options.unixctl() == null
              ? UnixctlServer.defaultPath(directories.run(), program)
              : directories.run().resolve(options.unixctl());
      control = UnixctlServer.listen(socket, commands, log("unixctl"));
      termination.atEnd(control::close);
    }
  }

  /** Answers commands from now on. */
  void serve() {
    if (control != null) {
      control.serve();
    }
  }

  private static void closeQuietly(Pidfile pidfile) {
    try {
      pidfile.close();
    } catch (IOException e) {
      // The process ends, and its lock with it; a stale file is harmless.
      return;
    }
  }

  /** Registers {@code exit}, which runs {@code teardown} before it replies. */
  void registerExit(String usage, int maxArguments, Teardown teardown) {
    commands.registerDeferred(
        "exit",
        usage,
        0,
        maxArguments,
        request -> {
          CompletableFuture<UnixctlReply> reply = new CompletableFuture<>();
          Thread.ofPlatform()
              .name("exit")
              .start(() -> {
                try {
                  teardown.run(request.args().contains("--cleanup"));
                } catch (RuntimeException e) {
                  log("daemon").err("ending: %s", e);
                } finally {
                  reply.complete(UnixctlReply.NOTHING);
                  ended.countDown();
                }
              });
          return reply;
        });
  }

  /** Ends the daemon's work. */
  interface Teardown {
    void run(boolean cleanup);
  }

  /**
   * Tells who started the daemon that it serves now; with {@code --detach} the console falls
   * silent.
   */
  void ready(DaemonOptions options) {
    try {
      ReadySignal.fromEnvironment(System.getenv()).send();
    } catch (IOException e) {
      log("daemon").warn("could not say that the daemon is ready: %s", e.getMessage());
    }
    if (options.detach()) {
      registry.setLevel(null, LogDestination.CONSOLE, LogLevel.OFF);
    }
  }

  /** Waits for {@code exit}, and leaves nothing behind. */
  int awaitEnd() throws InterruptedException {
    ended.await();
    termination.run();
    return 0;
  }

  Vlog log(String module) {
    return registry.vlog(module);
  }
}
