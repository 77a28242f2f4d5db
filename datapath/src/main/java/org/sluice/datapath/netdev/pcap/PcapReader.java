package org.sluice.datapath.netdev.pcap;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.linux.FileErrors;

/**
 * Reads a capture file of Ethernet frames.
 *
 * <pre>
 *   file    magic 0..3, version 4..7, zone and accuracy 8..15, snapshot length 16, link type 20..23
 *   frame   seconds 0..3, micro- or nanoseconds 4..7, captured bytes 8..11, original bytes 12..15,
 *           then the captured bytes
 * </pre>
 *
 * <p>The magic tells byte order and unit. Owned by one thread.
 */
public final class PcapReader implements AutoCloseable {
  static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
  static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  static final int FILE_HEADER_BYTES = 24;
  static final int FRAME_HEADER_BYTES = 16;
  static final int LINK_TYPE_ETHERNET = 1;

  private static final int MAGIC_PCAPNG = 0x0a0d0d0a;
  private static final int MAX_FRAME_BYTES = 256 * 1024;

  /** One frame: when it was captured (nanoseconds since 1970), what of it, and how long it was. */
  @SuppressWarnings("ArrayRecordComponent") // frames are not compared
  public record Frame(long timeNs, byte[] bytes, int originalBytes) {}

  private final Path path;
  private final InputStream in;
  private final ByteBuffer header = ByteBuffer.allocate(FILE_HEADER_BYTES);
  private final long fractionNs;
  private int frames;

  private PcapReader(Path path, InputStream in) throws IOException {
    this.path = path;
    this.in = in;
    int length = in.readNBytes(header.array(), 0, FILE_HEADER_BYTES);
    if (length < FILE_HEADER_BYTES) {
      String what = length == 0 ? "empty" : "only " + length + " bytes";
      throw new IOException(path + ": " + what + ", not a capture file");
    }
    this.fractionNs = recognise();
  }

  /** Opens a capture; the exception's message says what is wrong with it. */
  public static PcapReader open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(path + ": a folder, not a capture file");
    }
    InputStream in;
    try {
      in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    } catch (IOException e) {
      throw new IOException(path + ": " + FileErrors.reason(e), e);
    }
    try {
      return new PcapReader(path, in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Finds the byte order; returns how many nanoseconds a timestamp's fraction counts in. */
  private long recognise() throws IOException {
    int magic = header.getInt(0);
    if (magic == MAGIC_PCAPNG) {
      throw new IOException(path + ": a pcapng file; convert it with: editcap -F pcap IN OUT");
    }
    if (!isPcap(magic)) {
      header.order(ByteOrder.LITTLE_ENDIAN);
      magic = Integer.reverseBytes(magic);
    }
    if (!isPcap(magic)) {
      throw new IOException(path + ": not a capture file in pcap format");
    }
    int linkType = header.getInt(20) & 0xffff;
    if (linkType != LINK_TYPE_ETHERNET) {
      throw new IOException(path + ": link type " + linkType + " is not Ethernet");
    }
    return magic == MAGIC_MICROSECONDS ? 1000 : 1;
  }

  private static boolean isPcap(int magic) {
    return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS;
  }

  /** The next frame, or null at the end of the file. */
  public Frame next() throws IOException {
    if (!readFrameHeader()) {
      return null;
    }
    int captured = header.getInt(8);
    if (captured < 0 || captured > MAX_FRAME_BYTES) {
      throw new IOException(
          path + ": frame " + (frames + 1) + " claims " + (captured & 0xffff_ffffL) + " bytes");
    }
    long seconds = header.getInt(0) & 0xffff_ffffL;
    long fraction = header.getInt(4) & 0xffff_ffffL;
    int original = header.getInt(12);
    byte[] bytes = in.readNBytes(captured);
    if (bytes.length < captured) {
      throw cutOff();
    }
    frames++;
    return new Frame(seconds * 1_000_000_000L + fraction * fractionNs, bytes, original);
  }

  /** Reads a frame's header; false if the file ends just before it. */
  private boolean readFrameHeader() throws IOException {
    int read = in.readNBytes(header.array(), 0, FRAME_HEADER_BYTES);
    if (read != 0 && read < FRAME_HEADER_BYTES) {
      throw cutOff();
    }
    return read != 0;
  }

  private EOFException cutOff() {
    return new EOFException(path + ": cut off after frame " + frames);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
