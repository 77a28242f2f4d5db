package org.sluice.openflow.codec;

/** Durations, 32 bits of seconds and 32 of nanoseconds; all ones for not known, here -1. */
final class Durations {
  private static final long SECOND_NS = 1_000_000_000;
  private static final long UNKNOWN = 0xffff_ffffL;

  private Durations() {}

  static void write(WireWriter out, long durationNs) {
    out.u32(durationNs < 0 ? UNKNOWN : durationNs / SECOND_NS);
    out.u32(durationNs < 0 ? UNKNOWN : durationNs % SECOND_NS);
  }

  static long read(WireReader in) {
    long seconds = in.unsigned32();
    long nanos = in.unsigned32();
    return seconds == UNKNOWN ? -1 : seconds * SECOND_NS + nanos;
  }
}
