package org.sluice.bench.connections;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.sync.Agent;
import org.sluice.base.sync.AgentThread;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.datapath.PacketThread;
import org.sluice.datapath.datapath.PacketThreadRunner;
import org.sluice.datapath.netdev.dummy.NullNetdev;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;

/**
 * A switch that tracks what two ports receive, each on a packet thread of its own and in a zone of
 * its own, and listens for commands. Made and closed by one thread.
 */
final class ChurningSwitch implements AutoCloseable {
  static final int THREADS = 2;

  /** The file that it leaves in its folder. */
  static final String FLOWS = "flows";

  private static final String POLICY =
      """
      table=0,in_port=1,ip,ct_state=-trk,actions=ct(table=1,zone=1)
      table=0,in_port=2,ip,ct_state=-trk,actions=ct(table=1,zone=2)
      table=1,in_port=1,ip,ct_state=+trk+new,actions=ct(commit,zone=1),output:3
      table=1,in_port=2,ip,ct_state=+trk+new,actions=ct(commit,zone=2),output:3
      table=1,ip,ct_state=+trk+est,actions=output:3
      """;

  private static final long MEMORY_SLEEP_NS = 10_000_000;
  private static final long MAC = 0x0200_0000_0100L;

  private final Clock clock = Clock.system();
  private final OfflineSwitch offline = new OfflineSwitch(clock.nowNs(), THREADS);
  private final List<ChurnNetdev> inputs = new ArrayList<>();
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final Path socket;

  /** Starts it, with its files in {@code folder}. */
  ChurningSwitch(ConnectionsOptions options, Path folder) throws IOException {
    socket = folder.resolve("switch.ctl");
    Conntrack conntrack = offline.conntrack();
    conntrack.limits().setMaxConnections(Integer.MAX_VALUE);
    for (Timer timer :
        List.of(Timer.OTHER_FIRST, Timer.OTHER_MULTIPLE, Timer.OTHER_BIDIRECTIONAL)) {
      conntrack.timeouts().set(timer, options.timeout);
    }
    // A new port goes to the thread that has the fewest: inputs first, so that each has one.
    for (int port = 1; port <= THREADS; port++) {
      inputs.add(input(port, options));
      offline.addPort(port, inputs.getLast());
    }
    offline.addPort(THREADS + 1, new NullNetdev("out", MAC));
    addFlows(Files.writeString(folder.resolve(FLOWS), POLICY));
    listen();
  }

  private static ChurnNetdev input(int port, ConnectionsOptions options) {
    return new ChurnNetdev(
        "in" + port,
        MAC + port,
        options.connections / THREADS,
        (double) options.rate / THREADS,
        options.timeout / 2.0);
  }

  private void addFlows(Path file) {
    try {
      offline.addFlows(file);
    } catch (OfSyntaxException e) {
      throw new IllegalStateException("the benchmark's own flows", e);
    }
  }

  private void listen() throws IOException {
    PrintStream console = System.err;
    UnixctlCommands commands = new UnixctlCommands("sluice bench connections");
    offline.registerIn(commands, clock);
    running.add(
        UnixctlServer.start(
            socket, commands, new VlogRegistry(clock, "bench", console).vlog("unixctl")));
  }

  /** Begins to receive. */
  void start() throws IOException {
    running.add(
        AgentThread.start(offline.memoryAgent(), clock, MEMORY_SLEEP_NS, (_, e) -> faults.add(e)));
    try {
      for (PacketThread thread : offline.datapath().threads()) {
        running.add(new PacketThreadRunner(thread, clock, PacketThreadRunner.ANY_CPU));
      }
    } catch (LinuxException e) {
      throw new IOException("cannot start packet threads", e);
    }
  }

  Clock clock() {
    return clock;
  }

  /** What the control thread has to step. */
  Agent controlAgent() {
    return offline.controlAgent();
  }

  Conntrack conntrack() {
    return offline.conntrack();
  }

  /** Where it listens for commands. */
  Path socket() {
    return socket;
  }

  /** Packets received so far. */
  long packets() {
    return offline.statistics().received();
  }

  /** Connections that have begun so far. */
  long created() {
    return inputs.stream().mapToLong(ChurnNetdev::begun).sum();
  }

  /** Whether all connections that are to be held have begun. */
  boolean isFull() {
    return inputs.stream().allMatch(ChurnNetdev::isFull);
  }

  /** Ends all traffic; connections expire. */
  void stop() {
    inputs.forEach(ChurnNetdev::stop);
  }

  /** Errors in the program itself that were met and survived. */
  List<Throwable> faults() {
    List<Throwable> all = new ArrayList<>(faults);
    all.addAll(offline.faults());
    return all;
  }

  @Override
  public void close() throws IOException {
    stop();
    for (AutoCloseable each : running.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException("the switch does not end", e);
      }
    }
    offline.close();
  }
}
