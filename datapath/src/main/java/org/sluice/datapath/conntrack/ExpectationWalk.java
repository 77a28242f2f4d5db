package org.sluice.datapath.conntrack;

import java.util.function.Consumer;
import org.sluice.datapath.conntrack.alg.Expectations;

/**
 * Shows all expectations, a portion at a time, as {@link ConnectionWalk} shows connections. One
 * that is there from the first portion to the last is shown once. For one thread at a time.
 */
public final class ExpectationWalk {
  private static final int PORTION = 64;

  private final Expectations expectations;
  private int next;

  ExpectationWalk(Expectations expectations) {
    this.expectations = expectations;
  }

  /** Shows those of the next portion that may still come; false if this was the last portion. */
  public boolean next(long nowMs, Consumer<ExpectationSnapshot> visitor) {
    int end = Math.min(next + PORTION, Expectations.BUCKETS);
    for (; next < end; next++) {
      expectations.visit(
          next, (record, parent) -> visitor.accept(ExpectationSnapshot.of(record, parent)), nowMs);
    }
    return next < Expectations.BUCKETS;
  }
}
