package org.sluice.tools.lab;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.Processes;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.WrongUsage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice lab}: shows three firewalls under attack. */
public final class LabCommand implements org.sluice.tools.Command {
  public LabCommand() {}

  @Override
  public String name() {
    return "lab";
  }

  @Override
  public String summary() {
    return "three firewalls attacked between real hosts, and what each let through";
  }

  @Override
  public int run(String[] arguments) {
    Run run = new Run();
    CommandLine parser = new CommandLine(run);
    try {
      parser.parseArgs(arguments);
      if (run.help) {
        parser.usage(System.out);
        return 0;
      }
      return run.call();
    } catch (CommandLine.ParameterException e) {
      System.err.println("sluice lab: " + WrongUsage.line("./sluice lab", e));
      return 1;
    }
  }

  @Command(
      name = "./sluice lab",
      sortOptions = false,
      usageHelpWidth = 100,
      description = {
        "Joins three hosts (client, server, attacker) by a bridge of the switch, installs three",
        "firewall policies in turn (examples/firewall/*.flows) and tries the same probes under",
        "each: what users do, and what attackers do. Prints what passed, what was expected, and",
        "the rule or the drop reason that decided; then the connections and the cache hit rates.",
        "",
        "With root the hosts are network namespaces with real sockets; without, the probes are",
        "played from captures (examples/firewall/captures) through the same switch.",
        ""
      },
      optionListHeading = "Options:%n",
      footer = {
        "",
        "Exit status: 0 if every row is as expected; 1 if one differs, or on an error."
      })
  private static final class Run {
    @Option(
        names = "--keep",
        description = "Leave the hosts and the switch running until Ctrl-C, to look around.")
    private boolean keep;

    @Option(names = "--json", description = "Print one JSON object: ok, and all rows.")
    private boolean json;

    @Option(
        names = "--captures",
        description = "Play captures, also where the hosts could be real.")
    private boolean captures;

    @Option(
        names = "--record",
        paramLabel = "DIR",
        description = "Record what the hosts send under the stateful policy as captures.")
    private Path record;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "This help.")
    private boolean help;

    private final PrintStream out = System.out;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile boolean reported;

    /** One lab at a time: the hosts' names are fixed. Both are root's. */
    private static final Path FOLDER = Path.of("/run/sluice-lab");

    private static final Path LOCK = Path.of("/run/sluice-lab.lock");
    private static final int EARLY_END_S = 5;

    int call() {
      Path policies = Path.of(System.getProperty("sluice.home", ".")).resolve("examples/firewall");
      try {
        boolean live = !captures && Processes.isRoot();
        if (keep && !live) {
          System.err.println("sluice lab: --keep needs root, for hosts that are real");
          return 1;
        }
        if (record != null && !live) {
          System.err.println("sluice lab: --record needs root, for hosts that are real");
          return 1;
        }
        return live ? runLive(policies) : runCaptures(policies);
      } catch (IOException | OvsdbException | InterruptedException | RuntimeException e) {
        return failed(e);
      }
    }

    /** What an interrupted step fails with says nothing; whoever interrupted it tells. */
    private int failed(Exception e) {
      if (ending) {
        return 1;
      }
      if (e instanceof RuntimeException fault) {
        throw fault;
      }
      System.err.println("sluice lab: " + e.getMessage());
      return 1;
    }

    private int runCaptures(Path policies) throws IOException, InterruptedException {
      note(
          captures
              ? "playing the probes from captures"
              : "no root, so no network namespaces: playing the probes from captures");
      try (OfflineTarget target = new OfflineTarget(policies)) {
        Captures recorded = new Captures(policies.resolve("captures"));
        Lab lab = new Lab(target, new CaptureProber(recorded, target, 1), this::note);
        return report(lab.run());
      }
    }

    private int runLive(Path policies) throws IOException, OvsdbException, InterruptedException {
      try (FileChannel lock = FileChannel.open(LOCK, CREATE, WRITE)) {
        if (lock.tryLock() == null) {
          throw new IOException("a lab is already running; end it first, or use --captures");
        }
        Thread caller = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(caller), "cleanup"));
        note("removing what an earlier run may have left");
        removeAll();
        try {
          return runIn(policies, Files.createDirectories(FOLDER));
        } finally {
          removeAll();
          finished.countDown();
        }
      }
    }

    private int runIn(Path policies, Path directory)
        throws IOException, OvsdbException, InterruptedException {
      note("making three hosts in network namespaces");
      try (Network network = new Network(Clock.system())) {
        note("starting the switch in " + directory);
        try (LiveTarget target = new LiveTarget(policies, directory)) {
          Prober prober = new LiveProber(network);
          if (record != null) {
            prober = new RecordingProber(prober, network, new Captures(record));
          }
          int status = report(new Lab(target, prober, this::note).run());
          if (keep) {
            stay(target);
          }
          return status;
        }
      }
    }

    /** Ctrl-C may come at any moment: lets the run notice and clean up, then makes sure. */
    private void endEarly(Thread run) {
      if (finished.getCount() == 0) {
        return;
      }
      ending = true;
      try {
        run.interrupt();
        if (!finished.await(EARLY_END_S, TimeUnit.SECONDS)) {
          removeAll();
        }
        if (!reported) {
          note("");
          System.err.println("sluice lab: ended early; nothing is left of it");
        }
      } catch (IOException | InterruptedException e) {
        System.err.println("sluice lab: could not clean up: " + e.getMessage());
      }
    }

    private static void removeAll() throws IOException {
      Network.removeLeftovers();
      deleteFolder(FOLDER);
    }

    private static void deleteFolder(Path folder) throws IOException {
      if (!Files.isDirectory(folder)) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }

    private int report(Lab.Result result) throws IOException {
      note("");
      Report report = new Report(result);
      if (json) {
        report.printJson(out);
      } else {
        report.print(out);
      }
      reported = true;
      return result.ok() ? 0 : 1;
    }

    private void stay(LiveTarget target) throws InterruptedException {
      List<String> lines =
          List.of(
              "The hosts and the switch stay until Ctrl-C. In another terminal:",
              "  ip netns exec " + Host.namespaceName(Network.CLIENT) + " ping 10.77.0.2",
              "  export OVS_RUNDIR=" + target.directory(),
              "  ovs-ofctl dump-flows " + LiveTarget.BRIDGE,
              "  ovs-appctl -t " + target.controlSocket() + " dpctl/dump-conntrack",
              "  ovs-appctl -t "
                  + target.controlSocket()
                  + " ofproto/trace "
                  + LiveTarget.BRIDGE
                  + " in_port=3,tcp,nw_dst=10.77.0.2,tcp_dst=80");
      lines.forEach(System.err::println);
      new CountDownLatch(1).await();
    }

    /** Progress goes to the terminal's last line, or as lines to anything else. */
    private void note(String text) {
      if (System.console() != null && System.console().isTerminal()) {
        System.err.print("\r\u001b[K" + text);
        System.err.flush();
      } else if (!text.isEmpty()) {
        System.err.println(text);
      }
    }
  }
}
