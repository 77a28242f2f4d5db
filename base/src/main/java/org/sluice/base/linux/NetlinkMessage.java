package org.sluice.base.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One rtnetlink request while it is put together.
 *
 * <pre>
 *   nlmsghdr   length 0..3, type 4..5, flags 6..7, sequence 8..11, port 12..15
 *   ifinfomsg  family 0, type 2..3, index 4..7, flags 8..11, change 12..15
 *   attribute  length 0..1, type 2..3, payload padded to 4 bytes; payloads may be attributes again
 * </pre>
 *
 * <p>Owned by the thread that builds it.
 */
final class NetlinkMessage {
  static final int HEADER_BYTES = 16;

  private static final int MAX_BYTES = 1024;
  private static final int NLM_F_REQUEST_ACK = 1 | 4;

  private final ByteBuffer buffer =
      ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder()).position(HEADER_BYTES);

  NetlinkMessage(int type, int flags) {
    buffer.putShort(4, (short) type);
    buffer.putShort(6, (short) (flags | NLM_F_REQUEST_ACK));
  }

  /** Appends an {@code ifinfomsg}. */
  NetlinkMessage link(int index, int flags, int change) {
    buffer.putInt(0).putInt(index).putInt(flags).putInt(change);
    return this;
  }

  /** Appends an {@code ifaddrmsg}: family, prefix length, flags, scope, index. */
  NetlinkMessage address(int family, int prefixLength, int flags, int index) {
    buffer.put((byte) family).put((byte) prefixLength).put((byte) flags).put((byte) 0);
    buffer.putInt(index);
    return this;
  }

  NetlinkMessage put(int type, byte[] payload) {
    int start = begin(type);
    buffer.put(payload);
    return end(start);
  }

  NetlinkMessage put(int type, int value) {
    int start = begin(type);
    buffer.putInt(value);
    return end(start);
  }

  NetlinkMessage put(int type, String text) {
    return put(type, (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** Opens an attribute; what is put next goes inside it until {@link #end}. */
  int begin(int type) {
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    return start;
  }

  /** Closes the attribute that {@code begin} returned {@code start} for. */
  NetlinkMessage end(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /** The finished bytes. */
  byte[] bytes(int sequence) {
    buffer.putInt(0, buffer.position()).putInt(8, sequence);
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }
}
