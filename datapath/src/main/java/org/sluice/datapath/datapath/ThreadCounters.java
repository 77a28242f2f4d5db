package org.sluice.datapath.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.sluice.datapath.packet.DropReason;

/**
 * One packet thread's counters: a plain add for the thread, a racy but whole value for readers. The
 * array is padded at both ends, so that two threads never share a line.
 */
@SuppressWarnings("EnumOrdinal") // a counter per reason, side by side
final class ThreadCounters {
  static final int RECEIVED = 0;
  static final int MICROFLOW_HITS = 1;
  static final int MEGAFLOW_HITS = 2;
  static final int MISSES = 3;
  static final int LOST = 4;
  static final int PROBES = 5;
  static final int FAULTS = 6;
  static final int MASKS = 7;
  static final int MICROFLOWS = 8;
  static final int MEGAFLOWS = 9;
  private static final int DROPS = 10;

  private static final int PAD = 16;
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int REASONS = DropReason.values().length;

  private final long[] counts = new long[PAD + DROPS + REASONS + PAD];

  void add(int counter, long count) {
    int at = PAD + counter;
    ELEMENT.setOpaque(counts, at, counts[at] + count);
  }

  void set(int counter, long value) {
    ELEMENT.setOpaque(counts, PAD + counter, value);
  }

  void drop(DropReason reason) {
    drop(reason, 1);
  }

  void drop(DropReason reason, long packets) {
    add(DROPS + reason.ordinal(), packets);
  }

  /** What all of them have counted together, without the sizes of what they hold at the moment. */
  static ThreadCounters sum(Iterable<ThreadCounters> all) {
    ThreadCounters sum = new ThreadCounters();
    for (ThreadCounters each : all) {
      for (int counter = 0; counter < DROPS + REASONS; counter++) {
        sum.add(counter, each.get(counter));
      }
    }
    sum.set(MASKS, 0);
    sum.set(MICROFLOWS, 0);
    sum.set(MEGAFLOWS, 0);
    return sum;
  }

  long get(int counter) {
    return (long) ELEMENT.getOpaque(counts, PAD + counter);
  }

  long dropped(DropReason reason) {
    return get(DROPS + reason.ordinal());
  }
}
