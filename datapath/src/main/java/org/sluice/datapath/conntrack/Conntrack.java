package org.sluice.datapath.conntrack;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.datapath.conntrack.alg.Expectations;
import org.sluice.datapath.conntrack.event.EventRing;
import org.sluice.datapath.conntrack.fragment.FragmentLimits;
import org.sluice.datapath.conntrack.fragment.Reassembler;
import org.sluice.datapath.conntrack.nat.PortPools;
import org.sluice.datapath.conntrack.nat.TupleChooser;
import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.protocol.Timeouts;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.packet.DropReason;

/**
 * The connection table and its settings. Settings may be changed by any thread; packets go through
 * the {@link Tracker} of their thread; {@link #sweep} belongs to one thread at a time. Dumps and
 * flushes lock one record after the other, never the table, so packets do not wait for them.
 */
public final class Conntrack implements AutoCloseable {
  /** Connections at most, unless set otherwise. */
  public static final int DEFAULT_MAX_CONNECTIONS = 3_000_000;

  /** {@link #sweepIntervalMs}, unless set otherwise. */
  public static final long DEFAULT_SWEEP_INTERVAL_MS = 20_000;

  private static final int GIVE_BACK_INTERVAL_MS = 100;
  private static final int EARLY_DROP_CANDIDATES = 64;
  private static final int EARLY_DROP_RECORDS = 512;

  /** Has what differs in the last bits differ in all that matter. */
  private static final long RANDOM_FACTOR = 0xd6e8_feb8_6659_fd93L;

  private static final ConnectionEvent.Kind[] EVENT_KINDS = ConnectionEvent.Kind.values();

  private final long salt;
  private final ConnectionLimits limits = new ConnectionLimits(DEFAULT_MAX_CONNECTIONS);
  private final ConnectionCounts counts = new ConnectionCounts();
  private final Timeouts timeouts = new Timeouts();
  private final ConnectionTable table;
  private final Expectations expectations;
  private final PortPools portPools;
  private final FragmentLimits fragments = new FragmentLimits();
  private final List<Reassembler> reassemblers = new CopyOnWriteArrayList<>();
  private final List<KeyReader> readers = new CopyOnWriteArrayList<>();
  private final LongAdder headersCheckedBefore = new LongAdder();
  private final LongAdder headersWrongBefore = new LongAdder();
  private final LongAdder exhausted = new LongAdder();
  private final ZonePolicies zones = new ZonePolicies();
  private final LongAdder earlyDrops = new LongAdder();
  private long gaveBackMs;
  private volatile boolean dropsEarly;
  private volatile boolean checksTcpWindow = true;

  /** Where events go; null while nobody wants any. */
  private volatile EventRing events;

  /** Where they are polled from. */
  private volatile EventRing ring;

  private volatile long sweepIntervalMs = DEFAULT_SWEEP_INTERVAL_MS;

  /**
   * Makes an empty table.
   *
   * @param salt makes the hash unpredictable; random in production, fixed in tests
   */
  public Conntrack(long salt) {
    assert salt != 0 : "salt";
    this.salt = salt;
    this.table = new ConnectionTable(this::removing);
    this.portPools = new PortPools(table.slab());
    this.expectations = new Expectations(table.slab(), salt);
  }

  /** A connection goes; its shard and record are locked. */
  private void removing(int index, long record) {
    tell(EventRing.DESTROY, record, ConnectionRecord.expiresMs(record));
    limits.release(ConnectionKey.zone(ConnectionRecord.word(record)));
    counts.add(record, -1);
    if ((ConnectionRecord.flags(record) & ConnectionRecord.TRANSLATED) != 0) {
      long alias = table.slab().address(ConnectionRecord.extension(record));
      TupleChooser.releasePort(portPools, alias);
    }
    if (ConnectionRecord.gateway(record) != 0) {
      expectations.forget(index);
    }
  }

  // --- Events.

  /**
   * From now on keeps what happens to connections for {@link #pollEvents}; up to {@code slots}
   * events, a power of two. Where they are kept already nothing changes.
   */
  public synchronized void keepEvents(int slots) {
    if (ring == null) {
      ring = new EventRing(slots);
    }
    events = ring;
  }

  /** Keeps no events from now on; those kept can still be polled. */
  public void ignoreEvents() {
    events = null;
  }

  /** Shows at most {@code max} events, one program at a time; how many there were. */
  public int pollEvents(Consumer<ConnectionEvent> program, int max) {
    return ring == null
        ? 0
        : ring.poll(
            (kind, nowMs, record, extension) ->
                program.accept(
                    new ConnectionEvent(
                        EVENT_KINDS[kind], nowMs, ConnectionSnapshot.of(record, extension, nowMs))),
            max);
  }

  /** Events that were lost because the program was too slow. */
  public long lostEvents() {
    return ring == null ? 0 : ring.lost();
  }

  /** Tells of a locked connection, if somebody wants to know. */
  void tell(int kind, long record, long nowMs) {
    EventRing wanted = events;
    if (wanted != null) {
      int extension = ConnectionRecord.extension(record);
      long second = extension == ConnectionRecord.NIL ? 0 : table.slab().address(extension);
      wanted.add(kind, nowMs, record, second);
    }
  }

