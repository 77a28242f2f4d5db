package org.sluice.datapath.packet;

import org.sluice.base.pages.MemoryBlock;

/**
 * Up to 32 packets that go through the stages together, each in a buffer of its own that is reused
 * batch after batch.
 *
 * <p>Packets run to completion: a device copies a frame out when it is told to transmit it, so when
 * a batch is done its buffers are free again and there is no pool to return them to. A batch
 * belongs to one thread.
 */
public final class PacketBatch implements AutoCloseable {
  /** Packets in a full batch. */
  public static final int CAPACITY = 32;

  private final MemoryBlock memory = new MemoryBlock((long) Packet.BUFFER_BYTES * CAPACITY, 64);
  private final Packet[] packets = new Packet[CAPACITY];
  private int count;

  /** Allocates the batch's buffers, for the life of the process unless it is closed. */
  public PacketBatch() {
    for (int i = 0; i < CAPACITY; i++) {
      Packet packet = new Packet();
      packet.bufferStart = memory.address() + (long) i * Packet.BUFFER_BYTES;
      packet.bufferEnd = packet.bufferStart + Packet.BUFFER_BYTES;
      packet.reset();
      packets[i] = packet;
    }
  }

  /** The packet in slot {@code index}, below {@link #CAPACITY}. */
  public Packet get(int index) {
    return packets[index];
  }

  /** How many slots are filled. */
  public int count() {
    return count;
  }

  /** Whether no slot is free. */
  public boolean isFull() {
    return count == CAPACITY;
  }

  /** Takes the next free slot, emptied; the batch must not be full. */
  public Packet append() {
    assert count < CAPACITY : "batch is full";
    Packet packet = packets[count++];
    packet.reset();
    return packet;
  }

  /** Gives back the slot that {@link #append} handed out last. */
  public void dropLast() {
    assert count > 0 : "batch is empty";
    count--;
  }

  /** Empties the batch. */
  public void clear() {
    count = 0;
  }

  /** Gives the buffers back; nobody may touch a packet of the batch any more. */
  @Override
  public void close() {
    memory.close();
  }
}
