package org.sluice.datapath.netdev.dummy;

import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** A device that never receives, and swallows and counts what it is to transmit. */
public final class NullNetdev extends SoftwareNetdev {
  public NullNetdev(String name, long mac) {
    super(name, "null", mac);
  }

  @Override
  public int receive(PacketBatch batch) {
    return 0;
  }

  @Override
  public void transmit(Packet packet) {
    counters.sent(packet.length);
  }
}
