package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.packet.DropReason;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.vswitchd.l2.MacTable;

class TranslatorTest {
  private static final String TCP =
      "in_port=1,tcp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,tp_src=1000,tp_dst=80";

  private final TestNetwork network = TestNetwork.oneBridge(4);

  private String actions(String flow) {
    Outcome outcome = network.translate(flow);
    return DpActionText.format(outcome.actions(), TestNetwork.key(flow), FlowTextOptions.PLAIN);
  }

  @Test
  void shouldDropWithAReasonWhenNothingSends() {
    Outcome outcome = network.translate(TCP);
    assertEquals(List.of(), outcome.actions());
    assertEquals(DropReason.NO_ACTION, outcome.drop());
    assertTrue(outcome.install());
    network.addFlows("actions=output:9");
    assertEquals(DropReason.INVALID_PORT, network.translate(TCP).drop());
  }

  @Test
  void shouldSendHeaderChangesOnlyWhereThePacketIsSeen() {
    network.addFlows(
        "ip actions=dec_ttl,2,mod_nw_dst:10.9.9.9,mod_tp_dst:8080,3,mod_dl_src:2:0:0:0:0:9");
    assertEquals("set(ipv4(ttl=63)),2,set(ipv4(dst=10.9.9.9)),set(tcp(dst=8080)),3", actions(TCP));
  }

  @Test
  void shouldSendNothingForChangesThatCancel() {
    network.addFlows(
        "actions=mod_dl_src:02:00:00:00:00:09,mod_dl_src:02:00:00:00:00:01,"
            + "push_vlan:0x8100,set_field:4106->vlan_vid,pop_vlan,output:2");
    assertEquals("2", actions(TCP));
  }

  @Test
  void shouldSetOnlyTheBitsThatWereSet() {
    network.addFlows("actions=set_field:0a:00:00:00:00:00/0f:00:00:00:00:00->eth_src,2");
    assertEquals("set(eth(src=0a:00:00:00:00:00/0f:00:00:00:00:00)),2", actions(TCP));
  }

  @Test
  void shouldPushAndPopTags() {
    network.addFlows(
        "in_port=1 actions=mod_vlan_vid:10,2", "in_port=2 actions=strip_vlan,mod_vlan_pcp:3,1");
    assertEquals("push_vlan(vid=10,pcp=0),2", actions(TCP));
    assertEquals("pop_vlan,push_vlan(vid=0,pcp=3),1", actions("in_port=2,dl_vlan=7"));
  }

  @Test
  void shouldNotSendOutOfTheInputPortUnlessToldTo() {
    network.addFlows(
        "in_port=1 actions=1,2", "in_port=2 actions=in_port,1", "in_port=3 actions=all");
    assertEquals("2", actions("in_port=1"));
    assertEquals("2,1", actions("in_port=2"));
    assertEquals("1,2,4", actions("in_port=3"));
  }

  @Test
  void shouldCoverWhatTablesAndActionsLookedAtAndNoMore() {
    network.addFlows("tcp,tp_dst=80 actions=2", "priority=1 actions=drop");
    Outcome outcome = network.translate(TCP);
    assertTrue(outcome.mask().covers(Field.TCP_DST));
    assertTrue(outcome.mask().covers(Field.NW_PROTO));
    assertTrue(outcome.mask().covers(Field.IP_FRAG));
    assertFalse(outcome.mask().touches(Field.IP_SRC));
    assertFalse(outcome.mask().touches(Field.ETH_SRC));
    assertFalse(network.translate("in_port=1,arp").mask().touches(Field.TCP_DST));
  }

  @Test
  void shouldCoverTheSourceOfAnOutputThatNamesNoPort() {
    network.addFlows("actions=output:NXM_OF_ETH_SRC[16..47]");
    assertEquals(0xffff_ffff_0000L, network.translate(TCP).mask().get(Field.ETH_SRC));
  }

  @Test
  void shouldCoverWhetherThereIsAConnectionToLookUpBy() {
    network.addFlows("actions=resubmit(,1,ct),2");
    assertEquals(0xff, network.translate(TCP).mask().get(Field.CT_NW_PROTO));
  }

  @Test
  void shouldCoverTheProtocolWhereItsHeaderIsCopiedInto() {
    network.addFlows(
        "in_port=1,ip actions=move:NXM_OF_ETH_SRC[0..31]->NXM_OF_IP_SRC[],2",
        "in_port=2,ip actions=push:NXM_OF_ETH_SRC[0..31],pop:NXM_OF_IP_SRC[],3");
    assertEquals(0xff, network.translate(TCP).mask().get(Field.NW_PROTO));
    String other = TCP.replace("in_port=1", "in_port=2");
    assertEquals(0xff, network.translate(other).mask().get(Field.NW_PROTO));
  }

  @Test
  void shouldCoverTheMarkOnlyWhereAConnectionGetsItFromThePacket() {
    network.addFlows(
        "in_port=1,ip actions=ct(commit,exec(move:NXM_NX_CT_MARK[]->NXM_NX_CT_LABEL[0..31])),2",
        "in_port=2,ip actions=ct(commit,exec(set_field:1->ct_mark)),3");
    assertEquals(0xffff_ffffL, network.translate(TCP).mask().get(Field.CT_MARK));
    String other = TCP.replace("in_port=1", "in_port=2");
    assertEquals(0, network.translate(other).mask().get(Field.CT_MARK));
  }

