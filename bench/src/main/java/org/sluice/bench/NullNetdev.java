package org.sluice.bench;

import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** Swallows what is sent, and counts it. Owned by the packet thread. */
public final class NullNetdev extends MemoryNetdev {
  private long packets;
  private long bytes;

  public NullNetdev(String name) {
    super(name);
  }

  @Override
  public int receive(PacketBatch batch) {
    return 0;
  }

  @Override
  public void transmit(Packet packet) {
    packets++;
    bytes += packet.length;
  }

  @Override
  public void flush() {}

  @Override
  public NetdevStatistics statistics() {
    return new NetdevStatistics(0, 0, 0, 0, packets, bytes, 0, 0);
  }
}
