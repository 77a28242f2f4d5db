package org.sluice.base.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * All event counters of the program by name, with their rates, as {@code coverage/show} and {@code
 * coverage/read-counter} show them.
 *
 * <p>A counter is a number that its owner keeps (a packet thread its drops) and that is read here;
 * several owners of the same name are added up. Thread-safe; somebody calls {@link #sample} often
 * enough to keep the rates.
 */
public final class Coverage {
  private static final int SAMPLE_MS = 5000;
  private static final long SAMPLE_NS = SAMPLE_MS * 1_000_000L;
  private static final int SAMPLES_PER_MINUTE = 60_000 / SAMPLE_MS;
  private static final int MINUTES_PER_HOUR = 60;

  /** One name: where its value comes from, and what it was. Guarded by the registry. */
  private static final class Entry {
    private final List<LongSupplier> sources = new ArrayList<>();
    private final long[] perSample = new long[SAMPLES_PER_MINUTE];
    private final long[] perMinute = new long[MINUTES_PER_HOUR];
    private long sampled;

    long total() {
      long total = 0;
      for (LongSupplier source : sources) {
        total += source.getAsLong();
      }
      return total;
    }

    void sample(int index) {
      long total = total();
      perSample[index % SAMPLES_PER_MINUTE] = total - sampled;
      int minute = index / SAMPLES_PER_MINUTE % MINUTES_PER_HOUR;
      perMinute[minute] =
          (index % SAMPLES_PER_MINUTE == 0 ? 0 : perMinute[minute]) + total - sampled;
      sampled = total;
    }
  }

  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private int samples;
  private long sampledNs;
  private boolean started;

  /** Knows from the start what scripts read whether or not it ever counts. */
  public Coverage() {
    addSource("dp_packet_batch_grow", () -> 0);
  }

  /** Adds a number kept elsewhere to what {@code name} shows; it must never go down. */
  public synchronized void addSource(String name, LongSupplier source) {
    entries.computeIfAbsent(name, _ -> new Entry()).sources.add(source);
  }

  /** The total of one counter, or nothing if there is none of that name. */
  public synchronized OptionalLong read(String name) {
    Entry entry = entries.get(name);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.total());
  }

  /** Takes into the rates what has happened since the last sample, if that is long enough ago. */
  public synchronized void sample(long nowNs) {
    if (!started) {
      started = true;
      sampledNs = nowNs;
    }
    while (nowNs - sampledNs >= SAMPLE_NS) {
      sampledNs += SAMPLE_NS;
      entries.values().forEach(entry -> entry.sample(samples));
      samples = (samples + 1) % (SAMPLES_PER_MINUTE * MINUTES_PER_HOUR);
    }
  }

  /** The table that {@code coverage/show} prints. */
  public synchronized String show() {
    StringBuilder out = new StringBuilder();
    int never = 0;
    int last = Math.floorMod(samples - 1, SAMPLES_PER_MINUTE);
    for (var each : entries.entrySet()) {
      Entry entry = each.getValue();
      long total = entry.total();
      if (total == 0) {
        never++;
        continue;
      }
      out.append(
          String.format(
              "%-24s %5.1f/sec %9.3f/sec %13.4f/sec   total: %d\n",
              each.getKey(),
              entry.perSample[last] * 1000.0 / SAMPLE_MS,
              sum(entry.perSample) / 60.0,
              sum(entry.perMinute) / 3600.0,
              total));
    }
    return String.format(
            "Event coverage, avg rate over last: %d seconds, last minute, last hour,  hash=%08x:\n",
            SAMPLE_MS / 1000, entries.keySet().hashCode())
        + out
        + never
        + " events never hit\n";
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
