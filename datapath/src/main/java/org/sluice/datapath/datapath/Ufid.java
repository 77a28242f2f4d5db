package org.sluice.datapath.datapath;

import org.sluice.datapath.flow.FlowMask;

/** A megaflow's name for tools: 128 bits, printed as a UUID. */
public record Ufid(long high, long low) {
  /** The name of a megaflow with these values, the same each time it is installed. */
  static Ufid of(long[] values, FlowMask mask, long seed) {
    long high = seed;
    long low = ~seed;
    for (long word : mask.words()) {
      high = mix(high, word);
    }
    for (long value : values) {
      high = mix(high, value);
      low = mix(low, value ^ high);
    }
    return new Ufid(mix(high, low), mix(low, high));
  }

  private static long mix(long hash, long value) {
    long mixed = (Long.rotateLeft(hash, 27) ^ value) * 0xbf58_476d_1ce4_e5b9L;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public String toString() {
    return String.format(
        "%08x-%04x-%04x-%04x-%012x",
        high >>> 32, (high >>> 16) & 0xffff, high & 0xffff, low >>> 48, low & 0xffff_ffff_ffffL);
  }
}