  /** Whether somebody wants to know what happens. */
  public boolean keepsEvents() {
    return events != null;
  }

  /** A new packet thread's tracker. */
  public Tracker newTracker() {
    return new Tracker(this);
  }

  /**
   * Removes expired connections.
   *
   * @param maxWork connections to look at, at most
   * @return how many were looked at; less than {@code maxWork} if there is nothing left to do now
   */
  public int sweep(long nowMs, int maxWork) {
    return table.sweep(nowMs, maxWork);
  }

  // --- Settings and counts.

  /** Counts and limits, in all and per zone. */
  public ConnectionLimits limits() {
    return limits;
  }

  /** Counts by protocol and state, in all and per zone. */
  public ConnectionCounts counts() {
    return counts;
  }

  /** How strict tracking is, zone by zone. */
  public ZonePolicies zones() {
    return zones;
  }

  /** Whether a full table makes room by dropping a connection without an answer. */
  public boolean dropsEarly() {
    return dropsEarly;
  }

  /** Sets whether a full table makes room by dropping a connection without an answer. */
  public void setDropsEarly(boolean drops) {
    dropsEarly = drops;
  }

  /** Connections that were dropped to make room. */
  public long earlyDrops() {
    return earlyDrops.sum();
  }

  /** Makes room for a connection; null, or why there is none. */
  DropReason reserve(int zone, long random) {
    DropReason reason = limits.reserve(zone);
    if (reason == DropReason.CT_FULL && dropsEarly && dropOneEarly(random)) {
      reason = limits.reserve(zone);
    }
    if (reason != null) {
      limits.refused(reason);
    }
    return reason;
  }

  /**
   * Drops a connection that has no answer yet, if there is one among a few; whether it did. They
   * are looked for all over the memory of connections: where there were many more once, most of it
   * is free.
   */
  private boolean dropOneEarly(long random) {
    int records = Math.max(1, table.slab().usedRecords() - 1);
    int step = records / EARLY_DROP_RECORDS + 1;
    long start = Long.remainderUnsigned(random * RANDOM_FACTOR, records);
    int candidates = 0;
    for (int i = 0; i < EARLY_DROP_RECORDS && candidates < EARLY_DROP_CANDIDATES; i++) {
      int index = 1 + (int) ((start + (long) i * step) % records);
      long record = table.slab().address(index);
      int word = ConnectionRecord.lockWord(record) & ~1;
      if (isLive(record)) {
        candidates++;
        if (Timer.isUnanswered(ConnectionRecord.timer(record))
            && table.remove(ConnectionRecord.handle(index, word))) {
          earlyDrops.increment();
          return true;
        }
      }
    }
    return false;
  }

  /** How long connections stay without traffic. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** Whether TCP segments must be in the window. */
  public boolean checksTcpWindow() {
    return checksTcpWindow;
  }

  /** Sets whether TCP segments must be in the window. */
  public void setChecksTcpWindow(boolean checks) {
    checksTcpWindow = checks;
  }

  /** Announced connections waited for. */
  public int expectationCount() {
    return expectations.count();
  }

  /** Messages that gateways could not read, or not rewrite, and left alone. */
  public long unreadableMessages() {
    return expectations.unreadable();
  }

  /** Gives all memory back; nothing may be asked of it any more, by trackers neither. */
  @Override
  public void close() {
    table.close();
  }

  /**
   * Makes memory ready that connections are going to need; to be called by one thread that does not
   * forward packets, until it says that there is nothing to do.
   *
   * @return whether there was anything to do
   */
  public boolean prepareMemory() {
    return table.slab().prepare();
  }

  /**
   * Gives memory back that connections have left {@link ConnectionSlab#IDLE_MS} ago, a portion of
   * it. To be called by the thread that calls {@link #prepareMemory}; looks a few times a second.
   */
  public void giveBackMemory(long nowMs) {
    if (nowMs - gaveBackMs >= GIVE_BACK_INTERVAL_MS) {
      gaveBackMs = nowMs;
      table.giveBackMemory(nowMs);
    }
  }

  /** Bytes of memory that the table has taken. */
  public long memoryBytes() {
    return table.memoryBytes();
  }

  /**
   * Bytes of that which are in use: records of connections, what belongs to them and what they
   * announce, and the index; not what is kept free for others.
   */
  public long usedBytes() {
    return table.usedBytes();
  }

  long salt() {
    return salt;
  }

  /** How fragments are handled, and what became of them. */
  public FragmentLimits fragments() {
    return fragments;
  }

  /** The datagrams that are waited for, a line each. */
  public List<String> describeFragments() {
    return reassemblers.stream().flatMap(each -> each.describe().stream()).toList();
  }

  Reassembler newReassembler() {
    Reassembler made = new Reassembler(fragments);
    reassemblers.add(made);
    return made;
  }

  KeyReader newReader() {
    KeyReader made = new KeyReader(salt);
    readers.add(made);
    return made;
  }

