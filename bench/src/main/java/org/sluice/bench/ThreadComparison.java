package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sluice.base.clock.Clock;
import org.sluice.base.sync.AgentThread;
import org.sluice.bench.peer.Pause;
import org.sluice.datapath.datapath.PacketThread;
import org.sluice.datapath.netdev.dummy.NullNetdev;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;

/**
 * Two packet threads beside one: the same 1,000 connections come in by ports 1 and 3 and leave by 2
 * and 4. Two threads have an input each; one has both.
 */
final class ThreadComparison {
  private static final int FLOWS = 1000;
  private static final int WARM_UP_MS = 2000;
  private static final long REVALIDATOR_SLEEP_NS = 10_000_000L;

  private static final String FORWARD =
      """
      in_port=1,actions=output:2
      in_port=3,actions=output:4
      """;

  private static final String STATEFUL =
      """
      table=0,priority=100,ip,ct_state=-trk,actions=ct(table=1)
      table=1,priority=100,ip,in_port=1,ct_state=+trk+new,actions=ct(commit),output:2
      table=1,priority=100,ip,in_port=3,ct_state=+trk+new,actions=ct(commit),output:4
      table=1,priority=100,ip,in_port=1,ct_state=+trk+est,actions=output:2
      table=1,priority=100,ip,in_port=3,ct_state=+trk+est,actions=output:4
      """;

  private final ForwardOptions options;
  private final PrintStream out;
  private final PrintStream progress;

  ThreadComparison(ForwardOptions options, PrintStream out, PrintStream progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Measures and prints a line for each policy. */
  void run() throws IOException, OfSyntaxException {
    compare("fwd", FORWARD);
    compare("stateful", STATEFUL);
  }

  private void compare(String policy, String flows) throws IOException, OfSyntaxException {
    progress.printf("two packet threads, %s ...%n", policy);
    try (BenchFiles files = BenchFiles.write(flows, file -> Traffic.writeUdp(file, FLOWS));
        ReplayImage image = ReplayImage.read(files.capture())) {
      double one = mpps(files, image, 1);
      double two = mpps(files, image, 2);
      String format =
          options.json
              ? "{\"measurement\": \"threads %s\", \"one\": %.3f, \"two\": %.3f, \"ratio\": %.2f}%n"
              : "two threads, %-9s one %.3f Mpps, two %.3f Mpps, %.2f times%n";
      out.printf(Locale.ROOT, format, policy, one, two, two / one);
      out.flush();
    }
  }

  private double mpps(BenchFiles files, ReplayImage image, int threads)
      throws IOException, OfSyntaxException {
    Clock clock = Clock.system();
    try (OfflineSwitch offline = new OfflineSwitch(clock.nowNs(), threads)) {
      // A new port goes to the thread that has the fewest: inputs first, so that each has one.
      offline.addPort(1, new ReplayNetdev("in1", image, false));
      offline.addPort(3, new ReplayNetdev("in3", image, false));
      offline.addPort(2, new NullNetdev("out2", ReplayNetdev.MAC + 1));
      offline.addPort(4, new NullNetdev("out4", ReplayNetdev.MAC + 2));
      offline.addFlows(files.flows());
      List<Throwable> faults = new CopyOnWriteArrayList<>();
      double mpps;
      try (AgentThread _ =
              AgentThread.start(
                  offline.controlAgent(), clock, REVALIDATOR_SLEEP_NS, (_, e) -> faults.add(e));
          AgentThread _ =
              AgentThread.start(
                  offline.memoryAgent(), clock, REVALIDATOR_SLEEP_NS, (_, e) -> faults.add(e))) {
        mpps = steppedBy(offline, clock);
      }
      faults.addAll(offline.faults());
      if (!faults.isEmpty()) {
        throw new IllegalStateException("the switch failed", faults.getFirst());
      }
      return mpps;
    }
  }

  private double steppedBy(OfflineSwitch offline, Clock clock) throws IOException {
    List<PinnedStepper> steppers = new ArrayList<>();
    try {
      for (PacketThread thread : offline.datapath().threads()) {
        // From the highest CPU down: the control thread is left the first as long as it can be.
        int cpu = Runtime.getRuntime().availableProcessors() - 1 - steppers.size();
        steppers.add(PinnedStepper.start(thread, clock, cpu));
      }
      Pause.ms(WARM_UP_MS);
      long before = offline.statistics().received();
      long start = clock.nowNs();
      Pause.ms(options.seconds * 1000L);
      long packets = offline.statistics().received() - before;
      return packets * 1e3 / (clock.nowNs() - start);
    } finally {
      steppers.forEach(PinnedStepper::close);
    }
  }
}
