package org.sluice.bench;

/**
 * What a packet cost.
 *
 * @param axis what there were {@code size} of
 * @param peer whether it was the other switch
 */
record SweepPoint(SweepAxis axis, int size, boolean peer, double ns) {
  /** Whether it answers the same question as another. */
  boolean replaces(SweepPoint other) {
    return axis == other.axis && size == other.size && peer == other.peer;
  }
}
