package org.sluice.ovsdb.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.sync.ThreadEnd;

/**
 * The thread that owns the databases: takes what there is to do from a bounded queue in batches,
 * and has the batch rounded off. It is a platform thread, because it waits for the disk.
 */
final class WriterThread {
  private static final int QUEUE_LENGTH = 4096;
  private static final int BATCH = 512;
  private static final long TICK_MS = 1_000;

  /** Something to do on this thread. */
  @FunctionalInterface
  interface Event {
    void run(Now now);
  }

  /** Work with a result. */
  @FunctionalInterface
  interface Work<T> {
    T run(Now now);
  }

  /** What is done around the events; called on this thread. */
  interface Rounds {
    /** After each batch; {@code idle} if there was nothing in it. */
    void afterBatch(Now now, boolean idle);

    /** About once a second, before {@link #afterBatch}. */
    void tick(Now now);

    /** When {@link #afterBatch} is due even if nothing happens. */
    long nextDeadlineMs();

    /** At the end. */
    void end();
  }

  private final Clock clock;
  private final Vlog log;
  private final Rounds rounds;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUE_LENGTH);
  private final Thread thread;
  private boolean closing;
  private long lastTickMs;

  WriterThread(Clock clock, Vlog log, Rounds rounds) {
    this.clock = clock;
    this.log = log;
    this.rounds = rounds;
    this.thread = Thread.ofPlatform().name("ovsdb").daemon().unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /** Has work done, and waits for its result. */
  <T> T call(Work<T> work) {
    if (!thread.isAlive()) {
      throw new IllegalStateException("the server is closed");
    }
    CompletableFuture<T> future = new CompletableFuture<>();
    post(now -> {
      try {
        future.complete(work.run(now));
      } catch (RuntimeException e) {
        future.completeExceptionally(e);
      }
    });
    return future.join();
  }

  /** Has something done, after everything that was posted before. */
  void post(Event event) {
    boolean interrupted = false;
    while (true) {
      try {
        events.put(event);
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread after what is posted, and waits for that. */
  void end() {
    if (thread.isAlive()) {
      post(_ -> closing = true);
    }
    ThreadEnd.await(thread);
  }

  private Now now() {
    return new Now(clock.nowNs() / 1_000_000, clock.wallMs());
  }

  private void work() {
    List<Event> batch = new ArrayList<>(BATCH);
    while (!closing) {
      try {
        Event first = events.poll(pauseMs(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          events.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException _) {
        closing = true;
      }
      guard(() -> workOn(batch));
      batch.clear();
    }
    guard(rounds::end);
  }

  /** A fault in one step must not end the thread that everybody waits for. */
  private void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError e) {
      log.err("internal error: %s", e);
    }
  }

  private long pauseMs() {
    long untilDeadlineMs = rounds.nextDeadlineMs() - now().monotonicMs();
    return Math.clamp(untilDeadlineMs, 0, TICK_MS);
  }

  private void workOn(List<Event> batch) {
    Now now = now();
    for (Event event : batch) {
      guard(() -> event.run(now));
    }
    if (now.monotonicMs() - lastTickMs >= TICK_MS) {
      lastTickMs = now.monotonicMs();
      rounds.tick(now);
    }
    rounds.afterBatch(now, batch.isEmpty());
  }
}
