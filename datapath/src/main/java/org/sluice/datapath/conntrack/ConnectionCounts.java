package org.sluice.datapath.conntrack;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.IpProtocol;

/**
 * How many connections there are of each protocol, and of TCP in each state, zone by zone: counted
 * as connections come, change and go, so that asking costs nothing. Any thread may ask; who counts
 * has the connection's record locked.
 *
 * <pre>
 *   a zone's counters    0-255: by IP protocol    256-266: TCP by {@link TcpPeer#furthest(long)}
 * </pre>
 */
public final class ConnectionCounts {
  private static final int ZONES = 1 << 16;
  private static final int PROTOCOLS = 256;
  private static final int COUNTERS = PROTOCOLS + TcpPeer.STATES;

  private final AtomicReferenceArray<AtomicIntegerArray> zones = new AtomicReferenceArray<>(ZONES);

  /** Counts at one moment, of one zone or of all. Immutable. */
  public static final class Snapshot {
    private final int[] counters;

    private Snapshot(int[] counters) {
      this.counters = counters;
    }

    /** Connections of an IP protocol. */
    public int ofProtocol(int protocol) {
      return counters[protocol];
    }

    /** TCP connections in a state; see {@link ConnectionSnapshot.TcpState#summary}. */
    public int ofTcpState(int state) {
      return counters[PROTOCOLS + state];
    }

    /** All connections. */
    public int total() {
      int total = 0;
      for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
        total += counters[protocol];
      }
      return total;
    }
  }

  /** A connection has come, if {@code change} is 1, or goes, if it is -1. */
  void add(long record, int change) {
    long word = ConnectionRecord.word(record);
    int protocol = ConnectionKey.protocol(word);
    AtomicIntegerArray counters = counters(ConnectionKey.zone(word));
    counters.getAndAdd(protocol, change);
    if (protocol == IpProtocol.TCP) {
      counters.getAndAdd(PROTOCOLS + TcpPeer.furthest(record), change);
    }
  }

  /** A TCP connection is in another state than it was. */
  void move(long record, int before, int after) {
    AtomicIntegerArray counters = counters(ConnectionKey.zone(ConnectionRecord.word(record)));
    counters.getAndDecrement(PROTOCOLS + before);
    counters.getAndIncrement(PROTOCOLS + after);
  }

  private AtomicIntegerArray counters(int zone) {
    AtomicIntegerArray counters = zones.getAcquire(zone);
    return counters == null ? make(zone) : counters;
  }

  private AtomicIntegerArray make(int zone) {
    AtomicIntegerArray made = new AtomicIntegerArray(COUNTERS);
    AtomicIntegerArray before = zones.compareAndExchange(zone, null, made);
    return before == null ? made : before;
  }

  /** The counts of all zones. */
  public Snapshot now() {
    int[] sums = new int[COUNTERS];
    for (int zone = 0; zone < ZONES; zone++) {
      addTo(sums, zone);
    }
    return new Snapshot(sums);
  }

  /** The counts of one zone. */
  public Snapshot now(int zone) {
    int[] sums = new int[COUNTERS];
    addTo(sums, zone);
    return new Snapshot(sums);
  }

  private void addTo(int[] sums, int zone) {
    AtomicIntegerArray counters = zones.getAcquire(zone);
    for (int i = 0; counters != null && i < COUNTERS; i++) {
      sums[i] += counters.getPlain(i);
    }
  }
}
