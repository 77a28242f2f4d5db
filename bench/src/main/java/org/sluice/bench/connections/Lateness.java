package org.sluice.bench.connections;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * By how much a thread began its steps too late, and how long a step took of its own: not counting
 * what it waited for a processor, nor what another thread, which has nothing to do, was late
 * meanwhile. The thread itself {@linkplain #note notes}; any thread asks.
 */
final class Lateness {
  private static final double NS_PER_MS = 1e6;

  /** What is less late than this is not remembered for others. */
  private static final long NOTABLE_NS = 200_000;

  private static final int REMEMBERED = 256;

  /** What the kernel tells of a thread: time on a processor, time it waited for one, turns. */
  private static final Path SCHEDULING = Path.of("/proc/thread-self/schedstat");

  private final Lateness idle;
  private final ByteBuffer text = ByteBuffer.allocate(128);
  private FileChannel scheduling;
  private long waitedNs;

  /** When it was late, from and to, the latest in turn. */
  private final long[] late = new long[2 * REMEMBERED];

  private int remembered;

  /** When the next thing is due. */
  private volatile long expectedNs = Long.MAX_VALUE;

  private long worstNs;
  private long longestStepNs;

  /** Lateness beside that of a thread that has nothing to do; null for that one itself. */
  Lateness(Lateness idle) {
    this.idle = idle;
  }

  /** The worst there was, in milliseconds. */
  record Worst(double ms, double stepMs) {}

  /** To be called first, by the thread that it is about. */
  void begin() throws IOException {
    scheduling = FileChannel.open(SCHEDULING);
    waitedNs = readWaitedNs();
  }

  private long readWaitedNs() throws IOException {
    text.clear();
    int length = scheduling.read(text, 0);
    String[] words = new String(text.array(), 0, length, StandardCharsets.US_ASCII).split(" ", -1);
    return Long.parseLong(words[1]);
  }

  /** Something will be due. */
  void expect(long dueNs) {
    expectedNs = dueNs;
  }

  /** A step that was due at one time begins at another. */
  void note(long dueNs, long nowNs) throws IOException {
    waitedNs = readWaitedNs();
    synchronized (this) {
      worstNs = Math.max(worstNs, nowNs - dueNs);
      if (nowNs - dueNs > NOTABLE_NS) {
        late[2 * remembered] = dueNs;
        late[2 * remembered + 1] = nowNs;
        remembered = (remembered + 1) % REMEMBERED;
      }
    }
  }

  /** The step that was noted last is done. */
  void noteStep(long fromNs, long toNs) throws IOException {
    if (toNs - fromNs > NOTABLE_NS) {
      long idleNs = idle == null ? 0 : idle.within(fromNs, toNs);
      long othersNs = Math.max(readWaitedNs() - waitedNs, idleNs);
      synchronized (this) {
        longestStepNs = Math.max(longestStepNs, toNs - fromNs - othersNs);
      }
    }
  }

  /** For how long it was, or still is, late between two times. */
  private synchronized long within(long fromNs, long toNs) {
    long sum = Math.max(0, toNs - Math.max(fromNs, expectedNs));
    for (int i = 0; i < REMEMBERED; i++) {
      sum += Math.max(0, Math.min(toNs, late[2 * i + 1]) - Math.max(fromNs, late[2 * i]));
    }
    return sum;
  }

  /** The worst since it was last asked. */
  synchronized Worst take() {
    Worst worst = new Worst(worstNs / NS_PER_MS, longestStepNs / NS_PER_MS);
    worstNs = 0;
    longestStepNs = 0;
    return worst;
  }

  /** To be called last, by the same thread. */
  void end() throws IOException {
    scheduling.close();
  }
}
