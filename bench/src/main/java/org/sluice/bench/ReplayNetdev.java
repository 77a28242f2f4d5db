package org.sluice.bench;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Receives the frames of a capture from memory, once or for ever: each is copied into the batch, as
 * a device's would be.
 *
 * <p>Owned by the packet thread.
 */
public final class ReplayNetdev extends SoftwareNetdev {
  static final long MAC = 0x0200_0000_00feL;

  private final ReplayImage image;
  private final boolean once;
  private long position;
  private long ends;

  /** Plays {@code image}, which others may play too. */
  public ReplayNetdev(String name, ReplayImage image, boolean once) {
    super(name, "replay", MAC);
    this.image = image;
    this.once = once;
    this.position = image.start();
  }

  /** Whether a capture played once is through. */
  public boolean isDone() {
    return once && position == image.end();
  }

  /** How often a capture that is played again and again has begun anew. */
  public long ends() {
    return ends;
  }

  @Override
  public int receive(PacketBatch batch) {
    long at = position;
    long end = image.end();
    int count = 0;
    while (!batch.isFull()) {
      if (at == end) {
        if (once) {
          break;
        }
        at = image.start();
        ends++;
      }
      int length = OffHeap.getInt(at);
      Packet packet = batch.append();
      copy(OffHeap.pointer(at + ReplayImage.LENGTH_BYTES), packet.frame(), length);
      packet.length = length;
      counters.received(length);
      at += ReplayImage.occupied(length);
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
