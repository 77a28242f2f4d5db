package org.sluice.datapath.datapath;

import java.util.Arrays;
import java.util.BitSet;

/** A datapath's meters by number. Packet threads read what other threads publish whole. */
public final class MeterTable {
  private static final Meter[] NONE = {};

  private final BitSet taken = new BitSet();
  private volatile Meter[] meters = NONE;

  /** Numbers a meter: the lowest number that is free; -1 where there are too many. */
  public synchronized int add(Meter meter) {
    int id = taken.nextClearBit(0);
    if (id >= Meter.MAX_METERS) {
      return -1;
    }
    taken.set(id);
    put(id, meter);
    return id;
  }

  /** Puts another meter in the place of number {@code id}. */
  public synchronized void replace(int id, Meter meter) {
    put(id, meter);
  }

  /** Takes a meter away; what still asks it passes. */
  public synchronized void remove(int id) {
    taken.clear(id);
    put(id, null);
  }

  private void put(int id, Meter meter) {
    Meter[] changed = Arrays.copyOf(meters, Math.max(meters.length, id + 1));
    changed[id] = meter;
    meters = changed;
  }

  /** The meter of that number, or null. */
  public Meter get(int id) {
    Meter[] now = meters;
    return id < now.length ? now[id] : null;
  }

  /** Whether a packet may pass that meter. */
  boolean admits(int id, int packetBytes, long nowMs) {
    Meter meter = get(id);
    return meter == null || meter.admits(packetBytes, nowMs);
  }
}