  /** A packet thread has gone, and what it tracked with; what was counted stays. */
  void forget(Reassembler reassembler, KeyReader reader) {
    reassemblers.remove(reassembler);
    readers.remove(reader);
    headersCheckedBefore.add(reader.headersChecked());
    headersWrongBefore.add(reader.headersWrong());
  }

  /** IPv4 headers whose checksum was computed. */
  public long headersChecked() {
    return headersCheckedBefore.sum() + readers.stream().mapToLong(KeyReader::headersChecked).sum();
  }

  /** IPv4 headers whose checksum was wrong. */
  public long headersWrong() {
    return headersWrongBefore.sum() + readers.stream().mapToLong(KeyReader::headersWrong).sum();
  }

  /** The ports that translated connections use. */
  public PortPools portPools() {
    return portPools;
  }

  /** A walk over the pools. */
  public PortPoolWalk walkPortPools() {
    return new PortPoolWalk(portPools);
  }

  /**
   * How long an expired connection, which nobody finds any more, may still be counted. As looking
   * for them costs no more than there is to be freed, it usually takes a tenth of a second.
   */
  public long sweepIntervalMs() {
    return sweepIntervalMs;
  }

  /** Sets how long an expired connection may still be counted. */
  public void setSweepIntervalMs(long intervalMs) {
    sweepIntervalMs = intervalMs;
  }

  /** Connections that were refused because there was nothing left to translate them to. */
  public long exhaustions() {
    return exhausted.sum();
  }

  void countExhaustion() {
    exhausted.increment();
  }

  ConnectionTable table() {
    return table;
  }

  Expectations expectations() {
    return expectations;
  }

  // --- Dumps and flushes.

  /** A walk over all connections. */
  public ConnectionWalk walk() {
    return new ConnectionWalk(table.slab());
  }

  /** Shows every connection that has not expired, as it is when its turn comes. */
  public void visit(long nowMs, Consumer<ConnectionSnapshot> visitor) {
    ConnectionWalk walk = walk();
    while (walk.next(nowMs, visitor)) {
      giveWay();
    }
  }

  /** Many connections take a while, and nobody takes its processor from a virtual thread. */
  @SuppressWarnings("ThreadPriorityCheck")
  private static void giveWay() {
    Thread.yield();
  }

  private static boolean isLive(long record) {
    return (ConnectionRecord.flags(record) & ConnectionRecord.LIVE) != 0;
  }

  /** A walk over the connections that were announced and may still come. */
  public ExpectationWalk walkExpectations() {
    return new ExpectationWalk(expectations);
  }

  /** All that the walk shows. */
  public List<ExpectationSnapshot> expectationsNow(long nowMs) {
    List<ExpectationSnapshot> all = new ArrayList<>();
    ExpectationWalk walk = walkExpectations();
    while (walk.next(nowMs, all::add)) {
      giveWay();
    }
    return all;
  }

  /** Removes all connections; returns how many. */
  public int flush() {
    return flushRecords(_ -> true);
  }

  /** Removes a zone's connections; returns how many. */
  public int flushZone(int zone) {
    return flushRecords(record -> ConnectionKey.zone(ConnectionRecord.word(record)) == zone);
  }

  /** Removes the connection that a packet with the tuple belongs to; false if there is none. */
  public boolean flush(ConnectionTuple tuple, int zone) {
    ConnectionKey key = new ConnectionKey();
    tuple.writeTo(key, zone);
    key.computeHash(salt);
    for (; ; ) {
      int match = table.findLocked(key);
      if (match == ConnectionRecord.NIL) {
        return false;
      }
      long record = table.slab().address(match >>> 1);
      long handle = ConnectionRecord.handle(match >>> 1, ConnectionRecord.lockWord(record));
      ConnectionRecord.unlock(record);
      if (table.remove(handle)) {
        return true;
      }
    }
  }

  /** Removes the connections that {@code isMeant} picks; returns how many. */
  public int flush(Predicate<ConnectionSnapshot> isMeant) {
    ConnectionSlab slab = table.slab();
    return flushRecords(record -> isMeant.test(ConnectionSnapshot.of(slab, record, 0)));
  }

  /** Picks locked records. */
  @FunctionalInterface
  private interface RecordFilter {
    boolean isMeant(long record);
  }

  private int flushRecords(RecordFilter filter) {
    int removed = 0;
    int end = table.slab().usedRecords();
    for (int index = 1; index < end; index++) {
      if (flushRecord(index, filter)) {
        removed++;
      }
      if (index % ConnectionWalk.PORTION == 0) {
        giveWay();
      }
    }
    return removed;
  }

  private boolean flushRecord(int index, RecordFilter filter) {
    long record = table.slab().address(index);
    while (isLive(record)) {
      ConnectionRecord.lock(record);
      boolean isMeant = isLive(record) && filter.isMeant(record);
      long handle = ConnectionRecord.handle(index, ConnectionRecord.lockWord(record));
      ConnectionRecord.unlock(record);
      if (!isMeant || table.remove(handle)) {
        return isMeant;
      }
    }
    return false;
  }
}
