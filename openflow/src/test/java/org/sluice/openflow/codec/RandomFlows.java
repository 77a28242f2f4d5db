package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Flows put together at random from pieces of text, the same for the same seed. */
final class RandomFlows {
  private static final List<String> MATCHES =
      List.of(
          "",
          "in_port=3",
          "in_port=LOCAL",
          "dl_src=00:11:22:33:44:55",
          "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00",
          "dl_vlan=7",
          "dl_vlan=7,dl_vlan_pcp=2",
          "vlan_tci=0",
          "vlan_tci=0x1000/0x1000",
          "dl_type=0x1234",
          "ip,nw_src=10.0.0.0/8",
          "ip,nw_dst=1.2.3.4,nw_tos=32",
          "tcp,tp_src=80",
          "udp,tp_dst=53",
          "icmp,icmp_type=8,icmp_code=0",
          "arp,arp_op=1,arp_tpa=10.0.0.1",
          "nw_proto=99,ip");

  private static final List<String> EXTENDED_MATCHES =
      List.of(
          "tcp,tp_dst=0x50/0xfff0,tcp_flags=+syn-ack",
          "ipv6,ipv6_src=fe80::/10",
          "tcp6,ipv6_dst=2001:db8::1,tp_dst=443",
          "icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1,nd_sll=00:11:22:33:44:55",
          "ct_state=+trk+est,ct_zone=5,tcp",
          "ct_state=-trk,ip",
          "ct_mark=0x5/0xff,ct_label=0x1234567890abcdef1",
          "reg0=5,reg3=0x10/0xf0,metadata=0x1234/0xffff",
          "tun_id=0x42,tun_src=1.1.1.1",
          "pkt_mark=7,ip,nw_frag=later",
          "ip,nw_ttl=64,nw_ecn=2",
          "sctp,tp_src=9",
          "mpls,mpls_label=100,mpls_bos=1",
          "arp,arp_sha=00:11:22:33:44:55",
          "conj_id=9",
          "tun_metadata0=0x1234,tun_metadata5=0x1/0xf,tun_metadata63",
          "tun_metadata7=0x123456789abcdef0123456789abcdef0123456789",
          "xxreg1=0x123456789abcdef0123456789");

  private static final List<String> ACTIONS =
      List.of(
          "output:2",
          "normal",
          "flood",
          "all",
          "in_port",
          "local",
          "controller",
          "controller(max_len=128,id=3)",
          "controller(reason=no_match,userdata=01.02.03,pause)",
          "enqueue:1:2",
          "mod_vlan_vid:5",
          "mod_vlan_pcp:3",
          "strip_vlan",
          "mod_dl_src:00:11:22:33:44:55",
          "mod_dl_dst:00:11:22:33:44:66",
          "resubmit(,3)",
          "resubmit:4",
          "resubmit(1,2,ct)",
          "load:0x5->NXM_NX_REG1[0..15]",
          "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
          "set_field:0x5->reg2",
          "set_field:0x12/0xff->reg4",
          "set_field:0x12/0xff->tun_metadata3",
          "load:0x5->NXM_NX_TUN_METADATA0[0..31]",
          "move:NXM_NX_TUN_METADATA0[0..31]->NXM_NX_REG0[]",
          "delete_field:tun_metadata9",
          "set_field:00:11:22:33:44:55->eth_src",
          "set_tunnel:0x77",
          "set_queue:3",
          "pop_queue",
          "output:NXM_NX_REG0[0..15]",
          "output(port=2,max_len=100)",
          "push:NXM_NX_REG0[]",
          "pop:NXM_NX_REG1[]",
          "group:7",
          "ct_clear",
          "note:01.02.03.04.05.06",
          "exit",
          "clone(output:3,resubmit(,9))",
          "fin_timeout(idle_timeout=5,hard_timeout=6)",
          "learn(table=2,idle_timeout=5,hard_timeout=9,priority=7,cookie=0x5,"
              + "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],eth_type=0x800,load:0x3->NXM_NX_REG0[0..3],"
              + "load:NXM_OF_IN_PORT[]->NXM_NX_REG1[0..15],output:NXM_OF_IN_PORT[])",
          "learn(table=3,limit=5,result_dst=NXM_NX_REG0[0],NXM_OF_VLAN_TCI[0..11])",
          "multipath(eth_src,50,modulo_n,4,0,NXM_NX_REG0[0..3])",
          "bundle(nw_src,0,hrw,ofport,members:4,8)",
          "check_pkt_larger(1500)->NXM_NX_REG0[0]",
          "sample(probability=12,collector_set_id=3,obs_domain_id=4,obs_point_id=5)");

  private static final List<String> IP_ACTIONS =
      List.of(
          "dec_ttl",
          "ct(commit,zone=9,exec(load:0x1->NXM_NX_CT_MARK[]))",
          "ct(table=1,zone=NXM_NX_REG0[0..15],nat)",
          "ct(commit,nat(src=10.0.0.1-10.0.0.9:100-200,random))",
          "dec_ttl(1,2)",
          "mod_nw_src:1.2.3.4",
          "mod_nw_dst:1.2.3.4",
          "mod_nw_tos:32",
          "set_field:1.2.3.4->ip_dst");

  private final Random random;

  RandomFlows(long seed) {
    random = new Random(seed);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  FlowMod next(boolean extended) throws OfSyntaxException {
    String match = pick(extended && random.nextBoolean() ? EXTENDED_MATCHES : MATCHES);
    List<String> actions = new ArrayList<>();
    int count = random.nextInt(4);
    if (match.startsWith("tcp") && random.nextInt(3) == 0) {
      actions.add("ct(commit,force,alg=ftp)");
    }
    if (match.startsWith("ipv6") && random.nextInt(3) == 0) {
      actions.add("ct(commit,force,nat(dst=[fe80::1]:80))");
    }
    for (int i = 0; i < count; i++) {
      boolean ip = match.contains("nw_") && match.contains("ip") && !match.contains("ipv6");
      actions.add(pick(ip && random.nextBoolean() ? IP_ACTIONS : ACTIONS));
    }
    String text =
        "table=%d,priority=%d,cookie=0x%x,idle_timeout=%d,%s,actions=%s"
            .formatted(
                random.nextInt(200),
                1 + random.nextInt(60000),
                random.nextInt(1 << 20),
                random.nextInt(3),
                match,
                actions.isEmpty() ? "drop" : String.join(",", actions));
    return FlowParser.parse(FlowMod.Command.ADD, text, Names.NONE);
  }
}
