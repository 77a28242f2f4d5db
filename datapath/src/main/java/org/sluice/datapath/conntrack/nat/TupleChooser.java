package org.sluice.datapath.conntrack.nat;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.DESTINATION_NAT;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.SOURCE_NAT;
import static org.sluice.datapath.conntrack.table.ConnectionRecord.TRANSLATED;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.conntrack.table.SlotSupply;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Chooses what a new connection is translated to, and reserves it in the connection table, so that
 * nobody else gets it. Scratch of one packet thread.
 *
 * <p>The address comes from a hash over the connection (over the source alone if it is to be
 * persistent). A port is kept where it can be, otherwise the next free one of its class (below 512,
 * below 1024, the rest) or of the range is taken, as its pool says. A destination whose tuple is
 * taken is made unique by another source port.
 *
 * <p>The table has the last word: what {@link PortPools} calls free may be in use by a connection
 * that is not translated. Such ports are passed over, a few times.
 */
public final class TupleChooser {
  /** Answer: every tuple that may be used is taken. */
  public static final int EXHAUSTED = -1;

  private static final int MAX_ADDRESSES = 64;
  private static final int MAX_PASSED = 64;
  private static final int MAX_TARGET_PORTS = 64;
  private static final int MAX_PORT = 65_535;

  private final ConnectionTable table;
  private final SlotSupply slots;
  private final PortPools pools;
  private final long salt;
  private final ConnectionKey reply = new ConnectionKey();
  private final ConnectionKey pool = new ConnectionKey();
  private final int[] passed = new int[MAX_PASSED];
  private long random;
  private ConnectionKey original;
  private int flags;
  private long nowMs;

  /** Makes a chooser of tuples in {@code table}, for the thread that has {@code slots}. */
  public TupleChooser(ConnectionTable table, SlotSupply slots, PortPools pools, long salt) {
    this.table = table;
    this.slots = slots;
    this.pools = pools;
    this.salt = salt;
    this.random = salt;
  }

  /** The flags that the connection's record gets for the last choice. */
  public int flags() {
    return flags;
  }

  /**
   * Chooses for a connection with the original tuple {@code key}.
   *
   * @return the alias that holds the reply tuple; NIL if everything may stay as it is; or {@link
   *     #EXHAUSTED}
   */
  public int choose(ConnectionKey key, NatRange range, long now) {
    begin(key, now);
    if (!range.isNew()) {
      return NIL;
    }
    int kind = range.source() ? SOURCE_NAT : DESTINATION_NAT;
    long hash = hash(range.persistent());
    long span = range.keepsAddress() ? 0 : range.span();
    long offset = span == -1L ? hash : Long.remainderUnsigned(hash, span + 1);
    int addresses = Long.compareUnsigned(span, MAX_ADDRESSES) < 0 ? (int) span + 1 : MAX_ADDRESSES;
    for (int i = 0; i < addresses; i++) {
      putAddress(range, offset);
      int alias = range.source() ? chooseSource(range, hash) : chooseDestination(range, hash);
      if (alias != EXHAUSTED) {
        flags = kind | (alias == NIL ? 0 : TRANSLATED);
        return alias;
      }
      offset = offset == span ? 0 : offset + 1;
    }
    return EXHAUSTED;
  }

  /**
   * Chooses for a connection that another one has announced: the translated tuple is given, but for
   * a source port that is taken.
   *
   * @param wanted the tuple after translation, in the original direction
   */
  public int follow(ConnectionKey key, ConnectionKey wanted, long now) {
    begin(key, now);
    reply.set(wanted);
    reply.reverse();
    reply.computeHash(salt);
    boolean source = wanted.srcLo != key.srcLo || wanted.srcHi != key.srcHi;
    boolean destination =
        wanted.dstLo != key.dstLo
            || wanted.dstHi != key.dstHi
            || ConnectionKey.destinationPort(wanted.word)
                != ConnectionKey.destinationPort(key.word);
    int alias = tryReserve();
    if (alias == EXHAUSTED) {
      alias = takePort(sourcePort(), classMin(sourcePort()), classMax(sourcePort()));
    }
    flags = source ? SOURCE_NAT : 0;
    flags |= destination ? DESTINATION_NAT : 0;
    flags |= alias > NIL ? TRANSLATED : 0;
    return alias;
  }

  private void begin(ConnectionKey key, long now) {
    original = key;
    nowMs = now;
    flags = 0;
    reply.set(key);
    reply.translated = false;
    reply.reverse();
  }

  /** Gives back what was chosen for a connection that was not made. */
  public void release(int alias) {
    if (alias > NIL) {
      releasePort(alias);
      table.release(alias);
    }
  }

  /** Gives the port of a connection that goes back to its pool. */
  public static void releasePort(PortPools pools, long alias) {
    int from = ConnectionRecord.pool(alias);
    if (from != NIL) {
      pools.release(from, ConnectionKey.destinationPort(ConnectionRecord.word(alias)));
      ConnectionRecord.putPool(alias, NIL);
    }
  }

  private void releasePort(int alias) {
    releasePort(pools, table.slab().address(alias));
  }

  // --- Addresses.

  private long hash(boolean persistent) {
    long hash = mix(salt ^ original.srcLo, original.srcHi);
    if (!persistent) {
      hash = mix(hash ^ original.dstLo, original.dstHi ^ original.word);
    }
    return mix(hash, salt);
  }

