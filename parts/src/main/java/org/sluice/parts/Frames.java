package org.sluice.parts;

import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryBlock;
import org.sluice.bench.Traffic;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** The frames of so many UDP flows, one after another in memory, as a device's ring has them. */
public final class Frames implements AutoCloseable {
  private static final int SLOT_BYTES = 64;
  private static final int PORT = 1;

  private final MemoryBlock memory;
  private final int count;
  private final int frameBytes;

  /** Makes the frame of each of {@code count} flows. */
  public Frames(int count) {
    this.memory = new MemoryBlock((long) count * SLOT_BYTES, SLOT_BYTES);
    this.count = count;
    int bytes = 0;
    for (int i = 0; i < count; i++) {
      byte[] frame = Traffic.udp(i);
      bytes = frame.length;
      OffHeap.copyIn(frame, 0, at(i), bytes);
    }
    this.frameBytes = bytes;
  }

  private long at(int index) {
    return OffHeap.pointer(memory.address() + (long) index * SLOT_BYTES);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Gives a packet the bytes of frame {@code index}. */
  public void copyTo(Packet packet, int index) {
    OffHeap.copy(at(index), packet.frame(), SLOT_BYTES);
    packet.length = frameBytes;
  }

  /** Fills a batch with the first frames, received by port 1 and parsed. */
  public void fill(PacketBatch batch) {
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      Packet packet = batch.append();
      copyTo(packet, i % count);
      packet.inPort = PORT;
      Parser.parse(packet);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
