package org.sluice.bench.connections;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.clock.Clock;
import org.sluice.base.sync.Agent;
import org.sluice.base.sync.ThreadEnd;

/**
 * Steps an agent once in a millisecond, and notes by how much each step begins too late: because
 * the one before took so long, because something held the thread, or because it got no processor.
 */
final class TickingThread implements AutoCloseable {
  private static final long PERIOD_NS = 1_000_000;

  private final Agent agent;
  private final Clock clock;
  private final Lateness lateness;
  private final Thread thread;
  private volatile boolean closing;
  private volatile Throwable fault;

  private TickingThread(Agent agent, Clock clock, Lateness lateness) {
    this.agent = agent;
    this.clock = clock;
    this.lateness = lateness;
    this.thread = Thread.ofPlatform().name(agent.name()).daemon().unstarted(this::run);
  }

  /** Steps {@code agent} beside a thread that has nothing to do. */
  static TickingThread start(Agent agent, Clock clock, TickingThread idle) {
    TickingThread ticking = new TickingThread(agent, clock, new Lateness(idle.lateness));
    ticking.thread.start();
    return ticking;
  }

  /** One that does nothing in its steps. */
  static TickingThread startIdle(Clock clock) {
    TickingThread ticking = new TickingThread(new Nothing(), clock, new Lateness(null));
    ticking.thread.start();
    return ticking;
  }

  private static final class Nothing implements Agent {
    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public int doWork(long nowNs) {
      return 0;
    }
  }

  private void run() {
    try {
      lateness.begin();
      tick();
      lateness.end();
    } catch (IOException | RuntimeException | AssertionError e) {
      fault = e;
    }
    agent.onClose();
  }

  private void tick() throws IOException {
    long due = clock.nowNs() + PERIOD_NS;
    while (!closing) {
      long now = clock.nowNs();
      if (now < due) {
        LockSupport.parkNanos(this, due - now);
      } else {
        lateness.note(due, now);
        agent.doWork(now);
        lateness.noteStep(now, clock.nowNs());
        due = Math.max(due + PERIOD_NS, now);
        lateness.expect(due);
      }
    }
  }

  /** By how much a step was late at worst, since it was last asked. */
  Lateness.Worst takeWorst() {
    if (fault != null) {
      throw new IllegalStateException(thread.getName() + " failed", fault);
    }
    return lateness.take();
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    ThreadEnd.await(thread);
  }
}
