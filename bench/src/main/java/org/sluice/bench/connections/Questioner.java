package org.sluice.bench.connections;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.sync.ThreadEnd;
import org.sluice.base.unixctl.UnixctlClient;
import org.sluice.bench.contest.Median;

/** Asks a switch the same questions again and again, and knows the longest wait for an answer. */
final class Questioner implements AutoCloseable {
  private static final long PAUSE_NS = 5_000_000;

  private final Path socket;
  private final List<String> questions;
  private final Map<String, Double> longestMs = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile IOException fault;

  private Questioner(Path socket, List<String> questions) {
    this.socket = socket;
    this.questions = questions;
    this.thread = Thread.ofPlatform().name("questions").daemon().unstarted(this::run);
  }

  static Questioner start(Path socket, List<String> questions) {
    Questioner started = new Questioner(socket, questions);
    started.thread.start();
    return started;
  }

  private void run() {
    try (UnixctlClient client = UnixctlClient.connect(socket)) {
      while (!closing) {
        for (String question : questions) {
          long startNs = System.nanoTime();
          client.run(question, List.of());
          longestMs.merge(question, Median.msSince(startNs), Math::max);
        }
        LockSupport.parkNanos(this, PAUSE_NS);
      }
    } catch (IOException e) {
      fault = e;
    }
  }

  /** The longest waits in milliseconds, by question, since it was last asked. */
  Map<String, Double> takeLongest() throws IOException {
    if (fault != null) {
      throw new IOException("the switch does not answer", fault);
    }
    Map<String, Double> taken = Map.copyOf(longestMs);
    longestMs.clear();
    return taken;
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    ThreadEnd.await(thread);
  }
}
