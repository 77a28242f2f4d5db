package org.sluice.datapath.conntrack.alg;

import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.conntrack.table.SpinLock;

/**
 * Connections that have been announced: from a known address and any port to a known address and
 * port. They live as long as the connection that announced them, or until they expire: an expired
 * one is not found, and goes when its place is needed.
 *
 * <p>An expectation is a record of the slab that holds the tuple (source port 0), mark and labels,
 * in {@link ConnectionRecord#parent}'s place the tuple that it is translated to, and in {@code
 * extension} the index of the announcing connection, whose record stays as long as the expectation
 * does; where TCP state is in a connection's, what is drawn at {@link #CALL}. It is found by {@link
 * ExpectationChains}. All of it is guarded by this object's lock, which is taken for a packet only
 * if there are expectations at all and it starts a connection.
 */
public final class Expectations extends SpinLock {
  /** Expectations at most. */
  public static final int MAX_EXPECTATIONS = 4096;

  /** Expectations of one connection at most; a further one takes the place of the oldest. */
  public static final int MAX_PER_CONNECTION = 16;

  /** Sees expectations one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** Called with the lock held. */
    void visit(long expectation, long parent);
  }

  /** Parts that {@link #visit} shows one by one. */
  public static final int BUCKETS = 1024;

  private static final int MAX_TRIES = 64;
  private static final int MIN_PORT = 1024;
  private static final int MAX_PORT = 65_535;
  private static final long SOURCE_PORT = 0xffffL << 48;
  private static final long CLEANING_INTERVAL_MS = 1000;

  /** Where an expectation's record says what it is called by when it is taken back. */
  private static final int CALL = ConnectionRecord.ORIGINAL_PEER;

  /** Where it says whether it does not count yet. */
  static final int PROVISIONAL = CALL + 4;

  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Expectations.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ConnectionSlab slab;
  private final long salt;
  private final ExpectationChains chains;
  private final ConnectionKey scratch = new ConnectionKey();
  private final ConnectionKey sender = new ConnectionKey();
  private final LongAdder unreadable = new LongAdder();
  private int count;

  /** How many of them may come from anywhere. */
  private int anywhere;

  /** When it was last looked for expired ones. */
  private long cleanedMs = -CLEANING_INTERVAL_MS;

  /** Makes an empty set whose records are in {@code slab}. */
  public Expectations(ConnectionSlab slab, long salt) {
    this.slab = slab;
    this.chains = new ExpectationChains(slab);
    this.salt = salt;
  }

  /** How many there are. */
  public int count() {
    return (int) COUNT.getOpaque(this);
  }

  /** Counts a message that a gateway could not read, or not rewrite, and left alone. */
  void countUnreadable() {
    unreadable.increment();
  }

  /** Messages that gateways could not read, or not rewrite, and left alone. */
  public long unreadable() {
    return unreadable.sum();
  }

  /**
   * Adds one. If another connection waits for the same, and the port may be another, the next free
   * one is taken; if this connection does already, it is only prolonged.
   *
   * @param tuples what is expected, and what it becomes; the public port is as it was chosen. The
   *     announcing connection's record is locked
   * @return false if there are too many
   */
  boolean add(ExpectedTuples tuples, long nowMs) {
    lock();
    boolean isAdded = moveToFree(tuples, 1, nowMs) && addHere(tuples, nowMs);
    unlock();
    return isAdded;
  }

  /**
   * Adds two, at a port and the next one, as {@link #add}; if they are moved, by two ports.
   *
   * @param tuples stand at the first port, before and after
   */
  boolean addPair(ExpectedTuples tuples, long nowMs) {
    lock();
    boolean isAdded = moveToFree(tuples, 2, nowMs) && addHere(tuples, nowMs);
    if (isAdded) {
      int port = ConnectionKey.destinationPort(tuples.wanted.word);
      int publicPort = tuples.publicPort();
      tuples.setPorts(port + 1, publicPort + 1);
      isAdded = addHere(tuples, nowMs);
      tuples.setPorts(port, publicPort);
    }
    unlock();
    return isAdded;
  }

  /** Changes the public port until nobody else waits for it and those behind it. */
  private boolean moveToFree(ExpectedTuples tuples, int ports, long nowMs) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      int port = tuples.publicPort();
      if (areFree(tuples, ports, nowMs)) {
        tuples.setPublicPort(port);
        return true;
      }
      int next = port + ports;
      tuples.setPublicPort(next + ports - 1 > MAX_PORT ? MIN_PORT : next);
    }
    return false;
  }

  private boolean areFree(ExpectedTuples tuples, int ports, long nowMs) {
    int port = ConnectionKey.destinationPort(tuples.wanted.word);
    int publicPort = tuples.publicPort();
    boolean areFree = publicPort + ports - 1 <= MAX_PORT;
    for (int i = 0; i < ports && areFree; i++) {
      tuples.setPorts(port + i, publicPort + i);
      setScratch(tuples.expected);
      int index = findLocked(nowMs);
      areFree = index == NIL || !tuples.mayMove || isSame(index, tuples);
    }
    tuples.setPorts(port, publicPort);
    return areFree;
  }

  private boolean addHere(ExpectedTuples tuples, long nowMs) {
    setScratch(tuples.expected);
    int index = findLocked(nowMs);
    if (index == NIL) {
      return addLocked(tuples, nowMs);
    }
    if (isSame(index, tuples)) {
      putTerms(slab.address(index), tuples);
    }
    return true;
  }

  private boolean isSame(int index, ExpectedTuples tuples) {
    long record = slab.address(index);
    return ConnectionRecord.extension(record) == tuples.parentIndex()
        && ConnectionRecord.matchesForward(ConnectionRecord.parent(record), tuples.wanted);
  }

  private static void putTerms(long record, ExpectedTuples tuples) {
    ConnectionRecord.putExpiresMs(record, tuples.expiresMs);
    ConnectionRecord.putGateway(record, tuples.gateway.index());
    putInt(record + CALL, tuples.call);
    putInt(record + PROVISIONAL, tuples.isProvisional ? 1 : 0);
  }

  private void setScratch(ConnectionKey packet) {
    scratch.srcHi = packet.srcHi;
    scratch.srcLo = packet.srcLo;
    scratch.dstHi = packet.dstHi;
    scratch.dstLo = packet.dstLo;
    scratch.word = packet.word & (-1L >>> 16);
    scratch.swapped = ConnectionKey.swap(scratch.word);
    scratch.computeHash(salt);
  }

  /** The expectation of {@link #scratch}; one that has expired goes instead. */
  private int findLocked(long nowMs) {
    int index = chains.first(scratch.hash);
    while (index != NIL && !ConnectionRecord.matchesForward(slab.address(index), scratch)) {
      index = chains.next(index);
    }
    if (index != NIL && ConnectionRecord.expiresMs(slab.address(index)) <= nowMs) {
      drop(index);
      return NIL;
    }
    return index;
  }

  private boolean addLocked(ExpectedTuples tuples, long nowMs) {
    int parentIndex = tuples.parentIndex();
    dropOldestIfFull(parentIndex);
    dropExpiredIfFull(nowMs);
    int index = count >= MAX_EXPECTATIONS ? NIL : slab.allocate();
    if (index == NIL) {
      return false;
    }
    long record = slab.address(index);
    long parent = slab.address(parentIndex);
    ConnectionRecord.putKey(record, scratch);
    ConnectionRecord.putFlags(record, 0);
    ConnectionRecord.putMark(record, ConnectionRecord.mark(parent));
    ConnectionRecord.putLabel(
        record, ConnectionRecord.labelHi(parent), ConnectionRecord.labelLo(parent));
    ConnectionRecord.putExtension(record, parentIndex);
    ConnectionRecord.putTuple(ConnectionRecord.parent(record), tuples.wanted);
    putTerms(record, tuples);
    chains.add(index);
    COUNT.setOpaque(this, count + 1);
    if (isFromAnywhere(scratch)) {
      anywhere++;
    }
    return true;
  }

  private static boolean isFromAnywhere(ConnectionKey expected) {
    return (expected.srcHi | expected.srcLo) == 0;
  }

  /** All of them are looked at for that, so it is done once in a while only. */
  private void dropExpiredIfFull(long nowMs) {
    if (count < MAX_EXPECTATIONS || nowMs - cleanedMs < CLEANING_INTERVAL_MS) {
      return;
    }
    cleanedMs = nowMs;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int next;
      for (int index = chains.first(bucket); index != NIL; index = next) {
        next = chains.next(index);
        if (ConnectionRecord.expiresMs(slab.address(index)) <= nowMs) {
          drop(index);
        }
      }
    }
  }

  private void dropOldestIfFull(int parentIndex) {
    int oldest = NIL;
    int siblings = 0;
    int index = chains.newestOf(parentIndex);
    for (; index != NIL; index = chains.olderThan(index)) {
      oldest = index;
      siblings++;
    }
    if (siblings >= MAX_PER_CONNECTION) {
      drop(oldest);
    }
  }

  private void drop(int index) {
    long record = slab.address(index);
    boolean isFromAnywhere = (ConnectionRecord.srcHi(record) | ConnectionRecord.srcLo(record)) == 0;
    chains.remove(index);
    ConnectionRecord.putExtension(record, NIL);
    ConnectionRecord.putGateway(record, Gateway.NONE.index());
    slab.free(index);
    COUNT.setOpaque(this, count - 1);
    if (isFromAnywhere) {
      anywhere--;
    }
  }

  /** Whether a packet that starts a connection was announced; if so fills {@code found}. */
  public boolean find(ConnectionKey packet, Announcement found, long nowMs) {
    if (count() == 0) {
      return false;
    }
    lock();
    setScratch(packet);
    int index = findLocked(nowMs);
    if (index == NIL && anywhere != 0) {
      scratch.srcHi = 0;
      scratch.srcLo = 0;
      scratch.computeHash(salt);
      index = findLocked(nowMs);
    }
    boolean isFound = index != NIL && getInt(slab.address(index) + PROVISIONAL) == 0;
    if (isFound) {
      fill(found, slab.address(index), packet);
    }
    unlock();
    return isFound;
  }

  private void fill(Announcement found, long record, ConnectionKey packet) {
    found.mark = ConnectionRecord.mark(record);
    found.labelHi = ConnectionRecord.labelHi(record);
    found.labelLo = ConnectionRecord.labelLo(record);
    found.gateway = Gateway.of(ConnectionRecord.gateway(record));
    ConnectionRecord.getTuple(slab.address(ConnectionRecord.extension(record)), found.parent);
    ConnectionRecord.getTuple(ConnectionRecord.parent(record), found.wanted);
    if (isFromAnywhere(found.wanted)) {
      found.wanted.srcHi = packet.srcHi;
      found.wanted.srcLo = packet.srcLo;
    }
    found.wanted.word |= publicSource(ConnectionRecord.extension(record), packet);
    found.wanted.swapped = ConnectionKey.swap(found.wanted.word);
  }

  /**
   * The source port that the other side sees, in its place: that under which the sender is expected
   * itself, or else its own.
   */
  private long publicSource(int parentIndex, ConnectionKey packet) {
    sender.dstHi = packet.srcHi;
    sender.dstLo = packet.srcLo;
    sender.word = ConnectionKey.swap(packet.word);
    int index = findWanted(parentIndex, sender);
    return index == NIL
        ? packet.word & SOURCE_PORT
        : ConnectionRecord.word(slab.address(index)) << 16 & SOURCE_PORT;
  }

  /** Picks expectations. */
  @FunctionalInterface
  private interface Filter {
    boolean isMeant(long record);
  }

  /** Forgets all that a connection, which is going, has announced. */
  public void forget(int parentIndex) {
    forget(parentIndex, _ -> true);
  }

  /** Forgets what a connection has announced for a call. */
  void forgetCall(int parentIndex, int call) {
    forget(parentIndex, record -> getInt(record + CALL) == call);
  }

  /** Forgets what one side has announced for a call, but for what expires at {@code keptMs}. */
  void forgetCall(ExpectedTuples tuples, int direction, int call, long keptMs) {
    ConnectionKey own = tuples.own(direction);
    forget(
        tuples.parentIndex(),
        record ->
            getInt(record + CALL) == call
                && ConnectionRecord.expiresMs(record) != keptMs
                && getInt(record + PROVISIONAL) == 0
                && ConnectionRecord.dstLo(ConnectionRecord.parent(record)) == own.srcLo
                && ConnectionRecord.dstHi(ConnectionRecord.parent(record)) == own.srcHi);
  }

  private void forget(int parentIndex, Filter filter) {
    if (count() == 0) {
      return;
    }
    lock();
    int older;
    for (int index = chains.newestOf(parentIndex); index != NIL; index = older) {
      older = chains.olderThan(index);
      if (filter.isMeant(slab.address(index))) {
        drop(index);
      }
    }
    unlock();
  }

  /** Makes what a connection has announced provisionally for a call count, until it expires. */
  void confirm(int parentIndex, int call, long expiresMs) {
    lock();
    int index = chains.newestOf(parentIndex);
    for (; index != NIL; index = chains.olderThan(index)) {
      long record = slab.address(index);
      if (getInt(record + CALL) == call) {
        putInt(record + PROVISIONAL, 0);
        ConnectionRecord.putExpiresMs(record, expiresMs);
      }
    }
    unlock();
  }

  /** The public port of what {@code tuples} want, if their connection has announced it; or -1. */
  int publicPort(ExpectedTuples tuples) {
    lock();
    int index = findWanted(tuples.parentIndex(), tuples.wanted);
    int port =
        index == NIL
            ? -1
            : ConnectionKey.destinationPort(ConnectionRecord.word(slab.address(index)));
    unlock();
    return port;
  }

  /** One of a connection's that leads to {@code wanted}'s destination. */
  private int findWanted(int parentIndex, ConnectionKey wanted) {
    int index = chains.newestOf(parentIndex);
    while (index != NIL && !leadsTo(slab.address(index), wanted)) {
      index = chains.olderThan(index);
    }
    return index;
  }

  private static boolean leadsTo(long record, ConnectionKey wanted) {
    long own = ConnectionRecord.parent(record);
    long mask = -1L >>> 16;
    return (ConnectionRecord.word(own) & mask) == (wanted.word & mask)
        && ConnectionRecord.dstLo(own) == wanted.dstLo
        && ConnectionRecord.dstHi(own) == wanted.dstHi;
  }

  /**
   * The announcer's own port where {@code tuples} name the public one; -1 if their connection has
   * not announced it.
   *
   * @param call if not 0, what it is called by from now on, and that it counts
   */
  int ownPort(ExpectedTuples tuples, int call, long nowMs) {
    lock();
    setScratch(tuples.expected);
    int index = findLocked(nowMs);
    int port = -1;
    boolean isOwn =
        index != NIL && ConnectionRecord.extension(slab.address(index)) == tuples.parentIndex();
    if (isOwn) {
      long record = slab.address(index);
      port = ConnectionKey.destinationPort(ConnectionRecord.word(ConnectionRecord.parent(record)));
      if (call != 0) {
        putInt(record + CALL, call);
        putInt(record + PROVISIONAL, 0);
      }
    }
    unlock();
    return port;
  }

  /**
   * What a packet's expectation is called by, if it has one that counts; 0 if not. Expectations of
   * GRE packets are called by the sender's call id.
   */
  public int callOf(ConnectionKey packet, long nowMs) {
    if (count() == 0) {
      return 0;
    }
    lock();
    setScratch(packet);
    int index = findLocked(nowMs);
    boolean counts = index != NIL && getInt(slab.address(index) + PROVISIONAL) == 0;
    int call = counts ? getInt(slab.address(index) + CALL) : 0;
    unlock();
    return call;
  }

  /**
   * Shows a bucket's expectations to {@code visitor}, which must be brief: packets of new
   * connections wait meanwhile.
   *
   * @param bucket less than {@link #BUCKETS}
   */
  public void visit(int bucket, Visitor visitor, long nowMs) {
    lock();
    for (int index = chains.first(bucket); index != NIL; index = chains.next(index)) {
      long record = slab.address(index);
      boolean counts = getInt(record + PROVISIONAL) == 0;
      if (counts && ConnectionRecord.expiresMs(record) > nowMs) {
        visitor.visit(record, slab.address(ConnectionRecord.extension(record)));
      }
    }
    unlock();
  }
}