  @Test
  void shouldNotTakeRegistersForPacket() {
    network.addFlows(
        "table=0 actions=set_field:7->reg0,set_field:5->metadata,resubmit(,1)",
        "table=1,reg0=7,metadata=5 actions=2");
    Outcome outcome = network.translate(TCP);
    assertEquals(1, outcome.actions().size());
    assertFalse(outcome.mask().touches(Field.REG0));
    assertFalse(outcome.mask().touches(Field.METADATA));
  }

  @Test
  void shouldCopyBitsBetweenFields() {
    network.addFlows(
        "tcp actions=move:NXM_OF_TCP_DST[]->NXM_NX_REG0[0..15],output:NXM_NX_REG0[0..3],"
            + "push:NXM_OF_ETH_SRC[],pop:NXM_OF_ETH_DST[],output:2");
    assertEquals(
        "3,set(eth(dst=02:00:00:00:00:01)),2", actions(TCP.replace("tp_dst=80", "tp_dst=83")));
    assertTrue(network.translate(TCP).mask().covers(Field.TCP_DST));
  }

  @Test
  void shouldAskTheControllerWhenTheTtlIsUp() {
    network.addFlows("ip actions=dec_ttl,2");
    assertEquals(
        "userspace(pid=0,controller(reason=2,dont_send=0,continuation=0,recirc_id=1,"
            + "rule_cookie=0,controller_id=0,max_len=65535))",
        actions(TCP.replace("nw_ttl=64", "nw_ttl=1")));
  }

  @Test
  void shouldForkThePipelineAtConnectionTracking() {
    network.addFlows(
        "table=0,ip actions=set_field:9->reg1,ct(zone=5,table=1),3",
        "table=1,tcp,ct_state=+trk+new,reg1=9 actions=ct(commit,zone=NXM_NX_REG1[0..15],"
            + "exec(set_field:0x5->ct_mark,set_field:0x7/0xf->ct_label),alg=ftp),2");
    assertEquals("ct(zone=5),recirc(0x1),3", actions(TCP));
    assertEquals("ct(zone=5),recirc(0x1),3", actions(TCP));
    String later = TCP + ",recirc_id=1,ct_state=trk|new";
    Outcome outcome =
        network.translator.translate(
            new Job(
                network.bridge("br0"),
                TestNetwork.key(later.replace("trk|new", "+trk+new")),
                network.recirculations.find(1, 0),
                null,
                0));
    assertEquals(
        "ct(commit,zone=9,mark=0x5/0xffffffff,label=0x7/0xf,helper=ftp),2",
        DpActionText.format(outcome.actions()));
    assertTrue(outcome.mask().touches(Field.CT_STATE));
    assertFalse(outcome.mask().touches(Field.CT_MARK));
  }

  @Test
  void shouldRefuseARecirculationThatNobodyKnows() {
    Outcome outcome = network.translate(TCP + ",recirc_id=77");
    assertEquals(DropReason.RECIRCULATION_UNKNOWN, outcome.drop());
    assertTrue(outcome.failed());
  }

  @Test
  void shouldGoOnInTheBridgeBehindAPatchPort() {
    network.addBridge("br1");
    network.addPort("br1", 1, 11);
    network.addPatch("br0", "br1", 9);
    network.addFlows("in_port=1 actions=set_field:1->reg0,mod_dl_src:02:00:00:00:00:99,9,2");
    network.addFlow("br1", "in_port=9,reg0=0 actions=mod_dl_dst:02:00:00:00:00:77,1");
    assertEquals(
        "set(eth(src=02:00:00:00:00:99,dst=02:00:00:00:00:77)),11,"
            + "set(eth(dst=02:00:00:00:00:02)),2",
        actions(TCP));
  }

  @Test
  void shouldWorkOnACopyWhereWhatThePeerDoesCannotBeUndone() {
    network.addBridge("br1");
    network.addPort("br1", 1, 11);
    network.addPatch("br0", "br1", 9);
    network.addFlows("in_port=1 actions=9,2");
    network.addFlow("br1", "in_port=9,ip actions=ct(commit),1");
    assertEquals("clone(ct(commit),11),2", actions(TCP));
  }

  @Test
  void shouldRunTheRestForLongPacketsAndForOthers() {
    network.addFlows(
        "table=0 actions=resubmit(,1),4",
        "table=1 actions=check_pkt_larger(200)->NXM_NX_REG0[0],resubmit(,2)",
        "table=2,ip,reg0=1 actions=dec_ttl,2",
        "table=2,reg0=0 actions=3");
    assertEquals("check_pkt_len(size=200,gt(set(ipv4(ttl=63)),2),le(3)),4", actions(TCP));
    assertEquals("check_pkt_len(size=200,gt(drop),le(3)),4", actions("in_port=1,arp"));
  }

