package org.sluice.bench;

/**
 * What a switch keeps.
 *
 * @param residentBytes memory of the process, or by how much it has grown
 * @param megaflows and {@code connections}: how many of them it has
 */
record Footprint(long residentBytes, long megaflows, long connections) {
  /** Bytes for each megaflow that there are more of than in {@code smaller}. */
  double bytesPerMegaflow(Footprint smaller) {
    return bytesPer(megaflows - smaller.megaflows, smaller);
  }

  /** The same for connections. */
  double bytesPerConnection(Footprint smaller) {
    return bytesPer(connections - smaller.connections, smaller);
  }

  private double bytesPer(long more, Footprint smaller) {
    return (double) (residentBytes - smaller.residentBytes) / Math.max(1, more);
  }
}
