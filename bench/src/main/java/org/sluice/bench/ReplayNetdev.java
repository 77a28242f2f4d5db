package org.sluice.bench;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.HugePages;
import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Receives the frames of a capture from memory, once or for ever: each is copied into the batch, as
 * a device's would be.
 *
 * <pre>
 *   image: { length: int, frame, padding to 8 bytes } ...
 * </pre>
 *
 * <p>Owned by the packet thread.
 */
public final class ReplayNetdev extends SoftwareNetdev {
  static final long MAC = 0x0200_0000_00feL;

  private static final int LENGTH_BYTES = 4;

  private final long start;
  private final long end;
  private final boolean once;
  private long position;

  /**
   * Reads a capture into memory.
   *
   * @throws IOException with a line that says what is wrong with the file
   */
  public ReplayNetdev(String name, Path capture, boolean once) throws IOException {
    super(name, "replay", MAC);
    List<byte[]> frames = read(capture);
    long bytes = frames.stream().mapToLong(frame -> occupied(frame.length)).sum();
    this.start = HugePages.allocate(bytes + Long.BYTES, 64); // copying by words reads past the end
    this.end = start + bytes;
    this.once = once;
    this.position = start;
    long to = start;
    for (byte[] frame : frames) {
      OffHeap.putInt(to, frame.length);
      OffHeap.copyIn(frame, 0, to + LENGTH_BYTES, frame.length);
      to += occupied(frame.length);
    }
  }

  private static List<byte[]> read(Path capture) throws IOException {
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
    return frames;
  }

  /** How much of the image a frame takes. */
  private static int occupied(int length) {
    return (LENGTH_BYTES + length + 7) & ~7;
  }

  /** Whether a capture played once is through. */
  public boolean isDone() {
    return once && position == end;
  }

  @Override
  public int receive(PacketBatch batch) {
    long at = position;
    int count = 0;
    while (!batch.isFull()) {
      if (at == end) {
        if (once) {
          break;
        }
        at = start;
      }
      int length = OffHeap.getInt(at);
      Packet packet = batch.append();
      copy(OffHeap.pointer(at + LENGTH_BYTES), packet.frame(), length);
      packet.length = length;
      counters.received(length);
      at += occupied(length);
      count++;
    }
    position = at;
    return count;
  }

  /** Small frames by words, which is quicker than a call; the tail of both buffers is ours. */
  private static void copy(long from, long to, int length) {
    if (length > 128) {
      OffHeap.copy(from, to, length);
      return;
    }
    for (int i = 0; i < length; i += 8) {
      OffHeap.putLong(to + i, OffHeap.getLong(from + i));
    }
  }

  @Override
  public void transmit(Packet packet) {
    counters.sendDropped(1);
  }
}
