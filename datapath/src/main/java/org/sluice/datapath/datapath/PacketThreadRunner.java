package org.sluice.datapath.datapath;

import java.util.BitSet;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Poller;
import org.sluice.base.linux.Processes;
import org.sluice.base.sync.ThreadEnd;

/**
 * Gives a {@link PacketThread} a thread of its own, pinned to a CPU if wished.
 *
 * <p>While there is work it steps without pause. When there is none it goes on for a moment, since
 * packets come in bursts, and then sleeps in the kernel until a device has something, a command
 * comes, or the next housekeeping is due; so an idle switch costs nothing. A device without a
 * descriptor to poll is looked at every millisecond instead.
 *
 * <p>{@link #close} may be called by any thread but the packet thread.
 */
public final class PacketThreadRunner implements AutoCloseable {
  private static final int IDLE_STEPS_BEFORE_SLEEP = 256;
  private static final int MAX_POLLED_PORTS = 4096;
  private static final int HOUSEKEEPING_MS = 100;
  private static final int UNPOLLABLE_MS = 1;

  private final PacketThread agent;
  private final Clock clock;
  private final int cpu;
  private final Poller poller;
  private final Thread thread;
  private volatile boolean sleeping;
  private volatile boolean closing;

  /**
   * Starts the thread.
   *
   * @param cpu to run on; -1 = any
   * @throws LinuxException where the kernel grants no descriptor to be woken by
   */
  public PacketThreadRunner(PacketThread agent, Clock clock, int cpu) throws LinuxException {
    this.agent = agent;
    this.clock = clock;
    this.cpu = cpu;
    this.poller = new Poller(MAX_POLLED_PORTS);
    agent.onCommand(this::wakeUp);
    this.thread = Thread.ofPlatform().name(agent.name()).daemon().start(this::loop);
  }

  /** A thread that is awake sees commands anyway, so only a sleeper costs the sender a call. */
  private void wakeUp() {
    if (sleeping) {
      poller.wakeUp();
    }
  }

  private void loop() {
    if (cpu >= 0) {
      BitSet cpus = new BitSet();
      cpus.set(cpu);
      Processes.pinThread(cpus);
    }
    int idleSteps = 0;
    while (!closing) {
      if (step() > 0) {
        idleSteps = 0;
      } else if (++idleSteps < IDLE_STEPS_BEFORE_SLEEP) {
        Thread.onSpinWait();
      } else {
        sleep();
      }
    }
    agent.onClose();
  }

  /**
   * A fault that the agent did not see to itself, at a device or at housekeeping, must not end the
   * thread.
   */
  private int step() {
    try {
      return agent.doWork(clock.nowNs());
    } catch (RuntimeException | AssertionError e) {
      agent.report(e);
      return 0;
    }
  }

  /** The last look is taken after senders can see that a wake-up is needed, so none is lost. */
  private void sleep() {
    sleeping = true;
    if (step() == 0 && !closing) {
      poller.await(watchPorts());
    }
    sleeping = false;
  }

  /** Watches the ports' descriptors; returns how long to sleep at most. */
  private int watchPorts() {
    poller.clear();
    int timeoutMs = HOUSEKEEPING_MS;
    int watched = 0;
    for (Port port : agent.ports()) {
      int fd = port.netdev().pollFd();
      if (fd < 0 || watched == MAX_POLLED_PORTS) {
        timeoutMs = UNPOLLABLE_MS;
      } else {
        poller.watch(fd);
        watched++;
      }
    }
    return timeoutMs;
  }

  /** Ends the thread and waits for it. */
  @Override
  public void close() {
    closing = true;
    poller.wakeUp();
    ThreadEnd.await(thread);
    agent.onCommand(() -> {});
    poller.close();
  }
}
