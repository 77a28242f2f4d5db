package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * An announced connection, for people and control code.
 *
 * @param expected the tuple of its first packet; source port 0 for any
 * @param parent the original tuple of the connection that announced it
 */
public record ExpectationSnapshot(
    ConnectionTuple expected,
    int zone,
    int mark,
    long labelHigh,
    long labelLow,
    ConnectionTuple parent) {

  /** Copies an expectation's record and its parent's tuple. */
  static ExpectationSnapshot of(long record, long parent) {
    return new ExpectationSnapshot(
        ConnectionTuple.of(record),
        ConnectionKey.zone(ConnectionRecord.word(record)),
        ConnectionRecord.mark(record),
        ConnectionRecord.labelHi(record),
        ConnectionRecord.labelLo(record),
        ConnectionTuple.of(parent));
  }
}
