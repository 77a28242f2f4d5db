package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.Frames;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

class DatapathFlowTextTest {
  private static final String META =
      "recirc_id(0),dp_hash(0),skb_priority(0),in_port(1),skb_mark(0),ct_state(0),ct_zone(0),"
          + "ct_mark(0),ct_label(0),packet_type(ns=0,id=0),";
  private static final String ETH = "eth(src=00:01:02:03:04:05,dst=10:11:12:13:14:15)";
  private static final String IPV4 =
      "eth_type(0x0800),ipv4(src=35.8.2.41,dst=172.16.0.20,proto=%d,tos=0x80,ttl=128,frag=no)";
  private static final String IPV6 =
      "eth_type(0x86dd),ipv6(src=::1,dst=::2,label=0,proto=%d,tclass=0x70,hlimit=128,frag=no)";

  private static final FlowTextOptions VERBOSE = new FlowTextOptions(true, Map.of(), 2);

  @Test
  void shouldReadWhatItWritesWhenKeysAreExact() throws FlowSyntaxException {
    for (String rest :
        List.of(
            "eth_type(0x1234)",
            IPV4.formatted(5),
            IPV4.formatted(6) + ",tcp(src=80,dst=8080)",
            IPV4.formatted(6) + ",tcp(src=80,dst=8080),tcp_flags(syn|ack)",
            IPV4.formatted(17) + ",udp(src=81,dst=6632)",
            IPV4.formatted(132) + ",sctp(src=81,dst=6632)",
            IPV4.formatted(1) + ",icmp(type=1,code=2)",
            IPV4.formatted(17).replace("frag=no", "frag=later"),
            IPV6.formatted(58) + ",icmpv6(type=1,code=2)",
            IPV6.formatted(58)
                + ",icmpv6(type=136,code=0),nd(target=::3,sll=00:05:06:07:08:09,"
                + "tll=00:0a:0b:0c:0d:0e),nd_ext(nd_reserved=0x0,nd_options_type=2)",
            "eth_type(0x0806),arp(sip=1.2.3.4,tip=5.6.7.8,op=1,sha=00:0f:10:11:12:13,"
                + "tha=00:14:15:16:17:18)",
            "eth_type(0x8847),mpls(label=100,tc=3,ttl=64,bos=1)",
            "eth_type(0x8848),mpls(label=1,tc=7,ttl=2,bos=0,label=1048575,tc=0,ttl=255,bos=1)")) {
      checkRoundTrip(META + ETH + "," + rest);
      checkRoundTrip(META + ETH + ",eth_type(0x8100),vlan(vid=99,pcp=7),encap(" + rest + ")");
      checkRoundTrip(
          META
              + ETH
              + ",eth_type(0x88a8),vlan(vid=1,pcp=0),encap(eth_type(0x8100),vlan(vid=99,pcp=7),"
              + "encap("
              + rest
              + "))");
    }
  }

  @Test
  void shouldReadWhatItWritesWhenConnectionIsTracked() throws FlowSyntaxException {
    String tuple = "src=10.0.0.1,dst=10.0.0.2,proto=17,tp_src=1,tp_dst=2";
    String meta =
        META.replace("ct_state(0),ct_zone(0)", "ct_state(0x21),ct_zone(0x5)")
            .replace("ct_mark(0)", "ct_mark(0x12345678)")
            .replace("ct_label(0)", "ct_label(0x1234567890abcdef1234567890abcdef)");
    checkRoundTrip(
        meta.replace("packet_type", "ct_tuple4(" + tuple + "),packet_type")
            + ETH
            + ","
            + IPV4.formatted(5));
    checkRoundTrip(
        "recirc_id(0x1),dp_hash(0),skb_priority(0),tunnel(tun_id=0x7f10354,src=10.10.10.10,"
            + "dst=20.20.20.20,tos=0x8,ttl=64,flags(csum|key)),"
            + META.substring(META.indexOf("in_port"))
            + ETH
            + ","
            + IPV6.formatted(5));
  }

  private static void checkRoundTrip(String text) throws FlowSyntaxException {
    Match match = DatapathFlowText.parse(text, FlowTextOptions.PLAIN);
    assertEquals(text, DatapathFlowText.format(match.key(), null, VERBOSE));
  }

  @Test
  void shouldReadWhatItWritesWhenFieldsAreMasked() throws FlowSyntaxException {
    for (String text :
        List.of(
            "in_port(1/0xff),packet_type(ns=0,id=0),eth(src=00:01:02:03:04:00/ff:ff:ff:ff:ff:f0),"
                + "eth_type(0x1234)",
            "recirc_id(0),in_port(1),ct_state(+new-est+trk),ct_zone(0x5),ct_mark(0x1/0x1),"
                + "ct_label(0x1/0x1),packet_type(ns=0,id=0),eth_type(0x0800),"
                + "ipv4(src=10.0.0.0/255.0.0.0,proto=6,tos=0/0x3,frag=no),tcp(dst=80/0xfff0),"
                + "tcp_flags(+syn-ack)",
            "recirc_id(0),in_port(1),packet_type(ns=0,id=0),eth_type(0x86dd),"
                + "ipv6(src=fe80::/ffff:ffff::,label=0x10/0xf0,frag=first)",
            "recirc_id(0),in_port(1),packet_type(ns=0,id=0),eth_type(0x8100),vlan(vid=5),"
                + "encap(eth_type(0x0806),arp(op=1))",
            "packet_type(ns=0,id=0),eth_type(0x8100),vlan(vid=5/0xf,pcp=1/0x1),"
                + "encap(eth_type(0x9000))")) {
      Match match = DatapathFlowText.parse(text, FlowTextOptions.PLAIN);
      String written = DatapathFlowText.format(match.key(), match.mask(), FlowTextOptions.PLAIN);
      assertEquals(text, written);
    }
  }

