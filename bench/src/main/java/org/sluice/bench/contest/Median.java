package org.sluice.bench.contest;

import java.util.Arrays;
import java.util.Collection;

/** Times and their middle. Stateless. */
public final class Median {
  private static final double NS_PER_MS = 1e6;

  private Median() {}

  public static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  public static double of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  public static double msSince(long startNs) {
    return (System.nanoTime() - startNs) / NS_PER_MS;
  }
}
