package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * Good text with some of it changed, into every parser that meets a user's text: each must take it,
 * and then all formats that it names can say it, or refuse it in one line. {@code -DfuzzSeconds=N}
 * goes on for longer, each time from another seed.
 */
class TextFuzzTest {
  private static final int ROUNDS = 20_000;
  private static final long SECONDS = Long.getLong("fuzzSeconds", 0);
  private static final long SEED = Long.getLong("seed", SECONDS > 0 ? System.nanoTime() : 11);

  /** Longer ones take more than a message has room for. */
  private static final int MAX_LENGTH = 400;

  /** One kind of text. */
  private interface Parser {
    void parse(String text) throws OfSyntaxException;
  }

  private record Kind(Parser parser, List<String> samples) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              text -> encodeAll(FlowParser.readLine(text, Names.NONE)),
              List.of(
                  "priority=10,tcp,nw_src=10.0.0.0/8,tp_dst=80,actions=ct(commit,zone=5),output:2",
                  "add cookie=0x5,table=3,idle_timeout=30,hard_timeout=60,importance=3,"
                      + "send_flow_rem,ipv6,ipv6_src=fe80::/10,actions=resubmit(,4)",
                  "delete_strict priority=7,arp,arp_op=1,arp_tpa=10.0.0.1",
                  "modify tun_metadata0=0x12/0xff,tun_metadata3,actions=set_field:5->tun_metadata1",
                  "icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1,nd_sll=00:11:22:33:44:55,"
                      + "actions=load:0x5->NXM_NX_REG1[0..15],move:reg0[1..3]->reg2[4..6]",
                  "ct_state=+trk-new,ct_mark=1/3,ct_label=0x12345678901234567890,"
                      + "actions=ct(commit,nat(src=10.0.0.1-10.0.0.9:80-90,random),alg=ftp,"
                      + "exec(load:1->NXM_NX_CT_MARK[])),clone(output:3),exit",
                  "dl_vlan=7,dl_vlan_pcp=2,actions=learn(table=2,idle_timeout=5,priority=7,"
                      + "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:5->reg1[0..7],"
                      + "output:NXM_OF_IN_PORT[]),bundle(eth_src,50,hrw,ofport,members:4,8)",
                  "in_port=LOCAL,tcp,tcp_flags=+syn-ack,actions=multipath(symmetric_l4,1024,"
                      + "modulo_n,5,0,reg1[0..15]),controller(max_len=128,reason=no_match,"
                      + "userdata=01.02.03,pause),goto_table:9",
                  "reg0[4..7]=5,xxreg1=1/3,metadata=0x1234/0xffff,actions=write_metadata:5/7,"
                      + "write_actions(group:5,output:1),meter:3",
                  "sample_is_no_field=1,actions=sample(probability=9,collector_set_id=1,"
                      + "obs_domain_id=2,obs_point_id=3,sampling_port=5,egress)",
                  "actions=encap(nsh(md_type=2,tlv(0x1000,10,0x12345678))),decap(),dec_ttl(1,2),"
                      + "push_vlan:0x88a8,push_mpls:0x8847,check_pkt_larger(100)->reg0[0]")),
          new Kind(
              text -> encodeAll(GroupParser.parseLine(text, Names.NONE)),
              List.of(
                  "add group_id=5,type=select,selection_method=hash,fields(ip_src,tcp_dst=0xff),"
                      + "bucket=weight:3,bucket_id:7,watch_port:1,actions=output:1",
                  "modify group_id=1,type=ff,bucket=watch_group:3,actions=2,3,bucket=actions=drop",
                  "delete group_id=all",
                  "insert_bucket group_id=5,command_bucket_id=last,bucket=actions=1",
                  "remove_bucket group_id=5,command_bucket_id=3")),
          new Kind(
              text -> encodeAll(MeterParser.parse(MeterMod.Command.ADD, text)),
              List.of(
                  "meter=5,kbps,burst,stats,band=type=drop,rate=100,burst_size=200",
                  "meter=7,pktps,bands=type=dscp_remark,rate=1,prec_level=2,type=drop,rate=5")),
          new Kind(
              text -> encodeAll(PacketOutParser.parse(text, Names.NONE)),
              List.of(
                  "in_port=1,metadata=5,reg0=1/3,tun_metadata1=7,"
                      + "packet=0001020304050010203040501234,actions=output:2,ct(table=3)")),
          new Kind(
              text -> encodeAll(text, MonitorParser.parse(text, 1, Names.NONE)),
              List.of("!initial,!own,table=3,out_port=2,out_group=7,tcp,tp_dst=80,reg0=5")),
          new Kind(
              text -> assertNotNull(ExactFlowParser.parse(text, Names.NONE)),
              List.of("in_port=1,tcp,nw_src=10.0.0.1,tp_dst=80,ct_state=trk|new,tun_metadata0=5")),
          new Kind(
              text -> assertNotNull(NxmText.parse(text)),
              List.of("NXM_OF_IP_SRC_W(0a000000/ff000000), NXM_NX_TUN_METADATA0(12), 00000202(5)")),
          new Kind(
              text -> assertNotNull(CtFlushText.parse(List.of(text.split(" ", -1)))),
              List.of(
                  "zone=5 ct_nw_src=10.1.1.1,ct_nw_proto=17,ct_tp_dst=5 ct_tp_src=9,mark=1/3")));

  private static final List<String> WORDS =
      List.of(
          "(",
          ")",
          "()",
          "[",
          "]",
          "[]",
          "[0]",
          "[0..31]",
          "[5..",
          "->",
          "/",
          ":",
          ",",
          "=",
          "-",
          "-1",
          "0x",
          "0xffffffffffffffffffffffffffffffffff",
          "65535",
          "65536",
          "4294967296",
          "*",
          "learn(",
          "ct(",
          "nat(",
          "clone(",
          "exec(",
          "bucket=",
          "actions=",
          "tun_metadata63",
          "NXM_NX_REG0",
          "reg33",
          "::",
          "1.2.3.4",
          "ff:ff:ff:ff:ff:ff",
          " ",
          "\t",
          "\"",
          "all",
          "drop",
          "in_port",
          "table",
          "vlan_vid",
          "xxreg7",
          "\u00fc",
          "\0",
          "+",
          "!",
          "|");

  private static String mutated(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(12));
      String word = WORDS.get(random.nextInt(WORDS.size()));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.insert(at, word);
        default -> text.replace(at, end, word);
      }
    }
    return text.substring(0, Math.min(text.length(), MAX_LENGTH));
  }

  private static void encodeAll(Parsed<? extends OfMessage> parsed) {
    for (FlowFormat format : parsed.formats()) {
      if (hasForm(parsed.message(), format)) {
        byte[] bytes = OfEncoder.encode(parsed.message(), 1, format.dialect()).getFirst();
        assertNotNull(OfDecoder.decode(bytes, format.dialect().tableId()));
      }
    }
  }

  private static void encodeAll(String text, MonitorParser.Watched watched) {
    assertFalse(watched.formats().isEmpty(), text);
    OfMessage request = new Multipart.FlowMonitorRequest(List.of(watched.monitor()), false);
    assertNotNull(OfEncoder.encode(request, 1, FlowFormat.NXM.dialect()));
  }

  /** Single buckets come with 1.5, and with Nicira's form for 1.0; meters with 1.3. */
  private static boolean hasForm(OfMessage message, FlowFormat format) {
    OfVersion version = format.dialect().version();
    return switch (message) {
      case GroupMod mod when isOfBuckets(mod.command()) ->
          version == OfVersion.OF10 || version.isAtLeast(OfVersion.OF15);
      case MeterMod mod -> version.isAtLeast(OfVersion.OF13);
      default -> true;
    };
  }

  private static boolean isOfBuckets(GroupMod.Command command) {
    return command == GroupMod.Command.INSERT_BUCKET || command == GroupMod.Command.REMOVE_BUCKET;
  }

  @Test
  void shouldTakeOrRefuseWhateverUsersWrite() {
    Random random = new Random(SEED);
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (int round = 0; SECONDS > 0 ? System.nanoTime() < end : round < ROUNDS; round++) {
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      String sample = kind.samples().get(random.nextInt(kind.samples().size()));
      parse(kind, round < KINDS.size() ? sample : mutated(sample, random));
    }
  }

  private static void parse(Kind kind, String text) {
    try {
      kind.parser().parse(text);
    } catch (OfSyntaxException refused) {
      assertTrue(refused.getMessage() != null && !refused.getMessage().isEmpty(), text);
    } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
      throw new AssertionError("seed " + SEED + " text " + text, thrown);
    }
  }
}
