package org.sluice.tools.ovs;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.WarpClock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.log.VlogRegistry;
import org.sluice.tools.Command;
import org.sluice.tools.options.TlsOptions;
import org.sluice.vswitchd.bridge.DummyMode;
import org.sluice.vswitchd.bridge.Vswitchd;

/** {@code ovs-vswitchd}: the switch as a daemon of its own, configured by a database server's. */
public final class OvsVswitchdDaemon implements Command {
  private static final String PROGRAM = "ovs-vswitchd";
  private static final String USAGE =
      """
      ovs-vswitchd: Open vSwitch daemon
      usage: ovs-vswitchd [OPTIONS] [DATABASE]
      where DATABASE is a socket on which ovsdb-server is listening
            (default: "unix:%s/db.sock").

      Active DATABASE connection methods:
        tcp:HOST:PORT           PORT at remote HOST
        ssl:HOST:PORT           SSL/TLS PORT at remote HOST
        unix:FILE               Unix domain socket named FILE
      """;

  public OvsVswitchdDaemon() {}

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "the switch as a daemon of its own";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
    VlogRegistry log = new VlogRegistry(Clock.system(), PROGRAM, System.err);
    DaemonOptions options = new DaemonOptions(PROGRAM, directories);
    try {
      Own own = new Own();
      options.read(arguments, log, own);
      if (options.help()) {
        System.out.print(USAGE.formatted(directories.run()) + TlsOptions.USAGE + options.usage());
        return 0;
      }
      if (options.version()) {
        System.out.println(PROGRAM + " (Open vSwitch) " + OvsVersion.TEXT);
        return 0;
      }
      if (options.words().size() > 1) {
        throw new OptionReader.BadOption(
            "at most one non-option argument accepted; use --help for usage");
      }
      return serve(directories, log, options, own);
    } catch (OptionReader.BadOption | IllegalArgumentException | IOException e) {
      System.err.println(PROGRAM + ": " + e.getMessage());
      return 1;
    }
  }

  /** The switch's own options. */
  private static final class Own implements DaemonOptions.Own {
    private final TlsOptions tls = new TlsOptions();
    private DummyMode dummies = DummyMode.OFF;

    @Override
    public boolean accept(String option, OptionReader reader) {
      if (tls.accept(option, reader::value)) {
        return true;
      }
      switch (option) {
        case "--enable-dummy" -> dummies = dummies(reader.optionalValue());
        case "--disable-system", "--disable-system-route" -> {
          // Nothing of the kernel's datapath or routes is used that would have to be left alone.
          return true;
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private static DummyMode dummies(String value) {
      DummyMode mode = DummyMode.parse(value);
      if (mode == null) {
        throw new OptionReader.BadOption("--enable-dummy: unknown mode \"" + value + "\"");
      }
      return mode;
    }
  }

  private static int serve(
      DaemonDirectories directories, VlogRegistry log, DaemonOptions options, Own own)
      throws IOException, InterruptedException {
    DaemonShell shell = new DaemonShell(PROGRAM, directories, log);
    String database =
        options.words().isEmpty()
            ? "unix:" + directories.run().resolve("db.sock")
            : options.words().getFirst();
    Vswitchd.Options settings =
        new Vswitchd.Options(
            directories.run(),
            database,
            1,
            own.dummies,
            own.tls.settings(UnaryOperator.identity()));
    Clock clock = own.dummies == DummyMode.OFF ? Clock.system() : new WarpClock(Clock.system());
    Vswitchd vswitchd =
        new Vswitchd(settings, clock, log, shell.commands(), () -> shell.ready(options));
    if (!shell.open(options)) {
      return 1;
    }
    shell.termination().atEnd(vswitchd::close);
    shell.registerExit("[--cleanup]", 1, _ -> vswitchd.close());
    shell.log("vswitchd").info("%s (Open vSwitch) %s", PROGRAM, OvsVersion.TEXT);
    shell.serve();
    vswitchd.start();
    return shell.awaitEnd();
  }
}
