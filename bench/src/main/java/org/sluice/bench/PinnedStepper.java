package org.sluice.bench;

import org.sluice.base.clock.Clock;
import org.sluice.base.sync.ThreadEnd;
import org.sluice.datapath.datapath.PacketThread;

/** A thread on a CPU of its own, which steps a packet thread without a pause until it is closed. */
final class PinnedStepper implements AutoCloseable {
  private static final int STEPS_BETWEEN_CLOCKS = 64;

  private final PacketThread stepped;
  private final Clock clock;
  private final Thread thread;
  private volatile boolean closing;

  private PinnedStepper(PacketThread stepped, Clock clock, int cpu) {
    this.stepped = stepped;
    this.clock = clock;
    this.thread =
        Thread.ofPlatform()
            .name("pmd" + cpu)
            .daemon()
            .unstarted(() -> {
              ForwardRun.pin(cpu);
              run();
            });
  }

  static PinnedStepper start(PacketThread stepped, Clock clock, int cpu) {
    PinnedStepper stepper = new PinnedStepper(stepped, clock, cpu);
    stepper.thread.start();
    return stepper;
  }

  private void run() {
    while (!closing) {
      long now = clock.nowNs();
      for (int i = 0; i < STEPS_BETWEEN_CLOCKS; i++) {
        stepped.doWork(now);
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    ThreadEnd.await(thread);
  }
}