  @Test
  void shouldShowWildcardedFieldsWhenVerbose() throws FlowSyntaxException {
    FlowKey key = new FlowKey();
    FlowMask mask = new FlowMask();
    key.set(Field.IN_PORT_OXM, 1);
    key.set(Field.ETH_TYPE, 0x800);
    key.set(Field.NW_PROTO, 1);
    key.set(Field.NW_TTL, 64);
    key.set(Field.ICMP_TYPE, 8);
    for (Field field :
        List.of(
            Field.RECIRC_ID, Field.IN_PORT_OXM, Field.PACKET_TYPE, Field.ETH_TYPE, Field.IP_FRAG)) {
      mask.cover(field);
    }
    FlowTextOptions named = new FlowTextOptions(true, Map.of(1, "p1"), 1);
    assertEquals(
        "recirc_id(0),dp_hash(0/0),skb_priority(0/0),in_port(p1),skb_mark(0/0),ct_state(0/0),"
            + "ct_zone(0/0),ct_mark(0/0),ct_label(0/0),packet_type(ns=0,id=0),"
            + "eth(src=00:00:00:00:00:00/00:00:00:00:00:00,dst=00:00:00:00:00:00/00:00:00:00:00:00)"
            + ",eth_type(0x0800),ipv4(src=0.0.0.0/0.0.0.0,dst=0.0.0.0/0.0.0.0,proto=1/0,tos=0/0,"
            + "ttl=64/0,frag=no),icmp(type=8/0,code=0/0)",
        DatapathFlowText.format(key, mask, named));
    assertEquals(
        "recirc_id(0),in_port(p1),packet_type(ns=0,id=0),eth_type(0x0800),ipv4(frag=no)",
        DatapathFlowText.format(key, mask, new FlowTextOptions(false, Map.of(1, "p1"), 1)));
    assertEquals(1, DatapathFlowText.parse("in_port(p1)", named).key().get(Field.IN_PORT_OXM));
  }

  @Test
  void shouldShowThatThereIsNoTypeWhenFrameIsNotEthernetTwo() {
    FlowKey key = new FlowKey();
    key.set(Field.ETH_TYPE, 0x5ff);
    FlowMask mask = new FlowMask();
    mask.cover(Field.PACKET_TYPE);
    mask.cover(Field.ETH_TYPE);
    assertEquals(
        "packet_type(ns=0,id=0),eth_type(0/0xffff)",
        DatapathFlowText.format(key, mask, FlowTextOptions.PLAIN));
  }

  @Test
  void shouldStopAtTheInnerTagWhenOnlyOneIsTakenOff() throws FlowSyntaxException {
    String text =
        "packet_type(ns=0,id=0),eth_type(0x8100),vlan(vid=7,pcp=1),encap(eth_type(0x8100))";
    Match match = DatapathFlowText.parse(text, FlowTextOptions.PLAIN);
    assertEquals(0x8100, match.key().get(Field.ETH_TYPE));
    assertEquals(text, DatapathFlowText.format(match.key(), match.mask(), FlowTextOptions.PLAIN));
  }

  @Test
  void shouldNameThePlaceWhenTextMakesNoSense() {
    for (String text :
        List.of(
            "eth_tpe(0x800)",
            "ipv4(src=1.2.3)",
            "ipv4(foo=1)",
            "ipv4(src=1.2.3.4",
            "tcp_flags(foo)",
            "encap(encap(encap()))",
            "vlan(vid=4096)",
            "mpls(tc=1)",
            "in_port(x)")) {
      FlowSyntaxException error =
          assertThrows(
              FlowSyntaxException.class,
              () -> DatapathFlowText.parse("recirc_id(0)," + text, FlowTextOptions.PLAIN));
      assertEquals("syntax error at ", error.getMessage().substring(0, 16));
    }
  }

  @Test
  void shouldReadBackEveryKeyWhenPacketsAreDamaged() throws FlowSyntaxException {
    long seed = Frames.seed();
    Random random = new Random(seed);
    List<byte[]> shapes = Frames.everyShape();
    Packet packet = Frames.packet(new byte[4096]);
    for (int i = 0; i < 5_000; i++) {
      Frames.load(packet, Frames.mutate(shapes.get(random.nextInt(shapes.size())), random));
      FlowKey key = new FlowKey();
      if (!Parser.parse(packet) || packet.etherType == 0x894f) {
        continue;
      }
      FlowExtractor.extract(packet, key.words());
      String text = DatapathFlowText.format(key, null, VERBOSE);
      FlowKey again = DatapathFlowText.parse(text, FlowTextOptions.PLAIN).key();
      String second = DatapathFlowText.format(again, null, VERBOSE);
      assertEquals(text, second, "seed " + seed);
      if (packet.ipProtocol == 6 && packet.l4Offset > 0 && packet.vlanTags == 0) {
        assertEquals(Arrays.toString(key.words()), Arrays.toString(again.words()));
      }
    }
  }
}
