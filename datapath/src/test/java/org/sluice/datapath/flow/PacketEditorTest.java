package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Frames;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

class PacketEditorTest {
  private static final List<Field> FIELDS =
      List.of(
          Field.ETH_SRC,
          Field.ETH_DST,
          Field.VLAN_VID,
          Field.VLAN_PCP,
          Field.IP_SRC,
          Field.IP_DST,
          Field.NW_TOS,
          Field.IP_DSCP,
          Field.NW_ECN,
          Field.NW_TTL,
          Field.IPV6_SRC,
          Field.IPV6_DST,
          Field.IPV6_LABEL,
          Field.TCP_SRC,
          Field.UDP_DST,
          Field.ARP_SPA,
          Field.ARP_TPA,
          Field.ARP_SHA,
          Field.ARP_THA,
          Field.ND_TARGET,
          Field.ND_SLL,
          Field.ND_TLL,
          Field.ND_RESERVED,
          Field.MPLS_LABEL,
          Field.MPLS_TC,
          Field.MPLS_TTL,
          Field.PKT_MARK,
          Field.SKB_PRIORITY);

  @Test
  void shouldChangeTheFieldAndNothingElseWhenSet() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    for (byte[] frame : Frames.everyShape()) {
      for (Field field : FIELDS) {
        Packet packet = filled(frame);
        FlowKey expected = extract(packet);
        boolean valid = Checksum.isTransportValid(packet);
        boolean known = set(packet, expected, field, random);
        Parser.parse(packet);
        String note = field + " seed " + seed;
        if (!isPortOrTypeOfNone(packet)) {
          assertEquals(hex(expected), hex(extract(packet)), note);
        }
        assertTrue(known || expected.equals(extract(packet)), note);
        assertEquals(valid, Checksum.isTransportValid(packet), note);
        if (packet.etherType == EtherType.IPV4 && packet.l3End != Packet.ABSENT) {
          assertTrue(Checksum.isIpv4HeaderValid(packet), note);
        }
      }
    }
  }

  /** ICMP types are set by their own fields below; a random one could make it another message. */
  private static boolean isPortOrTypeOfNone(Packet packet) {
    return packet.ipProtocol == 1 || packet.ipProtocol == 58;
  }

  private static boolean set(Packet packet, FlowKey expected, Field field, Random random) {
    long low = random.nextLong();
    long maskLow = random.nextBoolean() ? -1 : random.nextLong();
    if (field.isWide()) {
      long high = random.nextLong();
      boolean known = PacketEditor.setWide(packet, field, high, low, -1, maskLow);
      if (known) {
        long before = expected.get(field);
        expected.set(field, high, (before & ~maskLow) | (low & maskLow));
      }
      return known;
    }
    boolean known = PacketEditor.set(packet, field, low, maskLow);
    if (known) {
      long before = expected.get(field);
      expected.set(field, (before & ~maskLow) | (low & maskLow));
    }
    return known;
  }

  @Test
  void shouldSetTypeAndCodeWhenPacketIsIcmp() {
    Packet packet =
        filled(Frames.ethernet("0800", Frames.ipv4(1, 0, Frames.hex("0800 0000 00010002"))));
    assertTrue(PacketEditor.set(packet, Field.ICMP_TYPE, 3));
    assertTrue(PacketEditor.set(packet, Field.ICMP_CODE, 13));
    FlowKey key = extract(packet);
    assertEquals(3, key.get(Field.ICMP_TYPE));
    assertEquals(13, key.get(Field.ICMP_CODE));
    assertTrue(Checksum.isTransportValid(packet));
  }

  @Test
  void shouldSetArpOperationWhenPacketIsArp() {
    byte[] arp = Frames.hex("0001 0800 0604 0001 0200000000aa 0a000001 000000000000 0a000002");
    Packet packet = filled(Frames.ethernet("0806", arp));
    assertTrue(PacketEditor.set(packet, Field.ARP_OP, 2));
    assertEquals(2, extract(packet).get(Field.ARP_OP));
  }

  @Test
  void shouldRefuseWhenPacketHasNoSuchHeader() {
    byte[] frame = Frames.ethernet("0800", Frames.ipv4(17, 3, new byte[20]));
    Packet packet = filled(frame);
    byte[] before = Frames.bytes(packet);
    assertFalse(PacketEditor.set(packet, Field.UDP_SRC, 1));
    assertFalse(PacketEditor.set(packet, Field.IPV6_LABEL, 1));
    assertFalse(PacketEditor.setWide(packet, Field.IPV6_SRC, 1, 2, -1, -1));
    assertFalse(PacketEditor.set(packet, Field.ND_SLL, 1));
    assertFalse(PacketEditor.set(packet, Field.VLAN_VID, 1));
    assertArrayEquals(before, Frames.bytes(packet));
  }

  @Test
  void shouldKeepPseudoHeaderSumRightWhenChecksumIsLeftToTheDevice() {
    for (byte[] network :
        List.of(
            Frames.ipv4(6, 0, Frames.tcp(new byte[9])), Frames.ipv6(17, Frames.udp(new byte[9])))) {
      String type = network[0] >> 4 == 4 ? "0800" : "86dd";
      Packet packet = Frames.packet(Frames.ethernet(type, network));
      Parser.parse(packet);
      packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
      long checksum = packet.address + packet.l4Offset + (packet.ipProtocol == 6 ? 16 : 6);
      OffHeap.putShortBe(checksum, Checksum.fold(Checksum.pseudoSum(packet)));
      PacketEditor.set(packet, Field.IP_SRC, 0x01020304);
      PacketEditor.setWide(packet, Field.IPV6_DST, 5, 6, -1, -1);
      PacketEditor.set(packet, Field.TCP_SRC, 99);
      int expected = Checksum.fold(Checksum.pseudoSum(packet));
      assertEquals(expected, OffHeap.getUnsignedShortBe(checksum));
    }
  }

  @Test
  void shouldLeaveChecksumOutWhenUdpHasNone() {
    byte[] frame = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.udp(new byte[9])));
    Packet packet = Frames.packet(frame);
    Parser.parse(packet);
    PacketEditor.set(packet, Field.IP_SRC, 1);
    PacketEditor.set(packet, Field.UDP_SRC, 1);
    assertEquals(0, OffHeap.getShort(packet.address + packet.l4Offset + 6));
  }

  @Test
  void shouldNotCountDestinationWhenPacketIsSourceRouted() {
    byte[] routing = Frames.hex("1102000100000000 20010db8000000000000000000000009");
    byte[] packetBytes = Frames.ipv6(43, Frames.join(routing, Frames.udp(new byte[4])));
    Packet packet = filled(Frames.ethernet("86dd", packetBytes));
    long checksum = packet.address + packet.l4Offset + 6;
    int before = OffHeap.getUnsignedShortBe(checksum);
    assertTrue(PacketEditor.setWide(packet, Field.IPV6_DST, 1, 2, -1, -1));
    assertEquals(before, OffHeap.getUnsignedShortBe(checksum));
  }

  private static Packet filled(byte[] frame) {
    Packet packet = Frames.packet(frame);
    Parser.parse(packet);
    Checksum.fillTransport(packet);
    if (packet.etherType == EtherType.IPV4 && packet.l3End != Packet.ABSENT) {
      Checksum.fillIpv4Header(packet);
    }
    return packet;
  }

  private static FlowKey extract(Packet packet) {
    FlowKey key = new FlowKey();
    FlowExtractor.extract(packet, key.words());
    return key;
  }

  private static List<String> hex(FlowKey key) {
    return java.util.Arrays.stream(key.words()).mapToObj(Long::toHexString).toList();
  }
}
