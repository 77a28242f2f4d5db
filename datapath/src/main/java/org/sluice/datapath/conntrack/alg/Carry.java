package org.sluice.datapath.conntrack.alg;

import java.util.Arrays;

/**
 * Beginnings of lines and messages that a TCP segment did not hold whole, until the next segment
 * comes. There are {@link #SLOTS} places; who needs one that is in use takes it, so that memory is
 * bounded and the other's text is only not read. They are found by the sequence number behind them
 * and stay after that, as the next segment may be sent again. Belongs to one packet thread.
 */
final class Carry {
  /** Most bytes of one text. */
  static final int MAX_BYTES = 4096;

  private static final int SLOTS = 512;
  private static final int FIRST_BYTES = 128;

  /** A kept text. */
  static final class Text {
    private long connection;
    private int sequence;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int held;

    byte[] bytes() {
      return bytes;
    }

    int length() {
      return length;
    }

    /** How many of the last bytes were taken out of their segment and not sent on. */
    int held() {
      return held;
    }
  }

  private final Text[] slots = new Text[SLOTS];

  private static int slot(long connection, int sequence) {
    long mixed = (connection ^ sequence) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32) & (SLOTS - 1);
  }

  /**
   * Keeps a text.
   *
   * @param connection tells one direction of one connection from all others
   * @param sequence the number of the byte behind it
   */
  void keep(long connection, int sequence, byte[] from, int offset, int bytes, int held) {
    int slot = slot(connection, sequence);
    if (slots[slot] == null) {
      slots[slot] = new Text();
    }
    Text text = slots[slot];
    if (text.bytes.length < bytes) {
      text.bytes = Arrays.copyOf(text.bytes, Math.min(MAX_BYTES, Integer.highestOneBit(bytes) * 2));
    }
    System.arraycopy(from, offset, text.bytes, 0, bytes);
    text.connection = connection;
    text.sequence = sequence;
    text.length = bytes;
    text.held = held;
  }

  /** The text that ends before {@code sequence}; null if there is none. */
  Text find(long connection, int sequence) {
    Text text = slots[slot(connection, sequence)];
    boolean isSame = text != null && text.connection == connection && text.sequence == sequence;
    return isSame ? text : null;
  }
}
