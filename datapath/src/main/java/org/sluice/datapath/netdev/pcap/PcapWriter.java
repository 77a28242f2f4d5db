package org.sluice.datapath.netdev.pcap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a capture file as {@link PcapReader} reads it, in microseconds. Owned by one thread. */
public final class PcapWriter implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 256 * 1024;

  private final OutputStream out;
  private final ByteBuffer header =
      ByteBuffer.allocate(PcapReader.FILE_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private PcapWriter(OutputStream out, boolean isNew) throws IOException {
    this.out = out;
    if (isNew) {
      writeFileHeader();
    }
  }

  private void writeFileHeader() throws IOException {
    header.putInt(0, PcapReader.MAGIC_MICROSECONDS);
    header.putShort(4, (short) 2).putShort(6, (short) 4);
    header.putInt(16, MAX_FRAME_BYTES).putInt(20, PcapReader.LINK_TYPE_ETHERNET);
    out.write(header.array());
  }

  /** Starts a new file, in place of an old one. */
  public static PcapWriter create(Path path) throws IOException {
    return new PcapWriter(new BufferedOutputStream(Files.newOutputStream(path), 1 << 16), true);
  }

  /** Goes on behind what a file has; starts it where there is none. */
  public static PcapWriter append(Path path) throws IOException {
    boolean isNew = !Files.exists(path) || Files.size(path) == 0;
    OutputStream file =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    PcapWriter writer = new PcapWriter(new BufferedOutputStream(file, 1 << 16), isNew);
    writer.flush();
    return writer;
  }

  /** Appends a frame; {@code timeNs} counts from 1970. */
  public void write(long timeNs, byte[] frame) throws IOException {
    header.putInt(0, (int) (timeNs / 1_000_000_000L));
    header.putInt(4, (int) (timeNs % 1_000_000_000L / 1000));
    header.putInt(8, frame.length).putInt(12, frame.length);
    out.write(header.array(), 0, PcapReader.FRAME_HEADER_BYTES);
    out.write(frame);
  }

  /** Brings to the file what was written so far. */
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
