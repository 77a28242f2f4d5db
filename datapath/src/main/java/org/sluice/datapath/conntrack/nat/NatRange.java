package org.sluice.datapath.conntrack.nat;

/**
 * What a {@code nat()} asks for: a source or destination out of a range. Immutable.
 *
 * <p>Addresses are 128 bits, IPv4 in the low 32 of the low half; all 0: the address stays, and only
 * a port that is taken is replaced. With neither source nor destination: as the connection already
 * says.
 *
 * @param minPort the lowest port; 0 where the ports may be any
 * @param persistent whether one host gets the same address for all its connections
 * @param random whether ports are drawn at random rather than kept where they can be
 */
public record NatRange(
    boolean source,
    boolean destination,
    long minHigh,
    long minLow,
    long maxHigh,
    long maxLow,
    int minPort,
    int maxPort,
    boolean persistent,
    boolean random) {
  /** As the connection already says. */
  public static final NatRange EXISTING =
      new NatRange(false, false, 0, 0, 0, 0, 0, 0, false, false);

  /** Makes an upper end that is left out the lower one. */
  public NatRange {
    if ((maxHigh | maxLow) == 0) {
      maxHigh = minHigh;
      maxLow = minLow;
    }
    maxPort = Math.max(maxPort, minPort);
  }

  /** Whether it asks for something that the connection does not say. */
  public boolean isNew() {
    return source || destination;
  }

  /** Whether addresses stay as they are. */
  public boolean keepsAddress() {
    return (minHigh | minLow) == 0;
  }

  /** How many addresses there are, less one; as unsigned, and at most 2^64 - 1. */
  long span() {
    return minHigh == maxHigh ? maxLow - minLow : -1L;
  }
}
