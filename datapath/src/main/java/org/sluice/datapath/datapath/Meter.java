package org.sluice.datapath.datapath;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A policer: lets packets pass as long as each of its bands' buckets has enough for them. Of the
 * bands that a packet exceeds the one of the highest rate counts it as dropped.
 *
 * <p>Any packet thread may ask; they wait for each other for the few nanoseconds that takes.
 */
public final class Meter {
  /** Meters of one datapath, at most. */
  public static final int MAX_METERS = 1 << 18;

  /** Bands of one meter, at most. */
  public static final int MAX_BANDS = 8;

  private static final long UNITS_PER_PACKET = 1000;
  private static final long BITS_PER_BYTE = 8;
  private static final long UNITS_PER_BURST = 1000;

  private final boolean countsPackets;
  private final List<Band> bands;
  private final long[] buckets;
  private final long[] dropped;
  private final long[] droppedBytes;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long packets;
  private long bytes;
  private long filledMs;

  /**
   * What fills a bucket: per second {@code rate} kilobits or packets, and how many it holds, 0 for
   * as many as one second brings.
   */
  public record Band(long rate, long burst) {
    long capacity() {
      return (burst == 0 ? rate : burst) * UNITS_PER_BURST;
    }
  }

  /** What it has seen; {@code bands} packets and bytes that each has dropped, in turn. */
  public record Counts(long packets, long bytes, List<Long> bands) {
    public Counts {
      bands = List.copyOf(bands);
    }
  }

  /** A meter with full buckets. */
  public Meter(boolean countsPackets, List<Band> bands, long nowMs) {
    this.countsPackets = countsPackets;
    this.bands = List.copyOf(bands);
    this.buckets = bands.stream().mapToLong(Band::capacity).toArray();
    this.dropped = new long[bands.size()];
    this.droppedBytes = new long[bands.size()];
    this.filledMs = nowMs;
  }

  /** Whether a packet may pass. */
  boolean admits(int packetBytes, long nowMs) {
    lock();
    fill(nowMs);
    packets++;
    bytes += packetBytes;
    int exceeded = take(countsPackets ? UNITS_PER_PACKET : packetBytes * BITS_PER_BYTE);
    if (exceeded >= 0) {
      dropped[exceeded]++;
      droppedBytes[exceeded] += packetBytes;
    }
    busy.setRelease(false);
    return exceeded < 0;
  }

  /** Takes {@code units} out of each bucket that has them; the fastest of the others, or -1. */
  private int take(long units) {
    int exceeded = -1;
    for (int i = 0; i < buckets.length; i++) {
      if (buckets[i] >= units) {
        buckets[i] -= units;
      } else if (exceeded < 0 || bands.get(i).rate > bands.get(exceeded).rate) {
        exceeded = i;
      }
    }
    return exceeded;
  }

  /** A kilobit per second is a bit per millisecond, a packet a thousandth of one. */
  private void fill(long nowMs) {
    long passedMs = nowMs - filledMs;
    if (passedMs <= 0) {
      return;
    }
    filledMs = nowMs;
    for (int i = 0; i < buckets.length; i++) {
      Band band = bands.get(i);
      long missing = band.capacity() - buckets[i];
      long brought = passedMs > missing ? missing : Math.min(missing, passedMs * band.rate);
      buckets[i] += brought;
    }
  }

  private void lock() {
    while (!busy.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  /** What it has seen until now. */
  public Counts counts() {
    lock();
    try {
      Long[] perBand = new Long[2 * dropped.length];
      for (int i = 0; i < dropped.length; i++) {
        perBand[2 * i] = dropped[i];
        perBand[2 * i + 1] = droppedBytes[i];
      }
      return new Counts(packets, bytes, Arrays.asList(perBand));
    } finally {
      busy.setRelease(false);
    }
  }
}
