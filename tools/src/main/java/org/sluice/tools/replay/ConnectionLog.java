package org.sluice.tools.replay;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.tools.offline.OfflineSwitch;

/**
 * Every connection of a replay, also those that have expired before its end, each as it was seen
 * last. The table is looked at more often than the shortest timeout, so none slips by. Used by one
 * thread.
 */
final class ConnectionLog {
  private static final long INTERVAL_NS = 5_000_000_000L;

  private final OfflineSwitch offline;
  private final Map<Key, ConnectionSnapshot> seen = new LinkedHashMap<>();
  private long lookedNs;

  private record Key(ConnectionTuple original, int zone) {}

  ConnectionLog(OfflineSwitch offline) {
    this.offline = offline;
    this.lookedNs = offline.clock().nowNs();
  }

  /** To be called before it becomes {@code nextNs}. */
  void beforeStep(long nextNs) {
    if (nextNs - lookedNs >= INTERVAL_NS) {
      look();
    }
  }

  private void look() {
    lookedNs = offline.clock().nowNs();
    for (ConnectionSnapshot connection : offline.connections()) {
      seen.put(new Key(connection.original(), connection.zone()), connection);
    }
  }

  /** All connections, in the order in which they were met. */
  Collection<ConnectionSnapshot> all() {
    look();
    return seen.values();
  }
}
