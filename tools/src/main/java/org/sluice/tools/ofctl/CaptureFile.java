package org.sluice.tools.ofctl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The frames of a capture in libpcap's classic format, of either byte order. */
final class CaptureFile {
  private static final int MAGIC = 0xa1b2c3d4;
  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  private static final int HEADER_BYTES = 24;
  private static final int RECORD_BYTES = 16;

  private final ByteBuffer in;
  private final int unitsPerMs;

  /** A frame and when it was seen. */
  static final class Frame {
    private final byte[] bytes;
    private final long timeMs;

    private Frame(byte[] bytes, long timeMs) {
      this.bytes = bytes;
      this.timeMs = timeMs;
    }

    /** Not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    long timeMs() {
      return timeMs;
    }
  }

  CaptureFile(byte[] content) {
    in = ByteBuffer.wrap(content);
    if (content.length < HEADER_BYTES) {
      throw new OfctlException("failed to read pcap header: End of file");
    }
    int magic = in.getInt(0);
    if (magic != MAGIC && magic != MAGIC_NANOSECONDS) {
      in.order(ByteOrder.LITTLE_ENDIAN);
      magic = in.getInt(0);
    }
    if (magic != MAGIC && magic != MAGIC_NANOSECONDS) {
      throw new OfctlException("bad magic 0x%08x reading pcap file".formatted(magic));
    }
    unitsPerMs = magic == MAGIC ? 1000 : 1_000_000;
    in.position(HEADER_BYTES);
  }

  /** The next frame; null at the end. */
  Frame next() {
    if (in.remaining() < RECORD_BYTES) {
      return null;
    }
    long seconds = in.getInt() & 0xffff_ffffL;
    long rest = in.getInt() & 0xffff_ffffL;
    int length = in.getInt();
    in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new OfctlException("failed to read pcap packet: End of file");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new Frame(bytes, seconds * 1000 + rest / unitsPerMs);
  }
}
