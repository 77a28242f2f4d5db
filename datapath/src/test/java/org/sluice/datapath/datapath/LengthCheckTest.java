package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

class LengthCheckTest {
  private static final int HEADER_BYTES = 54;

  private final ActionProgram larger = ActionProgram.compile(List.of(new DpAction.Output(1)));
  private final ActionProgram others = ActionProgram.compile(List.of(new DpAction.Output(2)));

  private ActionProgram choose(Packet packet, int maxBytes) {
    return new LengthCheck(maxBytes, larger, others, true).programFor(packet);
  }

  private static void fill(Packet packet, int protocol) {
    byte[] frame = Frames.ipv4(protocol, 0x0a000001, 0x0b000001, 80, 0);
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    Parser.parse(packet);
  }

  @Test
  void shouldChooseByWhetherTheFrameIsLarger() {
    try (PacketBatch batch = new PacketBatch()) {
      Packet packet = batch.append();
      fill(packet, 17);
      assertSame(larger, choose(packet, packet.length - 1));
      assertSame(others, choose(packet, packet.length));
    }
  }

  @Test
  void shouldTakeAWholeSegmentForTheFramesThatItIsCutInto() {
    try (PacketBatch batch = new PacketBatch()) {
      Packet packet = batch.append();
      fill(packet, 6);
      packet.segmentType = 1;
      packet.segmentBytes = 2;
      assertSame(larger, choose(packet, HEADER_BYTES + 1));
      assertSame(others, choose(packet, HEADER_BYTES + 2));
    }
  }
}