  private static long mix(long a, long b) {
    long mixed = (a ^ b) * 0x9e37_79b9_7f4a_7c15L;
    return (mixed ^ mixed >>> 32) * 0xd6e8_feb8_6659_fd93L ^ b >>> 17;
  }

  private void putAddress(NatRange range, long offset) {
    if (range.keepsAddress()) {
      return;
    }
    long low = range.minLow() + offset;
    long high = range.minHigh() + (Long.compareUnsigned(low, offset) < 0 ? 1 : 0);
    if (range.source()) {
      reply.dstHi = high;
      reply.dstLo = low;
    } else {
      reply.srcHi = high;
      reply.srcLo = low;
    }
  }

  // --- Ports.

  private boolean hasPorts() {
    return IpProtocol.isTrackedByPorts(ConnectionKey.protocol(original.word)) || isIcmp();
  }

  private boolean isIcmp() {
    return ConnectionKey.isIcmp(original.word);
  }

  private int sourcePort() {
    return ConnectionKey.sourcePort(original.word);
  }

  private int chooseSource(NatRange range, long hash) {
    if (!hasPorts()) {
      return reserve();
    }
    int own = sourcePort();
    boolean isBound = range.minPort() != 0;
    int min = isBound ? range.minPort() : classMin(own);
    int max = isBound ? range.maxPort() : classMax(own);
    if (min == max) {
      putSourcePort(min);
      return reserve();
    }
    return takePort(firstPort(range, own, min, max, hash), min, max);
  }

  private int firstPort(NatRange range, int own, int min, int max, long hash) {
    int count = max - min + 1;
    if (range.random()) {
      random = mix(random + 1, hash);
      return min + (int) Long.remainderUnsigned(random, count);
    }
    if (own >= min && own <= max) {
      return own;
    }
    return min + (int) Long.remainderUnsigned(hash >>> 16, count);
  }

  private int classMin(int port) {
    if (isIcmp()) {
      return 0;
    }
    return port < 512 ? 1 : port < 1024 ? 600 : 1024;
  }

  private int classMax(int port) {
    if (isIcmp()) {
      return MAX_PORT;
    }
    return port < 512 ? 511 : port < 1024 ? 1023 : MAX_PORT;
  }

  private int chooseDestination(NatRange range, long hash) {
    if (!hasPorts() || isIcmp()) {
      int alias = reserve();
      return alias == EXHAUSTED && isIcmp() ? takePort(sourcePort(), 0, MAX_PORT) : alias;
    }
    int own = ConnectionKey.destinationPort(original.word);
    int min = range.minPort() == 0 ? own : range.minPort();
    int max = range.minPort() == 0 ? own : range.maxPort();
    int port = firstPort(range, own, min, max, hash);
    int candidates = Math.min(max - min + 1, MAX_TARGET_PORTS);
    for (int i = 0; i < candidates; i++) {
      putPorts(port, sourcePort());
      int alias = reserve();
      if (alias != EXHAUSTED) {
        return alias;
      }
      port = port == max ? min : port + 1;
    }
    return takePort(sourcePort(), classMin(sourcePort()), classMax(sourcePort()));
  }

  /** Takes a source port out of its pool, and the tuple with it. */
  private int takePort(int preferred, int min, int max) {
    int alias = EXHAUSTED;
    int next = Math.clamp(preferred, min, max);
    int from = NIL;
    int passedCount = 0;
    preparePool();
    while (alias == EXHAUSTED && passedCount < MAX_PASSED) {
      long taken = pools.take(pool, next, min, max);
      if (taken == PortPools.FULL) {
        break;
      }
      from = (int) (taken >>> 32);
      int port = (int) taken & MAX_PORT;
      putSourcePort(port);
      alias = reserve();
      if (alias <= NIL) {
        passed[passedCount++] = port;
        next = port == max ? min : port + 1;
      } else {
        ConnectionRecord.putPool(table.slab().address(alias), from);
      }
    }
    for (int i = 0; i < passedCount; i++) {
      pools.release(from, passed[i]);
    }
    return alias;
  }

  /** The pool of the reply's destination address, which is the translated source. */
  private void preparePool() {
    pool.srcHi = reply.dstHi;
    pool.srcLo = reply.dstLo;
    pool.dstHi = reply.srcHi;
    pool.dstLo = reply.srcLo;
    pool.word = reply.word >>> 48 << 32 | (reply.word & 0xffff_ffffL);
    if (isIcmp()) {
      pool.word &= 0xffff_ffffL & ~ConnectionKey.ICMP_ANSWER;
    }
    pool.swapped = ConnectionKey.swap(pool.word);
    pool.computeHash(salt);
  }

  private void putSourcePort(int port) {
    putPorts(isIcmp() ? port : ConnectionKey.sourcePort(reply.word), port);
  }

  /** Sets the ports of the reply: the answering end's and the asking end's. */
  private void putPorts(int source, int destination) {
    reply.word = (long) (source << 16 | destination) << 32 | (reply.word & 0xffff_ffffL);
  }

  private int reserve() {
    reply.swapped = ConnectionKey.swap(reply.word);
    reply.computeHash(salt);
    return tryReserve();
  }

  /** NIL where the reply tuple is the original one turned round, which needs no alias. */
  private int tryReserve() {
    if (reply.isReverseOf(original)) {
      return table.isTaken(reply, nowMs) ? EXHAUSTED : NIL;
    }
    int alias = table.reserve(reply, slots, nowMs);
    return alias > NIL ? alias : EXHAUSTED;
  }
}
