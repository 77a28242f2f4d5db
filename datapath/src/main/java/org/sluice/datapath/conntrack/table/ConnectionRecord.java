package org.sluice.datapath.conntrack.table;

import static org.sluice.base.memory.OffHeap.compareAndSetInt;
import static org.sluice.base.memory.OffHeap.getByte;
import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.getIntAcquire;
import static org.sluice.base.memory.OffHeap.getLong;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.putByte;
import static org.sluice.base.memory.OffHeap.putInt;
import static org.sluice.base.memory.OffHeap.putIntRelease;
import static org.sluice.base.memory.OffHeap.putLong;

/**
 * The layout of a connection's record: indices instead of pointers, both address families alike. It
 * begins at the beginning or in the middle of a cache line, so that its first 32 bytes are in one
 * line and the first 96, which are all that most packets need, in two. The last 32 are for TCP
 * alone, and only segments with data touch them.
 *
 * <pre>
 *        0         4         8                  16                 24
 *    0  | lock    | next    | expires, ms      | hash    |fl|gw|ti|po| key word         |
 *   32  | source address, high, low            | destination address, high, low       |
 *   64  | original side: seqLow, seqHigh, maxWindow, state, scale, hist., re|
 *   80  | reply side:    seqLow, seqHigh, maxWindow, state, scale, hist., re|
 *   96  | label, high, low                     | mark    | extens. | wheel prev | wheel next |
 *  128  | original side: the last two segments with data, 8 bytes each         |
 *  144  | reply side:    the last two segments with data, 8 bytes each         |
 *
 *   re: a SYN on the open connection, remembered in place of one of the segments
 *   lock: generation &lt;&lt; 1 | locked      fl: flags   gw: gateway   ti: timer   po: timeout policy
 * </pre>
 *
 * <p>The addresses and the key word are those of the original direction. {@code extension} is the
 * index of a second record, or 0. A connection has one if it was announced, or is translated:
 *
 * <pre>
 *    0  | lock    | next    | -                 | hash    |fl|gw|-   -   | reply direction's
 *   32  | key word and addresses, if translated                                   |
 *   64  | how far the original side's sequence numbers were shifted, 24 bytes; the reply side's  |
 *       | (in their place, where it waits for its release: the next one that does)              |
 *  112  | pool    | owner   | key word and addresses of the announcing connection, 40 bytes   |
 * </pre>
 *
 * <p>A translated connection's reply tuple is not its original tuple turned round. The second
 * record is then linked into the hash index too, as an <em>alias</em>: a packet that it matches
 * belongs to its {@code owner}, in reply direction.
 *
 * <p><b>Who may touch what.</b> A record's lock guards everything but the key, {@code next}, {@code
 * hash} and the wheel's links; the key never changes while the record is in the index. The lock
 * word carries a generation, so that one compare-and-set both locks a record and proves that it is
 * still the one meant. The generation moves on when the record is made, when it is freed, and
 * whenever mark or labels change: whoever remembers index and generation has a view of the
 * connection that is either exact or known to be stale. {@code next}, {@code hash} and the wheel's
 * links belong to the holder of the shard's lock. Lock order: shard, then record.
 *
 * <p>One field is written without a lock: when the connection expires, by packets of protocols
 * without states. A thread that is held up before it does that writes it into whatever the slot is
 * by then. That costs the next connection or expectation there a wrong timeout, until its own next
 * packet; nothing else may be kept in that place, whatever the slot is used for.
 */
public final class ConnectionRecord {
  /** Bytes of one record. */
  public static final int BYTES = 160;

  /** No record. */
  public static final int NIL = 0;

  /** Offset of the original side's TCP state; see {@link #BYTES_PER_PEER}. */
  public static final int ORIGINAL_PEER = 64;

  /** Offset of the reply side's TCP state. */
  public static final int REPLY_PEER = 80;

  /** Distance between the sides. */
  public static final int BYTES_PER_PEER = REPLY_PEER - ORIGINAL_PEER;

  /** Offset of the original side's last segments; see {@link #BYTES_PER_HISTORY}. */
  public static final int ORIGINAL_HISTORY = 128;

  /** Offset of the reply side's last segments. */
  public static final int REPLY_HISTORY = 144;

  /** Distance between the sides' last segments. */
  public static final int BYTES_PER_HISTORY = REPLY_HISTORY - ORIGINAL_HISTORY;

  /** Flag: a connection, as opposed to a free slot or an extension. */
  public static final int LIVE = 0x01;

  /** Flag: announced by another connection. */
  public static final int RELATED = 0x02;

  /** Flag: the second record of a translated connection, findable by its reply tuple. */
  public static final int ALIAS = 0x04;

  /** Flag: its reply tuple is that of its alias, not its own turned round. */
  public static final int TRANSLATED = 0x08;

  /** Flag: its source is translated, if only to what it was. */
  public static final int SOURCE_NAT = 0x10;

  /** Flag: its destination is translated, if only to what it was. */
  public static final int DESTINATION_NAT = 0x20;

