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
 * <p>{@link #close} may be called by any thread but the packet thread, {@link #pin} by any.
 */
public final class PacketThreadRunner implements AutoCloseable {
  private static final int IDLE_STEPS_BEFORE_SLEEP = 256;
  private static final int MAX_POLLED_PORTS = 4096;
  private static final int MAX_CPUS = 1024;
  private static final int HOUSEKEEPING_MS = 100;
  private static final int UNPOLLABLE_MS = 1;

  /** Stands for whatever CPU the kernel finds best. */
  public static final int ANY_CPU = -1;

  private final PacketThread agent;
  private final Clock clock;
  private final Poller poller;
  private final Thread thread;
  private int watchedVersion = -1;
  private int longestSleepMs;
  private volatile int cpu = ANY_CPU;
  private volatile boolean sleeping;
  private volatile boolean closing;

  /**
   * Guarded by this: a waker must not write to a descriptor that is closed, or another's by now.
   */
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param cpu to run on, or {@link #ANY_CPU}
   * @throws LinuxException where the kernel grants no descriptor to be woken by
   */
  public PacketThreadRunner(PacketThread agent, Clock clock, int cpu) throws LinuxException {
    this.agent = agent;
    this.clock = clock;
    this.poller = new Poller(MAX_POLLED_PORTS);
    agent.onCommand(this::wakeUp);
    this.thread = Thread.ofPlatform().name(agent.name()).daemon().start(this::loop);
    pin(cpu);
  }

  /** The CPU that it runs on, or {@link #ANY_CPU}. */
  public int cpu() {
    return cpu;
  }

  /** Has it run on a CPU, or on {@link #ANY_CPU}, from its next step on. */
  public void pin(int newCpu) {
    if (newCpu != cpu) {
      cpu = newCpu;
      agent.send((self, nowNs) -> pinHere(newCpu));
    }
  }

  /** A CPU that is not there, or not ours, leaves the thread where it may run. */
  private void pinHere(int newCpu) {
    if (Thread.currentThread() == thread) {
      BitSet cpus = new BitSet();
      cpus.set(newCpu < 0 ? 0 : newCpu, newCpu < 0 ? MAX_CPUS : newCpu + 1);
      Processes.pinThread(cpus);
    }
  }

  /** A thread that is awake sees commands anyway, so only a sleeper costs the sender a call. */
  private void wakeUp() {
    if (sleeping) {
      wakeSleeper();
    }
  }

  private synchronized void wakeSleeper() {
    if (!closed) {
      poller.wakeUp();
    }
  }

  private void loop() {
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
      watchPorts();
      if (poller.await(longestSleepMs) > 0) {
        expectPackets();
      }
    }
    sleeping = false;
  }

  private void expectPackets() {
    for (PolledPort each : agent.ports()) {
      each.expect();
    }
  }

  /**
   * Watches the ports' descriptors, and finds out how long to sleep at most. As long as the ports
   * are the same, what the poller knows of them holds: which of them are broken, for one.
   */
  private void watchPorts() {
    if (watchedVersion == agent.portsVersion()) {
      return;
    }
    watchedVersion = agent.portsVersion();
    poller.clear();
    longestSleepMs = HOUSEKEEPING_MS;
    int count = 0;
    for (PolledPort each : agent.ports()) {
      int fd = each.port.netdev().pollFd();
      if (fd < 0 || count == MAX_POLLED_PORTS) {
        longestSleepMs = UNPOLLABLE_MS;
      } else {
        poller.watch(fd);
        count++;
      }
    }
  }

  /** Ends the thread and waits for it. */
  @Override
  public void close() {
    closing = true;
    wakeSleeper();
    ThreadEnd.await(thread);
    agent.onCommand(() -> {});
    synchronized (this) {
      closed = true;
    }
    poller.close();
  }
}
