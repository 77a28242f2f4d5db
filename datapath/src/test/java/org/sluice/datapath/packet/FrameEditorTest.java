package org.sluice.datapath.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameEditorTest {
  @Test
  void shouldAgreeWithParserWhenTagsArePushedAndPopped() {
    for (byte[] frame : Frames.everyShape()) {
      for (int limit = 0; limit <= 2; limit++) {
        Packet packet = Frames.packet(frame);
        packet.vlanLimit = limit;
        Parser.parse(packet);
        for (int depth = 1; depth <= 3; depth++) {
          assertTrue(FrameEditor.pushVlan(packet, 0x88a8, 0xf000 | depth));
          checkAgainstParser(packet);
        }
        for (int depth = 1; depth <= 3; depth++) {
          assertTrue(FrameEditor.popVlan(packet));
          checkAgainstParser(packet);
        }
        assertArrayEquals(frame, Frames.bytes(packet));
      }
    }
  }

  @Test
  void shouldWriteTagWithoutPresenceBitWhenPushed() {
    Packet packet = Frames.packet(Frames.ethernet("0800", new byte[3]));
    Parser.parse(packet);
    FrameEditor.pushVlan(packet, 0x8100, 0xb005);
    byte[] expected = Frames.ethernet("8100 a005 0800", new byte[3]);
    assertArrayEquals(expected, Frames.bytes(packet));
  }

  @Test
  void shouldRefuseWhenThereIsNoRoomOrNoTag() {
    Packet packet = Frames.packet(Frames.ethernet("0800", new byte[3]));
    Parser.parse(packet);
    assertFalse(FrameEditor.popVlan(packet));
    packet.bufferStart = packet.address - 3;
    assertFalse(FrameEditor.pushVlan(packet, 0x8100, 1));
    assertEquals(17, packet.length);
  }

  @Test
  void shouldKeepAnEthernetHeaderWhenTruncated() {
    byte[] frame = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.udp(new byte[9])));
    Packet packet = Frames.packet(frame);
    Parser.parse(packet);
    FrameEditor.truncate(packet, 5);
    assertArrayEquals(Arrays.copyOf(frame, 14), Frames.bytes(packet));
    assertEquals(Packet.ABSENT, packet.l4Offset);
  }

  private static void checkAgainstParser(Packet packet) {
    String before = offsets(packet);
    Parser.parse(packet);
    assertEquals(offsets(packet), before);
  }

  private static String offsets(Packet packet) {
    return packet.vlanTags
        + " "
        + packet.etherType
        + " "
        + packet.l3Offset
        + " "
        + packet.payloadOffset
        + " "
        + packet.l4Offset
        + " "
        + packet.l3End
        + " "
        + packet.ipProtocol
        + " "
        + packet.fragment;
  }
}