  /** Flag: a gateway has made payload longer or shorter; its extension says how much. */
  public static final int SHIFTED = 0x40;

  private static final int LOCK = 0;
  private static final int NEXT = 4;
  private static final int WORD = 24;
  private static final int SRC_HI = 32;
  private static final int SRC_LO = 40;
  private static final int DST_HI = 48;
  private static final int DST_LO = 56;
  private static final int EXPIRES = 8;
  private static final int HASH = 16;
  private static final int FLAGS = 20;
  private static final int GATEWAY = 21;
  private static final int TIMER = 22;
  private static final int LABEL_HI = 96;
  private static final int LABEL_LO = 104;
  private static final int MARK = 112;
  private static final int EXTENSION = 116;
  private static final int WHEEL_PREVIOUS = 120;
  private static final int WHEEL_NEXT = 124;

  /** Where a second record keeps the announcing connection's tuple, laid out as a record's own. */
  private static final int PARENT = 120 - WORD;

  /** Where an alias that waits for its release names the next one. */
  private static final int RETIRED_NEXT = 64;

  /** Where a second record keeps what was shifted; see {@link #BYTES_PER_SHIFT}. */
  private static final int SHIFTS = 64;

  private static final int BYTES_PER_SHIFT = 24;
  private static final int LOCKED = 1;

  private ConnectionRecord() {}

  // --- Lock and generation.

  /** The lock word: compare it before and after reading, or hand it to {@link #tryLock}. */
  public static int lockWord(long record) {
    return getIntAcquire(record + LOCK);
  }

  /** Locks if the lock word is still {@code word} and says unlocked. */
  public static boolean tryLock(long record, int word) {
    return (word & LOCKED) == 0 && compareAndSetInt(record + LOCK, word, word | LOCKED);
  }

  /** Locks whatever the record is by now. */
  public static void lock(long record) {
    int spins = 0;
    while (!tryLock(record, lockWord(record))) {
      SpinLock.pause(++spins);
    }
  }

  /** Unlocks; handles stay valid. */
  public static void unlock(long record) {
    assert isLocked(record) : "not locked";
    putIntRelease(record + LOCK, getInt(record + LOCK) & ~LOCKED);
  }

  /** Unlocks and makes every handle stale; returns the new lock word. */
  public static int unlockChanged(long record) {
    assert isLocked(record) : "not locked";
    int word = (getInt(record + LOCK) & ~LOCKED) + 2;
    putIntRelease(record + LOCK, word);
    return word;
  }

  /** Begins the life of a slot that was never used, or whose memory was given back. */
  static void begin(long record, int word) {
    putIntRelease(record + LOCK, word);
  }

  /** Whether some thread holds the record's lock. */
  public static boolean isLocked(long record) {
    return (lockWord(record) & LOCKED) != 0;
  }

  /** The handle of the record at {@code index} whose lock word is {@code word}. */
  public static long handle(int index, int word) {
    return (long) (word >>> 1) << 32 | index;
  }

  /** The lock word, unlocked, that {@code handle} stands for. */
  public static int lockWordOf(long handle) {
    return (int) (handle >>> 32) << 1;
  }

  // --- Key.

  /** Whether the key is of the original direction. */
  public static boolean matchesForward(long record, ConnectionKey key) {
    return getLong(record + WORD) == key.word
        && getLong(record + SRC_LO) == key.srcLo
        && getLong(record + DST_LO) == key.dstLo
        && getLong(record + SRC_HI) == key.srcHi
        && getLong(record + DST_HI) == key.dstHi;
  }

  /** Whether the key is of the original direction turned round. */
  public static boolean matchesReply(long record, ConnectionKey key) {
    return getLong(record + WORD) == key.swapped
        && getLong(record + SRC_LO) == key.dstLo
        && getLong(record + DST_LO) == key.srcLo
        && getLong(record + SRC_HI) == key.dstHi
        && getLong(record + DST_HI) == key.srcHi;
  }

  /** Writes tuple and hash. */
  public static void putKey(long record, ConnectionKey key) {
    putTuple(record, key);
    putInt(record + HASH, key.hash);
  }

  /** Writes the tuple; not the hash, for which {@link #parent} has no place. */
  public static void putTuple(long record, ConnectionKey key) {
    putLong(record + WORD, key.word);
    putLong(record + SRC_HI, key.srcHi);
    putLong(record + SRC_LO, key.srcLo);
    putLong(record + DST_HI, key.dstHi);
    putLong(record + DST_LO, key.dstLo);
  }

  /** Reads the tuple; not the hash. */
  public static void getTuple(long record, ConnectionKey key) {
    key.word = word(record);
    key.swapped = ConnectionKey.swap(key.word);
    key.srcHi = srcHi(record);
    key.srcLo = srcLo(record);
    key.dstHi = dstHi(record);
    key.dstLo = dstLo(record);
  }

