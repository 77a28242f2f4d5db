package org.sluice.ovsdb.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.sync.ThreadEnd;

/**
 * The thread that owns the databases: takes what there is to do from a bounded queue and from the
 * sockets that have something, in batches, and has each batch rounded off. Requests that came at
 * about the same time are so made durable together, and a request that came alone is answered
 * without waking another thread. It is a platform thread, because it waits for the disk.
 */
final class WriterThread {
  private static final int QUEUE_LENGTH = 4096;
  private static final int BATCH = 512;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long TICK_MS = 1_000;

  /** A shell's exit status of a process that SIGABRT has ended. */
  private static final int ABORTED = 128 + 6;

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

  /** What is waited for together with the events; called on this thread. */
  interface Socket {
    /** The socket can be read, or written to, as was wanted. */
    void ready(Now now);
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
  private final ArrayDeque<Event> own = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Selector selector;
  private final Thread thread;
  private boolean closing;
  private long lastTickMs;

  WriterThread(Clock clock, Vlog log, Rounds rounds) {
    this.clock = clock;
    this.log = log;
    this.rounds = rounds;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot wait for sockets", e);
    }
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
        selector.wakeup();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it is this thread that asks. */
  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Has something done, by this thread itself a little later. */
  void execute(Event event) {
    if (isCurrent()) {
      own.add(event);
    } else {
      post(event);
    }
  }

  /** Has {@code socket} told when the channel can be read, until the channel is closed. */
  SelectionKey register(SocketChannel channel, Socket socket) throws IOException {
    return channel.register(selector, SelectionKey.OP_READ, socket);
  }

  /** Room for what is read or written at the moment, for this thread. */
  ByteBuffer buffer() {
    return buffer;
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
      select();
      batch.addAll(own);
      own.clear();
      events.drainTo(batch, BATCH);
      guard(() -> workOn(batch));
      batch.clear();
    }
    guard(rounds::end);
    closeSelector();
  }

  /** Waits until there is something to do. */
  private void select() {
    try {
      long pauseMs = events.isEmpty() && own.isEmpty() ? pauseMs() : 0;
      if (pauseMs == 0) {
        selector.selectNow();
      } else {
        selector.select(pauseMs);
      }
    } catch (IOException e) {
      log.err("cannot wait for sockets: %s", e.getMessage());
      closing = true;
    }
    closing |= Thread.interrupted();
  }

  private void closeSelector() {
    try {
      selector.close();
    } catch (IOException e) {
      log.dbg("cannot end waiting for sockets: %s", e.getMessage());
    }
  }

  /**
   * A fault in one step must not end the thread that everybody waits for. Where the memory gave out
   * nobody knows what was half done, so that the process ends as one that aborts: what it has
   * acknowledged is in the files, and who supervises it starts it again.
   */
  private void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      log.err("internal error: %s", e);
    } catch (OutOfMemoryError e) {
      try {
        log.err("out of memory (%s), aborting", e.getMessage());
      } finally {
        Runtime.getRuntime().halt(ABORTED);
      }
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
    boolean idle = batch.isEmpty() && selector.selectedKeys().isEmpty();
    for (SelectionKey key : selector.selectedKeys()) {
      guard(() -> ((Socket) key.attachment()).ready(now));
    }
    selector.selectedKeys().clear();
    if (now.monotonicMs() - lastTickMs >= TICK_MS) {
      lastTickMs = now.monotonicMs();
      rounds.tick(now);
    }
    rounds.afterBatch(now, idle);
  }
}
