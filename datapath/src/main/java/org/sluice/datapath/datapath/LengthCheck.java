package org.sluice.datapath.datapath;

import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Two programs, of which the length of a packet's frame decides.
 *
 * @param larger for frames of more than {@code maxBytes}
 * @param isLast nothing is done to the packet after them
 */
record LengthCheck(int maxBytes, ActionProgram larger, ActionProgram others, boolean isLast) {
  ActionProgram programFor(Packet packet) {
    return frameBytes(packet) > maxBytes ? larger : others;
  }

  /**
   * A segment that a sender left whole is as long as the frames that it is going to be cut into.
   */
  private static int frameBytes(Packet packet) {
    if (packet.segmentType == 0 || packet.l4Offset == Packet.ABSENT) {
      return packet.length;
    }
    int header = Parser.transportBytes(packet.ipProtocol, packet.l4());
    return Math.min(packet.length, packet.l4Offset + header + packet.segmentBytes);
  }
}
