package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.action.OfPort;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.PriorityTags;
import org.sluice.vswitchd.l2.VlanMode;
import org.sluice.vswitchd.l2.VlanSet;

/**
 * The same flows and packets in Open vSwitch and here must come to the same megaflows and datapath
 * actions.
 */
class RealSwitchComparisonTest {
  private static final Pattern RECIRCULATION =
      Pattern.compile("(recirc\\(|recirc_id=)(0x[0-9a-f]+|[1-9][0-9]*)");
  private static final String TCP =
      "in_port=1,tcp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,tp_src=1000,tp_dst=80";
  private static final String UDP6 =
      "in_port=2,udp6,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "ipv6_src=fd00::1,ipv6_dst=fd00::2,nw_ttl=2,udp_src=5,udp_dst=6";
  private static final String ARP =
      "in_port=1,arp,dl_src=02:00:00:00:00:01,dl_dst=ff:ff:ff:ff:ff:ff,"
          + "arp_spa=10.0.0.1,arp_tpa=10.0.0.2,arp_op=1,arp_sha=02:00:00:00:00:01";
  private static final String TAGGED =
      "in_port=2,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "dl_vlan=10,dl_vlan_pcp=3,dl_type=0x1234";

  private static RealSwitch real;
  private final TestNetwork network = new TestNetwork();

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(
        RealSwitch.isInstalled(), "skipped: the package openvswitch-switch is not installed");
    real = RealSwitch.start();
    real.vsctl(
        "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail_mode=secure");
    real.vsctl(
        "add-br", "br1", "--", "set", "bridge", "br1", "datapath_type=dummy", "fail_mode=secure");
    addPort("br0", "p1", 1, "type=dummy");
    addPort("br0", "p2", 2, "type=dummy");
    addPort("br0", "p3", 3, "type=dummy");
    addPort("br1", "p11", 1, "type=dummy");
    addPort("br0", "pa", 9, "type=patch", "options:peer=pb");
    addPort("br1", "pb", 9, "type=patch", "options:peer=pa");
    for (String bridge : List.of("br0", "br1")) {
      real.vsctl("set", "bridge", bridge, "protocols=OpenFlow10,OpenFlow13,OpenFlow15");
    }
    real.vsctl("set", "port", "p2", "tag=10");
    real.vsctl("set", "port", "p3", "vlan_mode=native-untagged", "tag=10", "trunks=10,20");
  }

  private static void addPort(String bridge, String name, int number, String... settings) {
    List<String> arguments =
        new ArrayList<>(List.of("add-port", bridge, name, "--", "set", "interface", name));
    arguments.add("ofport_request=" + number);
    arguments.addAll(List.of(settings));
    real.vsctl(arguments.toArray(String[]::new));
  }

  @AfterAll
  static void stop() throws IOException {
    if (real != null) {
      real.close();
    }
  }

  RealSwitchComparisonTest() {
    network.addBridge("br0");
    network.addBridge("br1");
    network.addPort("br0", OfPort.LOCAL, 100);
    network.addPort("br0", 1, 1);
    network.addPort("br0", 2, Bundle.access(2, "p2", 2, 10));
    VlanSet trunks = VlanSet.of(List.of(10, 20));
    network.addPort(
        "br0",
        3,
        new Bundle(3, "p3", VlanMode.NATIVE_UNTAGGED, 10, trunks, List.of(3), PriorityTags.NEVER));
    network.addPort("br1", OfPort.LOCAL, 101);
    network.addPort("br1", 1, 11);
    network.addPatch("br0", "br1", 9);
  }

  private void compare(List<String> flows, String... packets) {
    compare(flows, List.of(), packets);
  }

  private void compare(List<String> flows, List<String> peerFlows, String... packets) {
    real.replaceFlows("br0", flows);
    real.replaceFlows("br1", peerFlows);
    flows.forEach(flow -> network.addFlow("br0", flow));
    peerFlows.forEach(flow -> network.addFlow("br1", flow));
    for (String packet : packets) {
      String expected = real.trace("br0", packet);
      String actual = network.trace(packet);
      assertEquals(verdicts(expected), verdicts(actual), () -> expected + "\n\n" + actual);
    }
  }

  /** The lines that say what the datapath is told, with ids counted from 1. */
  private static String verdicts(String trace) {
    StringBuilder lines = new StringBuilder();
    for (String line : trace.lines().toList()) {
      if (line.startsWith("Megaflow: ") || line.startsWith("Datapath actions: ")) {
        lines.append(line).append('\n');
      }
    }
    Map<String, String> ids = new HashMap<>();
    Matcher matcher = RECIRCULATION.matcher(lines);
    return matcher.replaceAll(found ->
        found.group(1)
            + ids.computeIfAbsent(
                Long.decode(found.group(2)).toString(), id -> "#" + (ids.size() + 1)));
  }

  @Test
  void shouldAgreeOnOutputs() {
    compare(
        List.of(
            "priority=10,tcp,tp_dst=80 actions=2,3,in_port",
            "priority=9,tcp,nw_dst=10.0.0.0/8 actions=all",
            "priority=8,arp actions=flood",
            "priority=7,udp6 actions=1,7,2",
            "priority=6,dl_vlan=10 actions=output:NXM_OF_VLAN_TCI[13..14]"),
        TCP,
        TCP.replace("tp_dst=80", "tp_dst=81"),
        ARP,
        UDP6,
        TAGGED,
        "in_port=3,dl_type=0x4321");
  }

  @Test
  void shouldAgreeOnHeaderChanges() {
    compare(
        List.of(
            "priority=10,tcp actions=mod_dl_src:02:00:00:00:00:99,2,mod_nw_dst:10.1.1.1,dec_ttl,"
                + "mod_nw_tos:16,3,mod_tp_dst:8080,mod_dl_dst:02:00:00:00:00:98,2",
            "priority=9,udp6 actions=set_field:fd00::9->ipv6_dst,mod_tp_src:9,mod_nw_ttl:9,1",
            "priority=8,arp actions=set_field:0a:00:00:00:00:00/0f:00:00:00:00:00->eth_src,2",
            "priority=7,dl_vlan=10 actions=strip_vlan,1,mod_vlan_vid:20,3,mod_vlan_pcp:1,1",
            "priority=6,udp actions=mod_tp_src:7,2",
            "priority=5 actions=mod_vlan_vid:7,push_vlan:0x8100,2"),
        TCP,
        UDP6,
        ARP,
        TAGGED,
        "in_port=1,udp,nw_frag=later",
        "in_port=1,dl_type=0x4321");
  }

  @Test
  void shouldAgreeOnRegistersAndTables() {
    compare(
        List.of(
            "table=0,ip actions=set_field:5->metadata,load:0x3->NXM_NX_REG0[0..3],"
                + "move:NXM_OF_IP_SRC[0..7]->NXM_NX_REG1[0..7],resubmit(,1),resubmit(,2)",
            "table=1,reg0=3,metadata=5 actions=output:NXM_NX_REG0[]",
            "table=2,reg1=1 actions=goto_table:3",
            "table=3,tcp actions=write_actions(output:2,dec_ttl),goto_table:4",
            "table=4 actions=push:NXM_OF_ETH_SRC[],pop:NXM_OF_ETH_DST[],3"),
        TCP,
        TCP.replace("10.0.0.1", "10.0.0.2"),
        ARP);
  }

  @Test
  void shouldAgreeOnPrefixes() {
    compare(
        List.of(
            "priority=10,ip,nw_dst=10.0.0.0/24 actions=2",
            "priority=20,ip,nw_dst=10.0.0.128/25 actions=3",
            "priority=30,ip,nw_dst=11.0.0.0/8 actions=1"),
        TCP,
        TCP.replace("nw_dst=10.0.0.2", "nw_dst=10.0.0.200"));
  }

  @Test
  void shouldAgreeOnNormalBridging() {
    compare(
        List.of("actions=normal"),
        TCP.replace("in_port=1", "in_port=2"),
        ARP.replace("in_port=1", "in_port=2"),
        TCP.replace("in_port=1,", "in_port=3,dl_vlan=20,"),
        TCP.replace("in_port=1,", "in_port=1,dl_vlan=10,"),
        TAGGED,
        "in_port=2,dl_dst=01:80:c2:00:00:00,dl_type=0x4321");
  }

  @Test
  void shouldAgreeOnConnectionTracking() {
    compare(
        List.of(
            "table=0,ip actions=set_field:9->reg1,ct(zone=5,table=1)",
            "table=0,arp actions=2",
            "table=1,ct_state=+trk+new,reg1=9,tcp actions=ct(commit,zone=NXM_NX_REG1[0..15],"
                + "exec(set_field:0x5->ct_mark,set_field:0x7/0xf->ct_label),alg=ftp),2",
            // Of subtables with the same highest priority the real one takes any first.
            "table=1,priority=40000,ct_state=+trk+est actions=3"),
        TCP,
        UDP6,
        ARP);
  }

  @Test
  void shouldAgreeOnForksInTheMiddle() {
    compare(
        List.of(
            "table=0,ip actions=ct(table=1),dec_ttl,3,ct_clear,2",
            "table=1,ip actions=mod_nw_dst:1.2.3.4,ct(force,commit,table=2),ct_clear,3",
            "table=2 actions=2"),
        TCP,
        UDP6);
  }

  @Test
  void shouldAgreeOnPatchPorts() {
    compare(
        List.of(
            "in_port=1,tcp actions=mod_nw_dst:10.2.2.2,9,2",
            "in_port=1,arp actions=9,2",
            "in_port=2 actions=9"),
        List.of(
            "in_port=9,tcp,nw_dst=10.2.2.2 actions=mod_nw_src:10.3.3.3,1",
            "in_port=9,arp actions=1",
            "in_port=9,udp6 actions=ct(table=1)",
            "table=1,ct_state=+new actions=1"),
        TCP,
        ARP,
        UDP6);
  }

  @Test
  void shouldAgreeOnClones() {
    compare(
        List.of(
            "tcp actions=clone(mod_nw_dst:10.2.2.2,2),3",
            "udp6 actions=clone(ct(commit),1),3",
            "arp actions=clone(2),clone(3)"),
        TCP,
        UDP6,
        ARP);
  }

  @Test
  void shouldAgreeOnLengths() {
    compare(
        List.of(
            "table=0,tcp actions=check_pkt_larger(200)->NXM_NX_REG0[0],resubmit(,1),3",
            "table=0,udp6 actions=resubmit(,4),2",
            "table=0,arp actions=check_pkt_larger(60)->NXM_NX_REG0[0],2",
            "table=1,reg0=0x1/0x1 actions=mod_dl_dst:82:82:82:82:82:82,controller,2",
            "table=1,priority=1,ip actions=clone(mod_nw_dst:10.4.4.4,2),ct(table=3)",
            "table=3 actions=2",
            "table=4 actions=check_pkt_larger(1500)->NXM_NX_REG1[5],resubmit(,5)",
            "table=5,reg1=0x20/0x20 actions=exit"),
        TCP,
        UDP6,
        ARP);
  }

  @Test
  void shouldAgreeOnControllers() {
    compare(
        List.of(
            "priority=10,tcp actions=controller:100",
            "priority=10,udp6 actions=dec_ttl,dec_ttl,1",
            "priority=10,arp,cookie=0x77 actions=controller(reason=no_match,id=3),2"),
        TCP,
        UDP6,
        ARP);
  }

  @Test
  void shouldAgreeOnFragments() {
    compare(
        List.of("priority=10,udp,tp_dst=53 actions=2", "priority=5,udp actions=3"),
        "in_port=1,udp,nw_frag=first,udp_dst=53",
        "in_port=1,udp,nw_frag=later",
        "in_port=1,udp,nw_frag=no,udp_dst=53");
  }

  @Test
  void shouldAgreeOnExits() {
    compare(
        List.of(
            "table=0,tcp actions=resubmit(,1),2",
            "table=1,tcp actions=3,exit,2",
            "table=0,arp actions=clone(2,exit,3),3",
            "table=0,udp6 actions=write_actions(output:1),goto_table:2",
            "table=2 actions=exit,3"),
        TCP,
        ARP,
        UDP6);
  }

  @Test
  void shouldAgreeOnOtherOutputs() {
    compare(
        List.of(
            "priority=9,tcp actions=output(port=2,max_len=100),3",
            "priority=9,udp6 actions=enqueue(1,2),3,set_queue:7,1,pop_queue,3",
            "priority=9,arp actions=note:01.02,resubmit(2,1),resubmit(3,2)",
            "table=1,in_port=2 actions=in_port,2",
            "table=2,in_port=3,arp,arp_op=1 actions=set_field:2->arp_op,move:NXM_NX_ARP_SHA[]->"
                + "NXM_OF_ETH_DST[],local"),
        TCP,
        UDP6);
  }

  @Test
  void shouldAgreeOnPretendedPorts() {
    compare(
        List.of(
            "arp actions=resubmit(2,1),resubmit(3,2)",
            "table=1,in_port=2 actions=in_port,2",
            "table=2,in_port=3 actions=normal"),
        ARP);
  }

  @Test
  void shouldAgreeOnActionSets() {
    compare(
        List.of(
            "table=0,tcp actions=2,write_actions(set_field:02:00:00:00:00:77->eth_dst,output:9)",
            "table=0,arp actions=3,clear_actions,write_actions(output:2)",
            "table=0,udp6 actions=write_actions(push_vlan:0x8100,set_field:4100->vlan_vid,dec_ttl,"
                + "output:1),write_metadata:0x5,goto_table:5",
            "table=5,metadata=5 actions=3,write_actions(output:in_port)"),
        List.of("in_port=9,tcp actions=write_actions(output:1,set_field:1.1.1.1->ip_src)"),
        TCP,
        ARP,
        UDP6);
  }

  @Test
  void shouldAgreeOnTrackingTwice() {
    compare(
        List.of(
            "table=0,ip actions=ct(zone=1,table=1)",
            "table=1,ct_zone=1,ct_state=+trk,ip actions=ct_clear,ct(zone=2,table=2)",
            "table=2,ct_zone=2,ct_state=+new-est,ct_mark=0,ip actions=set_field:4->reg0,"
                + "ct(commit,force,zone=2,exec(move:NXM_NX_REG0[]->NXM_NX_CT_MARK[])),"
                + "resubmit(,3),ct(commit,zone=1),2",
            "table=3,ip,nw_ttl=0/0 actions=3"),
        TCP,
        UDP6);
  }

  @Test
  void shouldAgreeOnBitsOfHeaders() {
    compare(
        List.of(
            "priority=9,tcp,nw_tos=0 actions=set_field:3->nw_ecn,2,set_field:10->ip_dscp,3",
            "priority=9,udp6 actions=1,set_field:fd00::/ffff::->"
                + "ipv6_src,move:NXM_NX_IPV6_SRC[0..15]->NXM_NX_IPV6_DST[16..31],3",
            "priority=9,arp actions=load:0x5->NXM_OF_ETH_DST[40..47],2,"
                + "move:NXM_OF_IN_PORT[0..11]->NXM_OF_VLAN_TCI[0..11],3",
            "priority=9,icmp actions=set_field:8->icmp_type,2"),
        TCP,
        UDP6);
  }
}
