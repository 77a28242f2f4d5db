package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.system.SluiceProcess.Ended;

/** {@code ovs-ofctl --color} shows words in the colours in which Open vSwitch's shows them. */
@Timeout(60)
class ColorTest {
  /** The actions of a flow each, so that every kind of word occurs. */
  private static final List<String> ACTIONS =
      List.of(
          "drop",
          "output:2,resubmit(,3),resubmit(1,2),resubmit:3,CONTROLLER:12,group:4,normal,IN_PORT",
          "controller(reason=no_match,max_len=100,id=3,pause,userdata=01.02),controller(id=2)",
          "ct(commit,table=2,zone=5,nat(src=1.2.3.4-1.2.3.9:10-20,random),exec(load:1->ct_mark))",
          "ct(commit,exec(load:1->ct_mark,load:2->NXM_NX_CT_LABEL[0..31]),alg=ftp),ct_clear",
          "ct(commit,force,zone=NXM_NX_REG0[0..15],nat(dst)),ct(nat),ct()",
          "ct(commit,nat(dst=1.2.3.4,persistent,hash))",
          "learn(table=1,idle_timeout=10,hard_timeout=5,fin_idle_timeout=3,priority=7,cookie=0x3,"
              + "send_flow_rem,delete_learned,limit=3,result_dst=NXM_NX_REG0[0],"
              + "NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],reg1=5,"
              + "NXM_OF_VLAN_TCI[0..3]=3,load:5->NXM_NX_REG0[],"
              + "load:NXM_NX_REG1[]->NXM_NX_REG2[],output:NXM_OF_IN_PORT[])",
          "move:NXM_NX_REG0[]->NXM_NX_REG1[],push:NXM_NX_REG0[],pop:NXM_NX_REG0[]",
          "output:NXM_NX_REG0[0..15],output(port=1,max_len=100),enqueue:1:2",
          "multipath(eth_src,50,modulo_n,1,0,NXM_NX_REG0[]),bundle(eth_src,0,hrw,ofport,members:1,2)",
          "bundle_load(eth_src,0,hrw,ofport,NXM_NX_REG0[],members:1,2)",
          "dec_ttl,dec_ttl(1,2),note:01.02,exit",
          "conjunction(1,1/2),conjunction(2,2/3)",
          "clone(output:1,ct(commit),dec_ttl),fin_timeout(idle_timeout=10,hard_timeout=5)",
          "sample(probability=1,collector_set_id=1,obs_domain_id=2,obs_point_id=3,sampling_port=1)",
          "pop_queue,set_queue:3,check_pkt_larger(1)->NXM_NX_REG0[0],set_tunnel:3,set_tunnel64:5",
          "mod_dl_src:00:11:22:33:44:55,mod_nw_src:1.2.3.4,mod_nw_tos:4,mod_tp_dst:6,mod_nw_ttl:3",
          "mod_vlan_vid:3,mod_vlan_pcp:2,strip_vlan,load:0x8->NXM_OF_VLAN_TCI[]");

  private static final List<String> ACTIONS_OF_13 =
      List.of(
          "meter:3,clear_actions,write_actions(output:1,dec_ttl),write_metadata:5/7,goto_table:7",
          "set_field:1.2.3.4->nw_src,set_field:00:11:22:33:44:55->eth_src,push_vlan:0x8100,pop_vlan",
          "encap(nsh(md_type=1)),encap(ethernet)",
          "encap(nsh(md_type=2,tlv(0x1000,10,0x12345678))),decap()",
          "push_mpls:0x8847,set_field:5->mpls_label,dec_mpls_ttl,pop_mpls:0x8847");

  private static final List<String> MATCHES =
      List.of(
          "cookie=5,priority=3,table=3,idle_timeout=300,hard_timeout=400,importance=4,send_flow_rem,tcp,"
              + "in_port=1,ct_state=+trk,ct_label=1,dl_vlan=3,dl_vlan_pcp=2,ip_frag=no,reg0=5",
          "udp,tp_dst=0x10/0xfff0,nw_ttl=4,nw_ecn=1,nw_tos=8",
          "ip,nw_proto=50,ct_zone=1,ct_mark=3/7",
          "arp,arp_spa=1.2.3.4,arp_op=1",
          "icmp6,icmp_type=135,nd_target=fe80::1,nd_sll=00:11:22:33:44:55",
          "mpls,mpls_label=5",
          "pkt_mark=1,conj_id=4,metadata=5/7,tun_id=3/5,tun_src=1.2.3.4,tun_flags=+oam,dl_type=0x1234",
          "dl_src=00:11:22:33:44:55/01:00:00:00:00:00,vlan_tci=0x1000/0x1000");

