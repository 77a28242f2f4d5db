package org.sluice.openflow.connection;

import java.nio.ByteBuffer;

/**
 * A message as it goes over the wire, its header's length checked and nothing else.
 *
 * <pre>
 *    0         1         2                   4                                       8
 *   +---------+---------+-------------------+---------------------------------------+
 *   | version |  type   |  length, all of   |  transaction id (xid)                 | body ...
 *   +---------+---------+-------------------+---------------------------------------+
 * </pre>
 */
public final class OfFrame {
  /** Bytes of the header. */
  public static final int HEADER_BYTES = 8;

  /** The longest message: its length field has 16 bits. */
  public static final int MAX_BYTES = 0xffff;

  private final byte[] bytes;

  /** Takes over {@code bytes}, whose length field has to say how many they are. */
  public OfFrame(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES || length(bytes) != bytes.length) {
      throw new IllegalArgumentException(bytes.length + " bytes are no OpenFlow message");
    }
    this.bytes = bytes;
  }

  private static int length(byte[] bytes) {
    return (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
  }

  /** The whole message, header included; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The version's wire number. */
  public int version() {
    return bytes[0] & 0xff;
  }

  /** The message type's number in that version. */
  public int type() {
    return bytes[1] & 0xff;
  }

  /** The transaction id. */
  public int xid() {
    return ByteBuffer.wrap(bytes).getInt(4);
  }
}
