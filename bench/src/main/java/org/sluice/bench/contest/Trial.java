package org.sluice.bench.contest;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** One thing to measure of one program, again and again, in turn with the same of another. */
public interface Trial extends Closeable {
  /** Does it once; what it showed. */
  Map<Measurement, Double> sample() throws IOException;

  /** How often it is done before it counts, until everything is compiled. */
  int warmUp();

  /** How often it is done then; the median counts. */
  int rounds();
}
