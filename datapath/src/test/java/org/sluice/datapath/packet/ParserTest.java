package org.sluice.datapath.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParserTest {
  @Test
  void shouldFindEveryHeaderWhenFrameIsWhole() {
    Packet packet = parsed(Frames.ethernet("0800", Frames.ipv4(6, 0, Frames.tcp(new byte[5]))));
    assertEquals(0x0800, packet.etherType);
    assertEquals(14, packet.l3Offset);
    assertEquals(34, packet.payloadOffset);
    assertEquals(34, packet.l4Offset);
    assertEquals(packet.length, packet.l3End);
    assertEquals(6, packet.ipProtocol);
    assertEquals(0, packet.fragment);
  }

  @Test
  void shouldLeavePaddingOutsideWhenFrameIsPadded() {
    byte[] datagram = Frames.ipv4(17, 0, Frames.udp(new byte[2]));
    Packet packet = parsed(Frames.join(Frames.ethernet("0800", datagram), new byte[16]));
    assertEquals(14 + 30, packet.l3End);
    assertEquals(60, packet.length);
  }

  @Test
  void shouldHaveNoTransportWhenFragmentIsALaterOne() {
    Packet packet = parsed(Frames.ethernet("0800", Frames.ipv4(17, 3, new byte[30])));
    assertEquals(3, packet.fragment);
    assertEquals(Packet.ABSENT, packet.l4Offset);
    assertEquals(34, packet.payloadOffset);
  }

  @Test
  void shouldHaveNoNetworkHeaderWhenLengthLies() {
    byte[] frame = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.udp(new byte[8])));
    frame[17]++;
    Packet packet = parsed(frame);
    assertEquals(Packet.ABSENT, packet.l3End);
    assertEquals(Packet.ABSENT, packet.payloadOffset);
    assertEquals(0, packet.ipProtocol);
  }

  @Test
  void shouldLeaveTagsAloneWhenLimitIsReached() {
    byte[] frame = Frames.ethernet("88a8 0001 8100 0002 0800", Frames.ipv4(17, 0, new byte[8]));
    Packet packet = Frames.packet(frame);
    packet.vlanLimit = 1;
    assertTrue(Parser.parse(packet));
    assertEquals(0x8100, packet.etherType);
    assertEquals(1, packet.vlanTags);
    packet.vlanLimit = 2;
    assertTrue(Parser.parse(packet));
    assertEquals(0x0800, packet.etherType);
    assertEquals(2, packet.vlanTags);
  }

  @Test
  void shouldStartAtNetworkHeaderWhenPacketTypeIsNotEthernet() {
    Packet packet = Frames.packet(Frames.ipv6(17, Frames.udp(new byte[1])));
    packet.packetType = 1 << 16 | 0x86dd;
    assertTrue(Parser.parse(packet));
    assertEquals(0, packet.l3Offset);
    assertEquals(40, packet.l4Offset);
  }

  @Test
  void shouldRefuseWhenShorterThanEthernet() {
    Packet packet = Frames.packet(new byte[13]);
    assertFalse(Parser.parse(packet));
    assertEquals(Packet.ABSENT, packet.l3Offset);
  }

  @Test
  void shouldKeepOffsetsInsideFrameWhenFramesAreDamaged() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    List<byte[]> shapes = Frames.everyShape();
    Packet packet = Frames.packet(new byte[4096]);
    for (int i = 0; i < 100_000; i++) {
      Frames.load(packet, Frames.mutate(shapes.get(random.nextInt(shapes.size())), random));
      if (Parser.parse(packet)) {
        checkOrder(packet, "seed " + seed);
      }
    }
  }

  private static void checkOrder(Packet packet, String note) {
    assertTrue(packet.l3Offset >= 14 && packet.l3Offset <= packet.length, note);
    assertTrue(packet.l3End <= packet.length, note);
    if (packet.payloadOffset != Packet.ABSENT) {
      assertTrue(packet.payloadOffset >= packet.l3Offset + 20, note);
      assertTrue(packet.payloadOffset <= packet.l3End, note);
    }
    if (packet.l4Offset != Packet.ABSENT) {
      assertEquals(packet.payloadOffset, packet.l4Offset, note);
      int least = IpProtocol.minHeaderBytes(packet.ipProtocol);
      assertTrue(packet.l4Offset + least <= packet.l3End, note);
    }
  }

  private static Packet parsed(byte[] frame) {
    Packet packet = Frames.packet(frame);
    assertTrue(Parser.parse(packet));
    return packet;
  }
}
