package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** What came of running a request's operations. */
public sealed interface Outcome {
  /** Every operation succeeded; the transaction is still to be committed. */
  record Ready(ArrayNode results, Transaction transaction) implements Outcome {}

  /** An operation failed; its error is in the results, nothing changes. */
  record Failed(ArrayNode results) implements Outcome {}

  /**
   * A {@code wait} is not satisfied: nothing changes, run again after a change or when the time is
   * over.
   *
   * @param timeoutMs how long after the request came its shortest wait gives up; Long.MAX_VALUE for
   *     never
   */
  record Blocked(long timeoutMs) implements Outcome {}
}
