package org.sluice.bench;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryBlock;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.packet.Packet;

/**
 * The frames of a capture in memory, one behind the other. Immutable; any number of {@link
 * ReplayNetdev}s may play it until it is closed.
 *
 * <pre>
 *   { length: int, frame, padding to 8 bytes } ...
 * </pre>
 */
public final class ReplayImage implements AutoCloseable {
  static final int LENGTH_BYTES = 4;

  private static final int CACHE_LINE_BYTES = 64;

  private final MemoryBlock memory;
  private final long end;

  private ReplayImage(List<byte[]> frames) {
    long bytes = frames.stream().mapToLong(frame -> occupied(frame.length)).sum();
    this.memory = // copying by words reads past the end
        new MemoryBlock(bytes + Long.BYTES, CACHE_LINE_BYTES);
    this.end = start() + bytes;
    long to = start();
    for (byte[] frame : frames) {
      OffHeap.putInt(to, frame.length);
      OffHeap.copyIn(frame, 0, to + LENGTH_BYTES, frame.length);
      to += occupied(frame.length);
    }
  }

  /**
   * Reads a capture.
   *
   * @throws IOException with a line that says what is wrong with the file
   */
  public static ReplayImage read(Path capture) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    try (PcapReader reader = PcapReader.open(capture)) {
      for (PcapReader.Frame frame = reader.next(); frame != null; frame = reader.next()) {
        if (frame.bytes().length > Packet.MAX_FRAME_BYTES) {
          throw new IOException(capture + ": frame " + (frames.size() + 1) + " is too long");
        }
        frames.add(frame.bytes());
      }
    } catch (FileSystemException e) {
      throw new IOException(capture + ": cannot be read", e);
    }
    if (frames.isEmpty()) {
      throw new IOException(capture + ": no frames in this capture");
    }
    return new ReplayImage(frames);
  }

  /** How much of the image a frame of {@code length} bytes takes. */
  static int occupied(int length) {
    return (LENGTH_BYTES + length + 7) & ~7;
  }

  /** Where the first frame lies. */
  long start() {
    return memory.address();
  }

  /** Behind the last frame. */
  long end() {
    return end;
  }

  @Override
  public void close() {
    memory.close();
  }
}
