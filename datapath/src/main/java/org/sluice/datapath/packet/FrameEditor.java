package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * Makes a parsed frame longer or shorter in place, and keeps the parser's offsets right. Stateless.
 */
public final class FrameEditor {
  private static final int TAG_BYTES = 4;
  private static final int CFI = 0x1000;
  private static final int MIN_FRAME_BYTES = 14;

  private FrameEditor() {}

  /**
   * Puts a VLAN tag outermost; the CFI bit that a key's TCI carries is not written. False if there
   * is no headroom or no Ethernet header.
   */
  public static boolean pushVlan(Packet packet, int tpid, int tci) {
    long start = packet.address - TAG_BYTES;
    if (packet.packetType != 0 || packet.l3Offset == Packet.ABSENT || start < packet.bufferStart) {
      return false;
    }
    OffHeap.putLong(start, OffHeap.getLong(packet.address));
    OffHeap.putInt(start + 8, OffHeap.getInt(packet.address + 8));
    OffHeap.putIntBe(start + 12, tpid << 16 | (tci & 0xffff & ~CFI));
    packet.address = start;
    packet.length += TAG_BYTES;
    if (packet.vlanTags == packet.vlanLimit) {
      Parser.parse(packet);
    } else {
      packet.vlanTags++;
      shiftOffsets(packet, TAG_BYTES);
    }
    return true;
  }

  /** Takes the outermost VLAN tag off; false if there is none. */
  public static boolean popVlan(Packet packet) {
    if (packet.packetType != 0
        || packet.length < MIN_FRAME_BYTES + TAG_BYTES
        || !EtherType.isVlan(OffHeap.getUnsignedShortBe(packet.address + 12))) {
      return false;
    }
    int tail = OffHeap.getInt(packet.address + 8);
    OffHeap.putLong(packet.address + 4, OffHeap.getLong(packet.address));
    OffHeap.putInt(packet.address + 12, tail);
    packet.address += TAG_BYTES;
    packet.length -= TAG_BYTES;
    if (packet.vlanTags == 0 || EtherType.isVlan(packet.etherType)) {
      Parser.parse(packet);
    } else {
      packet.vlanTags--;
      shiftOffsets(packet, -TAG_BYTES);
    }
    return true;
  }

  private static void shiftOffsets(Packet packet, int bytes) {
    packet.l3Offset += bytes;
    packet.payloadOffset += packet.payloadOffset == Packet.ABSENT ? 0 : bytes;
    packet.l4Offset += packet.l4Offset == Packet.ABSENT ? 0 : bytes;
    packet.l3End += packet.l3End == Packet.ABSENT ? 0 : bytes;
  }

  /** Cuts the frame to {@code maxBytes}, at least an Ethernet header, and parses what is left. */
  public static void truncate(Packet packet, int maxBytes) {
    int bytes = Math.max(maxBytes, MIN_FRAME_BYTES);
    if (packet.length > bytes) {
      packet.length = bytes;
      Parser.parse(packet);
    }
  }
}
