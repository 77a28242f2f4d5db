package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getByte;
import static org.sluice.base.memory.OffHeap.getInt;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.putByte;
import static org.sluice.base.memory.OffHeap.putInt;

import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * One side of a TCP connection, inside a connection's record.
 *
 * <pre>
 *    0  int   sequenceLow    one past the last octet it has sent
 *    4  int   sequenceHigh   one past the last octet it may send: acknowledged by the other + window
 *    8  int   maxWindow      the largest window it has offered, unscaled
 *   12  byte  state          see below; ordered by progress
 *   13  byte  scale          0x80 = known | shift; 0x40 = not known, the opening was not seen
 *   14  byte  history        how much is in its {@link TcpHistory}
 *   15  byte  reopening      what is known of a SYN on the open connection: {@link TcpReopening}
 * </pre>
 */
public final class TcpPeer {
  /** Nothing was seen of this side. */
  public static final int CLOSED = 0;

  /** It sent; nothing it sent was acknowledged. */
  public static final int SYN_SENT = 2;

  /** What it sent was acknowledged. */
  public static final int ESTABLISHED = 4;

  /** It sent FIN. */
  public static final int CLOSING = 7;

  /** Its FIN was acknowledged. */
  public static final int FIN_WAIT_2 = 9;

  /** Reset. */
  public static final int TIME_WAIT = 10;

  /** How many states there are. */
  public static final int STATES = 11;

  /** Scale: the SYN carried the option. */
  public static final int SCALE_KNOWN = 0x80;

  /** Scale: there was no SYN to see. */
  public static final int SCALE_UNKNOWN = 0x40;

  /** Scale: the shift count. */
  public static final int SCALE_MASK = 0x0f;

  /** sequenceHigh of a side that nothing has been heard of. */
  static final int UNSET = 1;

  private static final int HIGH = 4;
  private static final int WINDOW = 8;
  private static final int STATE = 12;
  private static final int SCALE = 13;
  private static final int HISTORY = 14;
  private static final int REOPENING = 15;
  private static final int STATE_AND_REOPENING = 0xff00_00ff;
  private static final String[] NAMES = {
    "CLOSED",
    "LISTEN",
    "SYN_SENT",
    "SYN_RECV",
    "ESTABLISHED",
    "CLOSE_WAIT",
    "FIN_WAIT_1",
    "CLOSING",
    "LAST_ACK",
    "FIN_WAIT_2",
    "TIME_WAIT"
  };

  private TcpPeer() {}

  /** The side that sends in {@code direction}: 0 = original, 1 = reply. */
  static long of(long record, int direction) {
    return record
        + ConnectionRecord.ORIGINAL_PEER
        + (long) direction * ConnectionRecord.BYTES_PER_PEER;
  }

  /**
   * It has sent the first segment that was seen of it.
   *
   * @param scale as {@link #scale}
   */
  static void open(long peer, int sequence, int end, int window, int scale) {
    putLow(peer, sequence);
    putHigh(peer, end + 1);
    putMaxWindow(peer, scaledDown(Math.max(window, 1), scale & SCALE_MASK));
    begin(peer, SYN_SENT, scale);
  }

  /** Nothing was seen of it. */
  static void silence(long peer, int scale) {
    putLow(peer, 0);
    putHigh(peer, UNSET);
    putMaxWindow(peer, 1);
    begin(peer, CLOSED, scale);
  }

  private static void begin(long peer, int state, int scale) {
    putState(peer, state);
    putScale(peer, scale);
    putHistory(peer, 0);
    putReopening(peer, 0);
  }

  /** A SYN's window is never scaled; what is kept is, so divide, rounding up. */
  static int scaledDown(int window, int scale) {
    return (window + (1 << scale) - 1) >> scale;
  }

  /** Whether it is established and no SYN has come after that; one read. */
  static boolean isSteady(long peer) {
    return (getInt(peer + STATE) & STATE_AND_REOPENING) == ESTABLISHED;
  }

  static int low(long peer) {
    return getInt(peer);
  }

  static void putLow(long peer, int sequence) {
    putInt(peer, sequence);
  }

  static int high(long peer) {
    return getInt(peer + HIGH);
  }

  static void putHigh(long peer, int sequence) {
    putInt(peer + HIGH, sequence);
  }

  static int maxWindow(long peer) {
    return getInt(peer + WINDOW);
  }

  static void putMaxWindow(long peer, int window) {
    putInt(peer + WINDOW, window);
  }

  /** How far this side is. */
  public static int state(long peer) {
    return getByte(peer + STATE);
  }

  static void putState(long peer, int state) {
    putByte(peer + STATE, (byte) state);
  }

  /** Its window scale and what is known of it. */
  public static int scale(long peer) {
    return getUnsignedByte(peer + SCALE);
  }

  static void putScale(long peer, int scale) {
    putByte(peer + SCALE, (byte) scale);
  }

  static int history(long peer) {
    return getByte(peer + HISTORY);
  }

  static void putHistory(long peer, int history) {
    putByte(peer + HISTORY, (byte) history);
  }

  /** One state for a connection: of the side that is further, FIN_WAIT_2 shown as TIME_WAIT. */
  public static int furthest(long record) {
    return furthest(
        state(record + ConnectionRecord.ORIGINAL_PEER),
        state(record + ConnectionRecord.REPLY_PEER));
  }

  /** {@link #furthest(long)} of two sides' states. */
  public static int furthest(int original, int reply) {
    int state = Math.max(original, reply);
    return state == FIN_WAIT_2 ? TIME_WAIT : state;
  }

  static int reopening(long peer) {
    return getUnsignedByte(peer + REOPENING);
  }

  static void putReopening(long peer, int reopening) {
    putByte(peer + REOPENING, (byte) reopening);
  }

  /** The state's name, as Open vSwitch's dumps show it. */
  public static String stateName(int state) {
    return NAMES[state];
  }
}
