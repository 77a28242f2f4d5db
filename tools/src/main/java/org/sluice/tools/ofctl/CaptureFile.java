package org.sluice.tools.ofctl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The frames of a capture in libpcap's classic format, of either byte order, read as they come. */
final class CaptureFile implements Closeable {
  private static final int MAGIC = 0xa1b2c3d4;
  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  private static final int HEADER_BYTES = 24;
  private static final int RECORD_BYTES = 16;

  /** The longest frame that programs write. */
  private static final int MAX_FRAME_BYTES = 1 << 18;

  private final String name;
  private final InputStream in;
  private final ByteOrder byteOrder;
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

  /** Reads {@code in}, which closes with this; errors call it {@code name}. */
  CaptureFile(String name, InputStream in) throws IOException {
    this.name = name;
    this.in = in;
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length < HEADER_BYTES) {
      throw new OfctlException(name + ": open failed (End of file)");
    }
    int magic = ByteBuffer.wrap(header).getInt();
    boolean isBigEndian = isMagic(magic);
    magic = isBigEndian ? magic : Integer.reverseBytes(magic);
    if (!isMagic(magic)) {
      throw new OfctlException("%s: bad magic 0x%08x reading pcap file".formatted(name, magic));
    }
    byteOrder = isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    unitsPerMs = magic == MAGIC ? 1000 : 1_000_000;
  }

  private static boolean isMagic(int number) {
    return number == MAGIC || number == MAGIC_NANOSECONDS;
  }

  /** The next frame; null at the end, which may be within the header of one. */
  Frame next() throws IOException {
    byte[] record = in.readNBytes(RECORD_BYTES);
    if (record.length < RECORD_BYTES) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(record).order(byteOrder);
    long seconds = header.getInt() & 0xffff_ffffL;
    long rest = header.getInt() & 0xffff_ffffL;
    int length = header.getInt();
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new OfctlException(
          name + ": a packet of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new OfctlException(name + ": failed to read pcap packet: End of file");
    }
    return new Frame(bytes, seconds * 1000 + rest / unitsPerMs);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