  @TempDir Path directory;
  private Tools tools;
  private SluiceProcess sluice;

  @BeforeEach
  void prepare() {
    Tools.assumeInstalled("ovs-ofctl");
    tools = new Tools(directory);
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
  }

  private Ended own(Map<String, String> environment, String... words) throws Exception {
    ProcessBuilder builder =
        SluiceProcess.builder(
            Stream.concat(Stream.of("ovs-ofctl"), Stream.of(words)).toArray(String[]::new));
    builder.environment().putAll(environment);
    return SluiceProcess.runToEnd(directory, builder);
  }

  private String theirs(String... words) throws Exception {
    return tools.run(
        Stream.concat(Stream.of("ovs-ofctl"), Stream.of(words)).toArray(String[]::new));
  }

  private String flows(String name, List<String> matches, List<String> actions) throws Exception {
    Stream<String> acting = actions.stream().map(each -> "tcp,actions=" + each);
    Stream<String> matching = matches.stream().map(each -> each + ",actions=output:1");
    return Files.write(directory.resolve(name), Stream.concat(matching, acting).toList())
        .toString();
  }

  @Test
  void shouldShowFlowModsInTheSameColours() throws Exception {
    String file = flows("flows", MATCHES, ACTIONS);
    String[] words = {"--color=always", "-O", "OpenFlow10,OpenFlow13", "parse-flows", file};
    String expected = theirs(words);
    assertTrue(expected.contains("\33[36m\33[Kin_port=\33[m\33[K1"), expected);
    assertEquals(expected, own(Map.of(), words).output());

    String newer = flows("newer", List.of(), ACTIONS_OF_13);
    String[] with13 = {"--color=always", "-O", "OpenFlow13", "parse-flows", newer};
    assertEquals(theirs(with13), own(Map.of(), with13).output());
  }

  @Test
  void shouldUseTheColoursThatTheEnvironmentAsksFor() throws Exception {
    String file = flows("one", List.of("in_port=1"), List.of());
    Map<String, String> wishes = Map.of("OVS_COLORS", "pm=02;32:sp=x:nonsense=1:vl=");
    String text = own(wishes, "--color=always", "parse-flows", file).output();
    assertTrue(
        text.contains("\33[02;32m\33[Kin_port=\33[m\33[K1 actions=\33[33m\33[Koutput:\33[m\33[K1"),
        text);
  }

  @Test
  void shouldShowNoColoursUnlessAskedTo() throws Exception {
    String file = flows("one", List.of("in_port=1"), List.of());
    for (String when : new String[] {"--color=never", "--color", "--color=auto"}) {
      String text = own(Map.of(), when, "parse-flows", file).output();
      assertTrue(text.contains("in_port=1 actions=output:1"), text);
    }
    assertEquals(
        "ovs-ofctl: incorrect value `sometimes' for --color\n",
        own(Map.of(), "--color=sometimes", "parse-flows", file).errors());
  }

  @Test
  void shouldShowASwitchsFlowsInTheSameColours() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl");
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
    tools.run("ovs-vsctl", "add-br", "br-col", "--", "set-fail-mode", "br-col", "secure");
    theirs(
        "add-flows", "br-col", flows("flows", List.of(MATCHES.get(0), MATCHES.get(1)), List.of()));
    for (String order : new String[] {"--sort", "--stats"}) {
      String[] words = {"--color=always", order, "dump-flows", "br-col"};
      String expected = withoutTimes(theirs(words));
      assertTrue(expected.contains("\33[1;31m\33[Kactions=\33[m\33[K"), expected);
      assertEquals(expected, withoutTimes(own(Map.of(), words).output()));
    }
  }

  private static String withoutTimes(String text) {
    return text.replaceAll("xid=0x[0-9a-f]+", "xid")
        .replaceAll("(duration|_age)=\33\\[m\33\\[K[0-9.]+", "$1");
  }
}
