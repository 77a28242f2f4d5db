package org.sluice.datapath.netdev.linux;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * The receiving side of an AF_XDP socket: takes frames from one ring, copies them and gives them
 * back by another. Belongs to one thread.
 *
 * <p>The kernel shows what it has received before it shows that it has taken the frames for it. In
 * between the fill ring is still full, and what was received must stay where it is.
 *
 * @param frames where the memory of all frames begins
 * @param frameBytes of each, a power of two
 */
record XdpReceiver(
    long frames, int frameBytes, XdpRing received, XdpRing fill, NetdevCounters counters) {
  /** Appends to {@code batch} what has arrived; says how many frames that were. */
  int receive(PacketBatch batch) {
    int count = 0;
    while (!batch.isFull()) {
      long entry = received.next();
      long back = fill.free();
      if (entry == 0 || back == 0) {
        break;
      }
      long frame = OffHeap.getLong(entry);
      Packet packet = batch.append();
      packet.length = OffHeap.getInt(entry + 8);
      OffHeap.copy(frames + frame, packet.address, packet.length);
      received.taken();
      OffHeap.putLong(back, frame & -frameBytes);
      fill.put();
      counters.received(packet.length);
      count++;
    }
    return count;
  }
}
