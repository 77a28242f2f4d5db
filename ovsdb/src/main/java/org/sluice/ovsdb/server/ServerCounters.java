package org.sluice.ovsdb.server;

import java.util.concurrent.atomic.LongAdder;
import org.sluice.base.stats.Coverage;

/** What a server has done, for {@code coverage/show}. Thread-safe. */
final class ServerCounters {
  /** Messages that came from clients. */
  final LongAdder received = new LongAdder();

  /** Messages that went to clients. */
  final LongAdder sent = new LongAdder();

  /** Transactions that changed something. */
  final LongAdder commits = new LongAdder();

  /** Times that commits were made durable, of one database each. */
  final LongAdder syncs = new LongAdder();

  /** Times that a file was written anew. */
  final LongAdder compactions = new LongAdder();

  void registerIn(Coverage coverage) {
    coverage.addSource("ovsdb_message_received", received::sum);
    coverage.addSource("ovsdb_message_sent", sent::sum);
    coverage.addSource("ovsdb_txn_commit", commits::sum);
    coverage.addSource("ovsdb_file_sync", syncs::sum);
    coverage.addSource("ovsdb_file_compact", compactions::sum);
  }
}
