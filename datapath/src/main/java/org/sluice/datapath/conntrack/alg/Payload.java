package org.sluice.datapath.conntrack.alg;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.table.ConnectionKey;

/**
 * What a gateway is given to read, and where it says what follows from it. The text is a copy of
 * the packet's payload, with what earlier segments left unfinished in front of it:
 *
 * <pre>
 *    0                    carried                       length
 *    | from earlier segments |  the packet's payload      |
 *              | held        |
 * </pre>
 *
 * <p>Where the announcer has another address on the other side, announcements are to be edited. Of
 * the carried text only what is <em>held</em>, taken out of its segment and not sent on, can still
 * be. Scratch of one packet thread.
 */
final class Payload {
  /** Most bytes that are read; what is behind them is left alone. */
  static final int MAX_BYTES = 16_384;

  /** Answer of {@link #expect}: there are too many expectations. */
  static final int TOO_MANY = -1;

  private final Expectations expectations;
  private final byte[] text = new byte[MAX_BYTES];
  private final Edits edits = new Edits();
  private final ExpectedTuples tuples = new ExpectedTuples();
  private final TextCursor cursor = new TextCursor();
  private int length;
  private int carried;
  private int held;
  private int direction;
  private int protocol;
  private boolean isTranslated;
  private boolean isRewritten;
  private int unfinished;
  private int holdFrom;
  private long nowMs;
  private long lifetimeMs;

  Payload(Expectations expectations) {
    this.expectations = expectations;
  }

  // --- For the one who brings packets.

  /**
   * Begins with the connection at {@code index}, whose record is locked.
   *
   * @param alias where its reply tuple is; 0 if it is not translated
   * @param translate whether the packet is going to be translated
   */
  void begin(int index, long record, long alias, int side, boolean translate, long now) {
    tuples.begin(index, record, alias);
    protocol = ConnectionKey.protocol(tuples.own(0).word);
    direction = side;
    isTranslated = translate && alias != 0;
    isRewritten = isTranslated && tuples.isHidden(side);
    nowMs = now;
    length = 0;
    carried = 0;
    held = 0;
    lifetimeMs = 0;
    edits.clear();
  }

  /** Takes what earlier segments left. */
  void carry(Carry.Text earlier) {
    carried = earlier.length();
    held = isTranslated ? earlier.held() : 0;
    System.arraycopy(earlier.bytes(), 0, text, 0, carried);
  }

  /** Takes a packet's payload. */
  void load(long payload, int bytes) {
    int read = Math.min(bytes, MAX_BYTES - carried);
    OffHeap.copyOut(payload, text, carried, read);
    length = carried + read;
    unfinished = length;
    holdFrom = length;
  }

  /** Where an unfinished end begins; {@link #length} if there is none. */
  int unfinished() {
    return unfinished;
  }

  /** From where on text is not to be sent on yet; {@link #length} if all of it is. */
  int holdFrom() {
    return holdFrom;
  }

  /** Holds nothing after all. */
  void sendAll() {
    holdFrom = length;
  }

  int carried() {
    return carried;
  }

  int held() {
    return held;
  }

  Edits edits() {
    return edits;
  }

  /** How long the connection is to live from now at least; 0 for no wish. */
  long lifetimeMs() {
    return lifetimeMs;
  }

  // --- For readers.

  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  /** Who sends: 0 = the side that opened the connection. */
  int direction() {
    return direction;
  }

  /** The IP protocol of the connection. */
  int protocol() {
    return protocol;
  }

  boolean isIpv6() {
    return tuples.isIpv6();
  }

  ExpectedTuples tuples() {
    return tuples;
  }

  /** Whether the sender has another address on the other side, which is to be told. */
  boolean isRewritten() {
    return isRewritten;
  }

  /** Whether the packet is translated, at either end. */
  boolean isTranslated() {
    return isTranslated;
  }

  long nowMs() {
    return nowMs;
  }

  /** Where the line ends that begins at {@code from}, its end included; -1 if it has none yet. */
  int endOfLine(int from, int until) {
    for (int at = from; at < until; at++) {
      if (text[at] == '\n' || text[at] == '\r') {
        return at + 1;
      }
    }
    return -1;
  }

  /** Expects what {@link #tuples} say; the port that the other side connects to. */
  int expect() {
    tuples.mayMove = isRewritten;
    return expectations.add(tuples, nowMs) ? tuples.publicPort() : TOO_MANY;
  }

  /** Expects it at two ports, the second behind the first. */
  int expectPair() {
    tuples.mayMove = isRewritten;
    return expectations.addPair(tuples, nowMs) ? tuples.publicPort() : TOO_MANY;
  }

  /** The port that stands on the other side for the one that {@link #tuples} announce; or -1. */
  int publicPort() {
    return expectations.publicPort(tuples);
  }

  /**
   * The receiver's own port for the public one that {@link #tuples} name; -1 if it is not known.
   *
   * @param call if not 0, the sender agrees: what the expectation is called by, and it counts
   */
  int peerPort(int call) {
    return expectations.ownPort(tuples, call, nowMs);
  }

  /** Takes back what was announced for a call. */
  void forgetCall(int call) {
    expectations.forgetCall(tuples.parentIndex(), call);
  }

  /** Takes back what this side has announced for a call, but for what it has just announced. */
  void forgetOthers(int call, long expiresMs) {
    expectations.forgetCall(tuples, direction, call, expiresMs);
  }

  /** Whether the end of the text is, or begins with, one of {@code words}, or begins one. */
  boolean mayBegin(int from, String[] words) {
    for (String word : words) {
      cursor.set(text, from, length);
      int bytes = Math.min(word.length(), length - from);
      if (cursor.acceptWord(word.substring(0, bytes))) {
        return true;
      }
    }
    return false;
  }

  /** Keeps the beginning of a line; where it is to be edited, it waits for its end. */
  void keepLine(int from) {
    if (isRewritten) {
      hold(from);
    } else {
      keep(from);
    }
  }

  /** Makes count what was announced provisionally for a call. */
  void confirm(int call, long expiresMs) {
    expectations.confirm(tuples.parentIndex(), call, expiresMs);
  }

  /**
   * Begins to edit a part of the text; false, and counted, if that is not possible, or too late.
   */
  boolean edit(int from, int to) {
    boolean isDone = isTranslated && from >= carried - held && edits.replace(from, to);
    if (!isDone) {
      countUnreadable();
    }
    return isDone;
  }

  /** Counts a message that cannot be read, or not edited. */
  void countUnreadable() {
    expectations.countUnreadable();
  }

  /** The text from here on is the beginning of something that the next segment goes on with. */
  void keep(int from) {
    unfinished = from;
  }

  /** {@link #keep}, and nothing of it is to be sent on before it can be edited. */
  void hold(int from) {
    assert isTranslated : "nothing is edited";
    unfinished = from;
    holdFrom = Math.max(from, carried - held);
  }

  /** The connection is to live on for that long. */
  void prolong(long forMs) {
    lifetimeMs = Math.max(lifetimeMs, forMs);
  }
}
