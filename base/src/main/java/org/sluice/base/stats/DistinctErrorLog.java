package org.sluice.base.stats;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Failures of our own, each kept once with how often and when: a defect that strikes at every
 * packet takes one entry, not the disk.
 *
 * <p>Two failures are the same if their type and their stack are. At most {@value #CAPACITY} are
 * told apart; what comes later is only counted. Thread-safe.
 */
public final class DistinctErrorLog {
  private static final int CAPACITY = 256;

  /** One failure: where it struck, how often, first and last when (time of day). */
  private record Observation(
      String where, Throwable failure, long count, long firstMs, long lastMs) {}

  private record Key(Class<?> type, List<StackTraceElement> stack) {}

  private final Map<Key, Observation> observations = new LinkedHashMap<>();
  private long lost;

  /**
   * Notes a failure that {@code where} (an agent, a command) has survived.
   *
   * @return whether it is a new one, worth a line in the log
   */
  public synchronized boolean record(String where, Throwable failure, long wallMs) {
    Key key = new Key(failure.getClass(), Arrays.asList(failure.getStackTrace()));
    Observation old = observations.get(key);
    if (old != null) {
      observations.put(
          key, new Observation(old.where, old.failure, old.count + 1, old.firstMs, wallMs));
      return false;
    }
    if (observations.size() == CAPACITY) {
      lost++;
      return false;
    }
    observations.put(key, new Observation(where, failure, 1, wallMs, wallMs));
    return true;
  }

  /** All that was seen, oldest first, each with its stack. */
  public synchronized String show() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    observations.values().forEach(each -> print(each, out));
    if (lost > 0) {
      out.printf("%d more, of which nothing was kept%n", lost);
    }
    return observations.isEmpty() ? "no internal errors\n" : text.toString();
  }

  private static void print(Observation seen, PrintWriter out) {
    out.printf(
        "%s: %d times, first %s, last %s%n",
        seen.where,
        seen.count,
        Instant.ofEpochMilli(seen.firstMs),
        Instant.ofEpochMilli(seen.lastMs));
    seen.failure.printStackTrace(out);
  }
}
