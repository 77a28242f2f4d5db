package org.sluice.bench;

import java.util.Locale;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.datapath.PacketThread;

/**
 * Steps a configured datapath as fast as it goes and measures what a packet costs. The capture
 * comes in by a {@link ReplayNetdev} that somebody attached, and goes where the flows say. Runs on
 * the calling thread.
 */
public final class ForwardBench {
  private static final long SECOND_NS = 1_000_000_000;
  private static final long WARM_UP_NS = 2 * SECOND_NS;
  private static final long LONGEST_WARM_UP_NS = 60 * SECOND_NS;
  private static final int STEPS_BETWEEN_CLOCKS = 64;

  private final Datapath datapath;
  private final ReplayNetdev source;

  /** Measures {@code datapath}, one of whose ports is {@code source}. */
  public ForwardBench(Datapath datapath, ReplayNetdev source) {
    this.datapath = datapath;
    this.source = source;
  }

  /**
   * What was measured.
   *
   * @param packets taken from the capture
   * @param elapsedNs in which they were
   * @param microflowShare part of the packets that the microflow cache answered
   * @param before and {@code after}: all counters
   */
  public record Result(
      long packets,
      long elapsedNs,
      double microflowShare,
      DatapathStatistics before,
      DatapathStatistics after) {
    /** Millions of packets per second. */
    public double mpps() {
      return packets * 1e3 / elapsedNs;
    }

    /** Time that one packet takes. */
    public double nsPerPacket() {
      return (double) elapsedNs / Math.max(1, packets);
    }

    /** One line for programs. */
    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"packets\": %d, \"mpps\": %.3f, \"nsPerPacket\": %.1f, \"microflowHitRate\": %.4f,"
              + " \"misses\": %d, \"masks\": %d, \"megaflows\": %d}",
          packets,
          mpps(),
          nsPerPacket(),
          microflowShare,
          after.misses() - before.misses(),
          after.masks(),
          after.megaflows());
    }

    /** A few lines for people. */
    public String text() {
      long lookups = after.megaflowHits() - before.megaflowHits();
      long misses = after.misses() - before.misses();
      long probes = after.probes() - before.probes();
      return String.format(
          Locale.ROOT,
          "packets %,d%nrate %.2f Mpps, %.1f ns per packet%n"
              + "microflow hits %.2f %%, megaflow lookups %,d, misses %,d%n"
              + "megaflows %,d over %d masks, %.2f probes per lookup%n",
          packets,
          mpps(),
          nsPerPacket(),
          100 * microflowShare,
          lookups,
          misses,
          after.megaflows(),
          after.masks(),
          (double) probes / Math.max(1, lookups + misses));
    }
  }

  /** Warms up, then measures for {@code runNs}. */
  private Result run(long runNs) {
    warmUp();
    DatapathStatistics before = datapath.statistics();
    long start = System.nanoTime();
    step(runNs);
    return result(before, System.nanoTime() - start);
  }

  /** Plays the capture to its end. */
  public Result runOnce() {
    DatapathStatistics before = datapath.statistics();
    long start = System.nanoTime();
    while (!source.isDone()) {
      step(0);
    }
    return result(before, System.nanoTime() - start);
  }

  /** Runs for {@code seconds}, as the command line says it. */
  public Result runSeconds(int seconds) {
    return run(seconds * SECOND_NS);
  }

  /**
   * Goes on for 2 s at least, and until the whole capture has been played without a miss: a slow
   * machine needs longer to learn a hundred thousand flows. What goes on missing is measured as it
   * is after a minute.
   */
  private void warmUp() {
    long start = System.nanoTime();
    step(WARM_UP_NS);
    long before;
    do {
      before = datapath.statistics().misses();
      playThrough();
    } while (datapath.statistics().misses() != before
        && System.nanoTime() - start < LONGEST_WARM_UP_NS);
  }

  /** From wherever the capture is now, all of it. */
  private void playThrough() {
    long end = source.ends() + 2;
    while (source.ends() < end) {
      step(0);
    }
  }

  private void step(long forNs) {
    long start = System.nanoTime();
    long now = start;
    do {
      for (int i = 0; i < STEPS_BETWEEN_CLOCKS; i++) {
        for (PacketThread thread : datapath.threads()) {
          thread.doWork(now);
        }
      }
      now = System.nanoTime();
    } while (now - start < forNs);
  }

  private Result result(DatapathStatistics before, long elapsedNs) {
    DatapathStatistics after = datapath.statistics();
    long packets = after.received() - before.received();
    long hits = after.microflowHits() - before.microflowHits();
    return new Result(packets, elapsedNs, (double) hits / Math.max(1, packets), before, after);
  }
}
