package org.sluice.datapath.datapath;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * A copy of a frame and its metadata on its way to a packet thread, with what to do there.
 * Immutable.
 */
final class PacketOut {
  private final byte[] frame;
  private final Packet metadata;
  private final ActionProgram program;

  private PacketOut(byte[] frame, Packet metadata, ActionProgram program) {
    this.frame = frame;
    this.metadata = metadata;
    this.program = program;
  }

  static PacketOut of(Packet packet, ActionProgram program) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, packet.length);
    Packet metadata = new Packet();
    metadata.copyMetadataFrom(packet);
    return new PacketOut(frame, metadata, program);
  }

  ActionProgram program() {
    return program;
  }

  /** Fills a packet with the copy, parsed. */
  Packet copyTo(Packet packet) {
    packet.reset();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    packet.copyMetadataFrom(metadata);
    Parser.parse(packet);
    return packet;
  }
}
