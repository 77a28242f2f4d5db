package org.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevStatistics;
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
public final class ReplayNetdev extends MemoryNetdev {
  private static final int PCAP_HEADER_BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;
  private static final int MAGIC_MICROSECONDS = 0xa1b2_c3d4;
  private static final int MAGIC_NANOSECONDS = 0xa1b2_3c4d;

  private final long start;
  private final long end;
  private final int frames;
  private final boolean once;
  private long position;
  private long received;
  private long receivedBytes;

  /**
   * Reads a capture into memory.
   *
   * @throws IOException with a line that says what is wrong with the file
   */
  public ReplayNetdev(String name, Path capture, boolean once) throws IOException {
    super(name);
    ByteBuffer file = ByteBuffer.wrap(read(capture));
    orderOf(file, capture);
    this.start = OffHeap.allocate(Math.max(8, 2L * file.capacity()), 64);
    this.once = once;
    long to = start;
    int count = 0;
    int at = PCAP_HEADER_BYTES;
    while (at + RECORD_HEADER_BYTES <= file.capacity()) {
      int length = file.getInt(at + 8);
      at += RECORD_HEADER_BYTES;
      if (length < 0 || length > Packet.MAX_FRAME_BYTES || length > file.capacity() - at) {
        throw new IOException(capture + ": frame " + (count + 1) + " is cut off or too long");
      }
      OffHeap.putInt(to, length);
      OffHeap.copyIn(file.array(), at, to + 4, length);
      to += (length + 11) & ~7;
      at += length;
      count++;
    }
    if (count == 0) {
      throw new IOException(capture + ": no frames in this capture");
    }
    this.end = to;
    this.frames = count;
    this.position = start;
  }

  private static byte[] read(Path capture) throws IOException {
    try {
      return Files.readAllBytes(capture);
    } catch (NoSuchFileException e) {
      throw new IOException(capture + ": no such file", e);
    } catch (FileSystemException e) {
      throw new IOException(capture + ": cannot be read", e);
    }
  }

  private static void orderOf(ByteBuffer file, Path capture) throws IOException {
    if (file.capacity() >= PCAP_HEADER_BYTES) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
        int magic = file.order(order).getInt(0);
        if (magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS) {
          return;
        }
      }
    }
    throw new IOException(capture + ": not a pcap file");
  }

  /** Frames in the capture. */
  public int frames() {
    return frames;
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
      copy(at + 4, packet.address, length);
      packet.length = length;
      receivedBytes += length;
      at += (length + 11) & ~7;
      count++;
    }
    position = at;
    received += count;
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
  public void transmit(Packet packet) {}

  @Override
  public void flush() {}

  @Override
  public NetdevStatistics statistics() {
    return new NetdevStatistics(received, receivedBytes, 0, 0, 0, 0, 0, 0);
  }
}