  /** Ports, zone, protocol and kind: see {@link ConnectionKey}. */
  public static long word(long record) {
    return getLong(record + WORD);
  }

  public static long srcHi(long record) {
    return getLong(record + SRC_HI);
  }

  public static long srcLo(long record) {
    return getLong(record + SRC_LO);
  }

  public static long dstHi(long record) {
    return getLong(record + DST_HI);
  }

  public static long dstLo(long record) {
    return getLong(record + DST_LO);
  }

  /** The key's hash. */
  public static int hash(long record) {
    return getInt(record + HASH);
  }

  // --- What tracking knows.

  /** When it expires. */
  public static long expiresMs(long record) {
    return getLong(record + EXPIRES);
  }

  public static void putExpiresMs(long record, long expiresMs) {
    putLong(record + EXPIRES, expiresMs);
  }

  /**
   * What a packet of a steady connection needs to know, in one read; to be taken apart by {@link
   * #flagsIn}, {@link #gatewayIn} and {@link #timerIn}.
   */
  public static long summary(long record) {
    return getLong(record + HASH);
  }

  /** {@link #flags} in a summary. */
  public static int flagsIn(long summary) {
    return (byte) (summary >>> (8 * (FLAGS - HASH)));
  }

  /** {@link #gateway} in a summary. */
  public static int gatewayIn(long summary) {
    return (byte) (summary >>> (8 * (GATEWAY - HASH)));
  }

  /** {@link #timer} in a summary. */
  public static int timerIn(long summary) {
    return (int) (summary >>> (8 * (TIMER - HASH))) & 0xff;
  }

  /** {@link #LIVE}, {@link #RELATED}. */
  public static int flags(long record) {
    return getByte(record + FLAGS);
  }

  public static void putFlags(long record, int flags) {
    putByte(record + FLAGS, (byte) flags);
  }

  /** Which gateway reads its payload; 0 for none. */
  public static int gateway(long record) {
    return getByte(record + GATEWAY);
  }

  public static void putGateway(long record, int gateway) {
    putByte(record + GATEWAY, (byte) gateway);
  }

  /** Which timeout it is under; for all but TCP this is the connection's state too. */
  public static int timer(long record) {
    return getUnsignedByte(record + TIMER);
  }

  public static void putTimer(long record, int timer) {
    putByte(record + TIMER, (byte) timer);
  }

  public static int mark(long record) {
    return getInt(record + MARK);
  }

  public static void putMark(long record, int mark) {
    putInt(record + MARK, mark);
  }

  public static long labelHi(long record) {
    return getLong(record + LABEL_HI);
  }

  public static long labelLo(long record) {
    return getLong(record + LABEL_LO);
  }

  public static void putLabel(long record, long high, long low) {
    putLong(record + LABEL_HI, high);
    putLong(record + LABEL_LO, low);
  }

  /** The second record; {@link #NIL} for none. */
  public static int extension(long record) {
    return getInt(record + EXTENSION);
  }

  public static void putExtension(long record, int index) {
    putInt(record + EXTENSION, index);
  }

  // --- In a second record.

  /** The announcing connection's tuple: an address for {@link #word} and its like, no more. */
  public static long parent(long extension) {
    return extension + PARENT;
  }

  /** The connection that an alias belongs to; {@link #NIL} where it is only reserved. */
  public static int owner(long alias) {
    return getInt(alias + EXTENSION);
  }

  static void putOwner(long alias, int index) {
    putInt(alias + EXTENSION, index);
  }

  static int retiredNext(long alias) {
    return getInt(alias + RETIRED_NEXT);
  }

  static void putRetiredNext(long alias, int index) {
    putInt(alias + RETIRED_NEXT, index);
  }

  /** The pool that a translated connection's port was taken from; {@link #NIL} for none. */
  public static int pool(long alias) {
    return getInt(alias + MARK);
  }

  public static void putPool(long alias, int pool) {
    putInt(alias + MARK, pool);
  }

  /** Where it is written down how one side's sequence numbers were shifted. */
  public static long shift(long extension, int direction) {
    return extension + SHIFTS + (long) direction * BYTES_PER_SHIFT;
  }

  /** Says that nothing was shifted. */
  public static void clearShifts(long extension) {
    for (int at = 0; at < 2 * BYTES_PER_SHIFT; at += 8) {
      putLong(extension + SHIFTS + at, 0);
    }
  }

  // --- Links.

  /** The next record in the hash chain or the free list. */
  public static int next(long record) {
    return getIntAcquire(record + NEXT);
  }

  public static void putNext(long record, int index) {
    putIntRelease(record + NEXT, index);
  }

  static int wheelPrevious(long record) {
    return getInt(record + WHEEL_PREVIOUS);
  }

  static void putWheelPrevious(long record, int index) {
    putInt(record + WHEEL_PREVIOUS, index);
  }

  static int wheelNext(long record) {
    return getInt(record + WHEEL_NEXT);
  }

  static void putWheelNext(long record, int index) {
    putInt(record + WHEEL_NEXT, index);
  }
}
