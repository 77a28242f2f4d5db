package org.sluice.base.sync;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.sluice.base.clock.Clock;

/**
 * Gives an agent a platform thread of its own, which steps it while there is work and otherwise
 * sleeps a little longer each time, up to a limit. Woken up, it begins with short sleeps again:
 * work is near.
 *
 * <p>{@link #wakeUp} and {@link #close} may be called by any thread.
 */
public final class AgentThread implements AutoCloseable {
  private static final long SHORTEST_SLEEP_NS = 10_000;

  private final Agent agent;
  private final Clock clock;
  private final long longestSleepNs;
  private final BiConsumer<String, Throwable> faults;
  private final Thread thread;
  private volatile boolean woken;
  private volatile boolean closing;

  /** Starts stepping {@code agent}; {@code faults} is told of what it throws, with its name. */
  public static AgentThread start(
      Agent agent, Clock clock, long longestSleepNs, BiConsumer<String, Throwable> faults) {
    AgentThread started = new AgentThread(agent, clock, longestSleepNs, faults);
    started.thread.start();
    return started;
  }

  private AgentThread(
      Agent agent, Clock clock, long longestSleepNs, BiConsumer<String, Throwable> faults) {
    this.agent = agent;
    this.clock = clock;
    this.longestSleepNs = longestSleepNs;
    this.faults = faults;
    this.thread = Thread.ofPlatform().daemon().name(agent.name()).unstarted(this::run);
  }

  private void run() {
    long sleepNs = SHORTEST_SLEEP_NS;
    while (!closing) {
      if (step() > 0 || woken) {
        sleepNs = SHORTEST_SLEEP_NS;
        woken = false;
      } else {
        LockSupport.parkNanos(this, sleepNs);
        sleepNs = Math.min(2 * sleepNs, longestSleepNs);
      }
    }
    agent.onClose();
  }

  private int step() {
    try {
      return agent.doWork(clock.nowNs());
    } catch (RuntimeException | AssertionError e) {
      faults.accept(agent.name(), e);
      return 0;
    }
  }

  /** Ends the current sleep. */
  public void wakeUp() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /** Lets the current step end and waits for it. */
  @Override
  public void close() {
    closing = true;
    wakeUp();
    ThreadEnd.await(thread);
  }
}
