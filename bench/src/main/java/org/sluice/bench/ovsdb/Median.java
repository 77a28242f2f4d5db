package org.sluice.bench.ovsdb;

import java.util.Arrays;
import java.util.Collection;

/** Times and their middle. Stateless. */
final class Median {
  private static final double NS_PER_MS = 1e6;

  private Median() {}

  static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  static double of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static double msSince(long startNs) {
    return (System.nanoTime() - startNs) / NS_PER_MS;
  }
}
