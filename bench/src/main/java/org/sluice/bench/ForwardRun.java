package org.sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.Processes;
import org.sluice.base.sync.AgentThread;
import org.sluice.datapath.netdev.dummy.NullNetdev;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;

/**
 * Makes a switch between a capture and nowhere, and measures it: packets on a thread of their own,
 * pinned to a CPU; revalidation on another.
 */
final class ForwardRun {
  private static final long REVALIDATOR_SLEEP_NS = 10_000_000L;
  private static final long WARM_UP_NS = 6_000_000_000L;
  private static final long LONGEST_WARM_UP_NS = 60_000_000_000L;

  private final int cpu;
  private final boolean once;
  private final int seconds;

  /**
   * A run on a CPU, -1 for any.
   *
   * @param once the capture is played a single time, instead of for so many seconds
   */
  ForwardRun(int cpu, boolean once, int seconds) {
    this.cpu = cpu;
    this.once = once;
    this.seconds = seconds;
  }

  /**
   * Measures. A capture that is played once goes through other switches before: what is cold are
   * tables and caches, not the program.
   */
  ForwardBench.Result run(Path flows, Path capture)
      throws IOException, OfSyntaxException, InterruptedException {
    try (ReplayImage image = ReplayImage.read(capture)) {
      if (once) {
        warmUp(flows, image);
      }
      return runFresh(flows, image, _ -> {});
    }
  }

  /**
   * Goes on for as long as the compiler needs: for 6 s at least, and until of five switches none
   * was faster by a twentieth than the fastest before. A minute at most.
   */
  private void warmUp(Path flows, ReplayImage image)
      throws IOException, OfSyntaxException, InterruptedException {
    long start = System.nanoTime();
    double best = Double.MAX_VALUE;
    int slower = 0;
    long elapsedNs = 0;
    while (elapsedNs < WARM_UP_NS || (slower < 5 && elapsedNs < LONGEST_WARM_UP_NS)) {
      double cost = runFresh(flows, image, _ -> {}).nsPerPacket();
      slower = cost < 0.95 * best ? 0 : slower + 1;
      best = Math.min(best, cost);
      elapsedNs = System.nanoTime() - start;
    }
  }

  /** Told of a switch that has been measured, before it is closed. */
  interface Aftermath {
    void see(OfflineSwitch offline) throws IOException;
  }

  /** Plays an image through a switch of its own. */
  ForwardBench.Result runFresh(Path flows, ReplayImage image, Aftermath aftermath)
      throws IOException, OfSyntaxException, InterruptedException {
    ReplayNetdev source = new ReplayNetdev("in", image, once);
    Clock clock = Clock.system();
    try (OfflineSwitch offline = new OfflineSwitch(clock.nowNs())) {
      offline.addPort(1, source);
      offline.addPort(2, new NullNetdev("out", ReplayNetdev.MAC + 1));
      offline.addFlows(flows);
      ForwardBench bench = new ForwardBench(offline.datapath(), source);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      try (AgentThread _ =
              AgentThread.start(
                  offline.controlAgent(),
                  clock,
                  REVALIDATOR_SLEEP_NS,
                  (_, cause) -> failure.compareAndSet(null, cause));
          AgentThread _ =
              AgentThread.start(
                  offline.memoryAgent(),
                  clock,
                  REVALIDATOR_SLEEP_NS,
                  (_, cause) -> failure.compareAndSet(null, cause))) {
        ForwardBench.Result result = measure(bench);
        aftermath.see(offline);
        Optional.ofNullable(failure.get()).ifPresent(cause -> report("control or memory", cause));
        offline.faults().stream().findFirst().ifPresent(fault -> report("packet thread", fault));
        return result;
      }
    }
  }

  private static void report(String where, Throwable fault) {
    throw new IllegalStateException("the switch failed: " + where, fault);
  }

  private ForwardBench.Result measure(ForwardBench bench) throws InterruptedException {
    CompletableFuture<ForwardBench.Result> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("pmd0")
        .daemon()
        .start(() -> {
          try {
            pin(cpu);
            done.complete(once ? bench.runOnce() : bench.runSeconds(seconds));
          } catch (RuntimeException | AssertionError e) {
            done.completeExceptionally(e);
          }
        });
    try {
      return done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the switch failed", e.getCause());
    }
  }

  /** Keeps the calling thread on a CPU, if there is one of that number. */
  static void pin(int cpu) {
    if (cpu >= 0 && cpu < Runtime.getRuntime().availableProcessors()) {
      BitSet cpus = new BitSet();
      cpus.set(cpu);
      Processes.pinThread(cpus);
    }
  }
}