  @Test
  void shouldStopAPacketThatRunsInCircles() {
    network.addFlows("actions=resubmit(,0)");
    assertEquals(DropReason.TRANSLATION_TOO_DEEP, network.translate(TCP).drop());
    TestNetwork doubling = TestNetwork.oneBridge(2);
    for (int table = 0; table < 14; table++) {
      doubling.addFlows(
          "table=%d actions=resubmit(,%d),resubmit(,%d)".formatted(table, table + 1, table + 1));
    }
    assertEquals(DropReason.TOO_MANY_RESUBMITS, doubling.translate(TCP).drop());
  }

  @Test
  void shouldRunTheActionSetInItsOwnOrder() {
    network.addFlows(
        "table=0,ip actions=write_actions(output:2,mod_dl_dst:02:00:00:00:00:55,dec_ttl),goto_table:1",
        "table=1 actions=write_actions(output:3)");
    assertEquals("set(eth(dst=02:00:00:00:00:55)),set(ipv4(ttl=63)),3", actions(TCP));
  }

  /** A controller sent it, or it came by a patch port and waited for a controller. */
  @Test
  void shouldGoOnWithATrackedPacketThatCameByNoPort() {
    network.addFlows("table=0,ip actions=ct(table=1)", "table=1,in_port=controller actions=2");
    FlowKey key = TestNetwork.key(TCP.replace("in_port=1", "in_port=controller"));
    Translator translator = new Translator(network, network.recirculations);
    Outcome asked = translator.translate(Job.received(network.bridge("br0"), key, 0));
    int id = ((DpAction.Recirculate) asked.actions().getLast()).recircId();
    key.set(Field.IN_PORT, 0);
    assertNull(translator.translateUpcall(key, 0), "no port, and no way to go on");
    key.set(Field.RECIRC_ID, id);
    Outcome outcome = translator.translateUpcall(key, 0);
    assertEquals("2", DpActionText.format(outcome.actions(), key, FlowTextOptions.PLAIN));
  }

  @Test
  void shouldReturnALearnedRuleAsAnEffect() {
    network.addFlows(
        "tcp actions=learn(table=1,idle_timeout=60,cookie=0x9,eth_type=0x800,nw_proto=6,"
            + "NXM_OF_IP_SRC[]=NXM_OF_IP_DST[],NXM_OF_TCP_DST[]=NXM_OF_TCP_SRC[],"
            + "load:NXM_OF_IN_PORT[]->NXM_NX_REG0[0..15],output:NXM_OF_IN_PORT[]),2");
    Outcome outcome = network.translate(TCP);
    Effect.LearnRule learned =
        outcome.effects().stream()
            .filter(Effect.LearnRule.class::isInstance)
            .map(Effect.LearnRule.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(1, learned.table());
    assertEquals(60, learned.timeouts().idleS());
    assertEquals(
        "tcp,nw_src=10.0.0.2,tp_dst=1000", MatchFormatter.format(learned.match(), Names.NONE));
    assertEquals(
        "load:0x1->NXM_NX_REG0[0..15],output:1",
        new ActionFormatter(Names.NONE).format(learned.actions()));
    assertTrue(outcome.mask().covers(Field.IP_DST));
    assertTrue(outcome.mask().covers(Field.TCP_SRC));
    assertFalse(outcome.mask().touches(Field.IP_SRC));
  }

  @Test
  void shouldFloodAndThenForwardAsStationsBecomeKnown() {
    network.addFlows("actions=normal");
    assertEquals("2,3,4", actions(TCP));
    Effect effect = network.translate(TCP).effects().getLast();
    MacTable.Sighting sighting = assertInstanceOf(Effect.LearnStation.class, effect).sighting();
    assertEquals(new MacTable.Sighting(0x0200_0000_0001L, 0, 1, false, false), sighting);
    network
        .bridge("br0")
        .macTable()
        .learn(new MacTable.Sighting(0x0200_0000_0002L, 0, 3, false, false), 0);
    assertEquals("3", actions(TCP));
    assertNull(network.translate(TCP).drop());
  }

  @Test
  void shouldPuntMissesWhereControllersWantThem() {
    network.bridge("br0").miss = BridgeView.TableMiss.CONTROLLER;
    assertEquals(
        "userspace(pid=0,controller(reason=7,dont_send=0,continuation=0,recirc_id=1,"
            + "rule_cookie=0,controller_id=0,max_len=65535))",
        actions(TCP));
  }

  @Test
  void shouldSeeFragmentsAsConfigured() {
    network.addFlows("udp,tp_dst=53 actions=2", "udp,tp_dst=0 actions=3");
    String first = "in_port=1,udp,nw_frag=first,tp_dst=53";
    assertEquals("3", actions(first));
    network.bridge("br0").fragments = BridgeView.FragmentHandling.MATCH;
    assertEquals("2", actions(first));
    network.bridge("br0").fragments = BridgeView.FragmentHandling.DROP;
    assertEquals("drop", actions(first));
  }

  @Test
  void shouldSayWhichActionsItDoesNotKnow() {
    network.addFlows("actions=push_mpls:0x8847,2");
    assertEquals(DropReason.UNSUPPORTED_ACTION, network.translate(TCP).drop());
  }
}
