package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.Frames;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;
import org.sluice.datapath.packet.ReferenceParser;

class FlowExtractorTest {
  private static final List<Field> HEADER_FIELDS =
      List.of(
          Field.ETH_SRC,
          Field.ETH_DST,
          Field.ETH_TYPE,
          Field.VLAN_TCI,
          Field.NW_TOS,
          Field.NW_TTL,
          Field.IP_FRAG,
          Field.IPV6_LABEL,
          Field.IPV6_SRC,
          Field.IPV6_DST,
          Field.TCP_SRC,
          Field.TCP_DST,
          Field.TCP_FLAGS,
          Field.ND_TARGET,
          Field.ND_RESERVED,
          Field.ND_OPTIONS_TYPE,
          Field.NSH_FLAGS,
          Field.NSH_MDTYPE,
          Field.NSH_NP,
          Field.NSH_TTL,
          Field.NSH_SPI,
          Field.NSH_SI,
          Field.NSH_C1,
          Field.NSH_C2,
          Field.NSH_C3,
          Field.NSH_C4);

  private final Packet packet = Frames.packet(new byte[4096]);
  private final FlowKey key = new FlowKey();

  @Test
  void shouldAgreeWithReferenceForEveryPrefixOfEveryShape() {
    for (byte[] frame : Frames.everyShape()) {
      for (int length = 0; length <= frame.length; length++) {
        check(Arrays.copyOf(frame, length));
      }
    }
  }

  @Test
  void shouldAgreeWithReferenceWhenFramesAreDamaged() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    List<byte[]> shapes = Frames.everyShape();
    for (int i = 0; i < 100_000; i++) {
      byte[] frame = Frames.mutate(shapes.get(random.nextInt(shapes.size())), random);
      check(frame, () -> "seed " + seed);
    }
  }

  @Test
  void shouldAgreeWithReferenceWhenBytesAreRandom() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    int[] types = {0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x8847, 0x894f, 0x0040};
    for (int i = 0; i < 50_000; i++) {
      byte[] frame = new byte[random.nextInt(120)];
      random.nextBytes(frame);
      if (frame.length >= 20) {
        int type = types[random.nextInt(types.length)];
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;
        frame[16] = 0;
      }
      check(frame, () -> "seed " + seed);
    }
  }

  @Test
  void shouldCarryMetadataWhenPacketIsTracked() {
    Frames.load(packet, Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.udp(new byte[4]))));
    packet.inPort = 7;
    packet.recircId = 0xfedc_ba98;
    packet.dpHash = -1;
    packet.pktMark = 5;
    packet.skbPriority = 6;
    packet.ctState = 0x21;
    packet.ctZone = 0xffff;
    packet.ctMark = -2;
    packet.ctLabelHi = 3;
    packet.ctLabelLo = 4;
    packet.ctProtocol = 17;
    packet.ctSrcLo = 0xc0a8_0001L;
    packet.ctDstLo = 0xc0a8_0002L;
    packet.ctSrcPort = 0xfffe;
    packet.ctDstPort = 53;
    extract();
    assertEquals(7, key.get(Field.IN_PORT_OXM));
    assertEquals(0xfedc_ba98L, key.get(Field.RECIRC_ID));
    assertEquals(0xffff_ffffL, key.get(Field.DP_HASH));
    assertEquals(5, key.get(Field.PKT_MARK));
    assertEquals(6, key.get(Field.SKB_PRIORITY));
    assertEquals(0x21, key.get(Field.CT_STATE));
    assertEquals(0xffff, key.get(Field.CT_ZONE));
    assertEquals(0xffff_fffeL, key.get(Field.CT_MARK));
    assertEquals(3, key.getHigh(Field.CT_LABEL));
    assertEquals(4, key.get(Field.CT_LABEL));
    assertEquals(17, key.get(Field.CT_NW_PROTO));
    assertEquals(0xc0a8_0001L, key.get(Field.CT_NW_SRC));
    assertEquals(0xc0a8_0002L, key.get(Field.CT_NW_DST));
    assertEquals(0xfffe, key.get(Field.CT_TP_SRC));
    assertEquals(53, key.get(Field.CT_TP_DST));
  }

  @Test
  void shouldHaveNoOriginalTupleWhenItIsOfTheOtherFamily() {
    Frames.load(packet, Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.udp(new byte[4]))));
    packet.ctState = 1;
    packet.ctIpv6 = true;
    packet.ctProtocol = 6;
    packet.ctSrcPort = 80;
    extract();
    assertEquals(0, key.word(Word.CT_PORTS));
  }

  @Test
  void shouldKeepWordsThatTheDatapathDoesNotSeeWhenExtracting() {
    Frames.load(packet, Frames.ethernet("0800", new byte[0]));
    key.set(Field.METADATA, 9);
    key.set(Field.REG31, 8);
    extract();
    assertEquals(9, key.get(Field.METADATA));
    assertEquals(8, key.get(Field.REG31));
  }

  private void extract() {
    Arrays.fill(key.words(), 0, Word.DATAPATH_COUNT, -1);
    Parser.parse(packet);
    FlowExtractor.extract(packet, key.words());
  }

  private void check(byte[] frame) {
    check(frame, () -> "");
  }

  private void check(byte[] frame, java.util.function.Supplier<String> note) {
    Frames.load(packet, frame);
    extract();
    ReferenceParser expected = ReferenceParser.read(frame);
    for (Field field : HEADER_FIELDS) {
      compare(field, expected.get(field), key.get(field), frame, note);
      compare(field, expected.getHigh(field), key.getHigh(field), frame, note);
    }
    compare(
        Field.ARP_OP,
        expected.get(Field.ARP_OP) + expected.get(Field.NW_PROTO),
        key.get(Field.ARP_OP),
        frame,
        note);
    compare(
        Field.IP_SRC,
        expected.get(Field.IP_SRC) + expected.get(Field.ARP_SPA),
        key.get(Field.IP_SRC),
        frame,
        note);
    compare(
        Field.IP_DST,
        expected.get(Field.IP_DST) + expected.get(Field.ARP_TPA),
        key.get(Field.IP_DST),
        frame,
        note);
    compare(
        Field.ND_SLL,
        expected.get(Field.ND_SLL) + expected.get(Field.ARP_SHA),
        key.get(Field.ND_SLL),
        frame,
        note);
    compare(
        Field.ND_TLL,
        expected.get(Field.ND_TLL) + expected.get(Field.ARP_THA),
        key.get(Field.ND_TLL),
        frame,
        note);
    compare(Field.VLAN_TCI, expected.vlanWord, key.word(Word.VLAN), frame, note);
    compare(
        Field.MPLS_LABEL,
        expected.labels[0] << 32 | expected.labels[1],
        key.word(Word.MPLS),
        frame,
        note);
    compare(Field.MPLS_LABEL, expected.labels[2] << 32, key.word(Word.MPLS + 1), frame, note);
  }

  private static void compare(
      Field field,
      long expected,
      long actual,
      byte[] frame,
      java.util.function.Supplier<String> note) {
    if (expected != actual) {
      String where = field + " of " + HexFormat.of().formatHex(frame) + " " + note.get();
      assertEquals(Long.toHexString(expected), Long.toHexString(actual), where);
    }
  }
}
