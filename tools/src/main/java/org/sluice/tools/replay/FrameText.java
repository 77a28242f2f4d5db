package org.sluice.tools.replay;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.PacketText;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** Describes frames in a few words. Used by one thread. */
final class FrameText {
  private final PacketBatch scratch = new PacketBatch();

  /** The frame's addresses and ports. */
  String describe(byte[] frame) {
    scratch.clear();
    Packet packet = scratch.append();
    packet.length = frame.length;
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    Parser.parse(packet);
    return PacketText.describe(packet);
  }
}
