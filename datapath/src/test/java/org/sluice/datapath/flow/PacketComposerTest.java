package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Frames;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

class PacketComposerTest {
  private static final FlowTextOptions VERBOSE = new FlowTextOptions(true, Map.of(), 2);

  private final Packet packet = Frames.packet(new byte[2048]);

  @Test
  void shouldComposeWhatExtractsToTheSameKey() {
    for (byte[] frame : Frames.everyShape()) {
      FlowKey key = keyOf(frame);
      boolean noSuchFrame =
          key.get(Field.NW_PROTO) == 0 && EtherType.isIp((int) key.get(Field.ETH_TYPE));
      if (noSuchFrame || Frames.bytes(packet).length > 200) {
        continue;
      }
      PacketComposer.compose(key, PacketComposer.countingPayload(10), packet);
      FlowKey again = new FlowKey();
      FlowExtractor.extract(packet, again.words());
      maskUnsaid(key);
      maskUnsaid(again);
      assertEquals(text(key), text(again));
      assertArrayEquals(key.words(), again.words());
      checkChecksums();
    }
  }

  /** What two of the shapes have that a key does not say how to make. */
  private static void maskUnsaid(FlowKey key) {
    if (key.get(Field.ND_RESERVED) != 0) {
      key.set(Field.ND_OPTIONS_TYPE, 0);
    }
  }

  private static String text(FlowKey key) {
    return DatapathFlowText.format(key, null, VERBOSE);
  }

  private FlowKey keyOf(byte[] frame) {
    Frames.load(packet, frame);
    Parser.parse(packet);
    FlowKey key = new FlowKey();
    FlowExtractor.extract(packet, key.words());
    return key;
  }

  private void checkChecksums() {
    assertTrue(Checksum.isTransportValid(packet));
    if (packet.etherType == EtherType.IPV4) {
      assertTrue(Checksum.isIpv4HeaderValid(packet));
    }
  }

  @Test
  void shouldFillWithZerosWhenSizeIsGiven() {
    for (byte[] frame : Frames.everyShape()) {
      FlowKey key = keyOf(frame);
      assertTrue(PacketComposer.composeSized(key, 300, packet));
      assertEquals(300, packet.length);
      boolean ip = packet.etherType == EtherType.IPV4 || packet.etherType == EtherType.IPV6;
      assertTrue(!ip || packet.l3End == 300);
      checkChecksums();
      assertFalse(PacketComposer.composeSized(key, 13, packet));
      assertFalse(PacketComposer.composeSized(key, 100_000, packet));
    }
  }

  @Test
  void shouldWriteTheFrameThatIsOnTheWire() throws FlowSyntaxException {
    FlowKey key =
        DatapathFlowText.parse(
                "eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:aa),eth_type(0x0800),"
                    + "ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,ttl=64,frag=no),udp(src=5,dst=7)",
                FlowTextOptions.PLAIN)
            .key();
    PacketComposer.compose(key, Frames.hex("0102"), packet);
    byte[] expected =
        Frames.hex(
            Frames.MACS,
            "0800 4500001e00000000 4011 66cd 0a0000010a000002 0005 0007 000a eac9 0102");
    assertArrayEquals(expected, Frames.bytes(packet));
    assertEquals("udp 10.0.0.1:5 > 10.0.0.2:7 len 44", PacketText.describe(packet));
  }

  @Test
  void shouldDescribeEveryShapeInOneLine() {
    for (byte[] frame : Frames.everyShape()) {
      keyOf(frame);
      String text = PacketText.describe(packet);
      assertTrue(text.endsWith(" len " + frame.length) && !text.contains("\n"), text);
    }
    byte[] tcp = Frames.ethernet("8100 2064 0800", Frames.ipv4(6, 0, Frames.tcp(new byte[2])));
    keyOf(tcp);
    assertEquals(
        "vlan 100 tcp 10.0.0.1:8080 > 10.0.0.2:80 syn len 64", PacketText.describe(packet));
  }
}
