package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;

class TraceTest {
  private static final String UDP =
      "in_port=1,udp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,udp_src=5,udp_dst=6";

  private final TestNetwork network = TestNetwork.oneBridge(3);
  private final TraceCommand command = new TraceCommand(network, network, network.recirculations);

  private String trace(String... arguments) {
    try {
      return command.trace(List.of(arguments), 0);
    } catch (TraceException e) {
      return "error: " + e.getMessage();
    }
  }

  private static String lastLine(String trace) {
    return trace.lines().toList().getLast();
  }

  @Test
  void shouldTellThePacketsWholeWay() {
    network.addFlows(
        "table=0,ip,cookie=0x7 actions=dec_ttl,ct(table=1)", "table=1,ct_state=+new actions=2");
    String ruler = "=".repeat(79);
    assertEquals(
        """
        Flow: udp,in_port=1,vlan_tci=0x0000,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,\
        nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=0,nw_ecn=0,nw_ttl=64,nw_frag=no,tp_src=5,tp_dst=6

        bridge("br0")
        -------------
         0. ip, priority 32768, cookie 0x7
            dec_ttl
            ct(table=1)
            drop
             -> A clone of the packet is forked to recirculate. The forked pipeline will be \
        resumed at table 1.
             -> Sets the packet to an untracked state, and clears all the conntrack fields.

        Final flow: udp,in_port=1,vlan_tci=0x0000,dl_src=02:00:00:00:00:01,\
        dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=0,nw_ecn=0,nw_ttl=63,\
        nw_frag=no,tp_src=5,tp_dst=6
        Megaflow: recirc_id=0,eth,udp,in_port=1,nw_ttl=64,nw_frag=no
        Datapath actions: set(ipv4(ttl=63)),ct,recirc(0x1)

        RULER
        recirc(0x1) - resume conntrack with default ct_state=trk|new (use --ct-next to customize)
        RULER

        Flow: recirc_id=0x1,ct_state=new|trk,eth,udp,in_port=1,vlan_tci=0x0000,\
        dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,\
        nw_tos=0,nw_ecn=0,nw_ttl=63,nw_frag=no,tp_src=5,tp_dst=6

        bridge("br0")
        -------------
            thaw
                Resuming from table 1
         1. ct_state=+new, priority 32768
            output:2

        Final flow: unchanged
        Megaflow: recirc_id=0x1,ct_state=+new,eth,ip,in_port=1,nw_frag=no
        Datapath actions: 2\
        """
            .replace("RULER", ruler),
        trace("br0", UDP));
  }

  @Test
  void shouldKeepTunnelOptionsAsTheSwitchHasThem() {
    OptionLayout table = OptionLayout.NONE.with(Field.TUN_METADATA3, 8, false);
    network.bridge("br0").options = table;
    network.addFlows(
        "table=0 actions=set_field:0xab34/0xffff->tun_metadata3,"
            + "move:tun_metadata3[8..15]->reg0[0..7],resubmit(,1)",
        "table=1,reg0=0xab actions=delete_field:tun_metadata3,move:tun_metadata3[8..15]->reg0[0..7],"
            + "resubmit(,2)",
        "table=2,reg0=0 actions=2");
    assertEquals("Datapath actions: 2", lastLine(trace("br0", UDP)));
    assertEquals("Datapath actions: 2", lastLine(trace("br0", UDP + ",tun_metadata3=5")));
    assertEquals(
        "error: Bad openflow flow syntax: a tunnel option is not in the bridge's TLV table",
        trace("br0", UDP + ",tun_metadata4=5"));
  }

  @Test
  void shouldTakeConnectionStatesInTurn() {
    network.addFlows(
        "table=0,ip actions=ct(table=1)",
        "table=1,ct_state=+est actions=3",
        "table=1,ct_state=+new actions=2");
    assertEquals("Datapath actions: 3", lastLine(trace("br0", UDP, "--ct-next", "trk,est")));
    assertEquals(
        "error: odd: unknown connection tracking state flag",
        trace("br0", UDP, "--ct-next", "odd"));
    assertEquals("error: Missing argument for option --ct-next", trace("br0", UDP, "--ct-next"));
  }

  @Test
  void shouldReadDatapathFlowsAndFrames() {
    network.addFlows("udp,tp_dst=6 actions=2", "arp actions=3");
    String flow = "in_port(1),eth(),eth_type(0x0800),ipv4(proto=17,frag=no),udp(dst=6)";
    assertEquals("Datapath actions: 2", lastLine(trace(flow)));
    assertEquals("Datapath actions: 2", lastLine(trace("ovs-dummy", flow)));
    String arp = "ffffffffffff020000000001" + "0806" + "0001080006040001" + "0".repeat(40);
    assertEquals("Datapath actions: 3", lastLine(trace("br0", "in_port=1", arp)));
  }

  @Test
  void shouldSayWhatIsWrongWithTheArguments() {
    assertEquals("error: br9: unknown bridge", trace("br9", "in_port=1"));
    assertTrue(trace("br0", "in_port=1,nonsense").startsWith("error: Bad openflow flow syntax: "));
    assertEquals("error: --what: unknown option", trace("br0", "in_port=1", "--what"));
    assertTrue(trace("in_port=1").endsWith(" (or the bridge name was omitted)"));
    assertThrows(TraceException.class, () -> command.trace(List.of(), 0));
  }

  @Test
  void shouldTraceAPacketOut() throws TraceException {
    String text = command.tracePacketOut(List.of("br0", UDP, "dec_ttl,3"), 0);
    assertEquals("Datapath actions: set(ipv4(ttl=63)),3", lastLine(text));
  }

  @Test
  void shouldSayWhyATranslationFailed() {
    network.addFlows("actions=resubmit(,0)");
    String text = trace("br0", UDP);
    assertTrue(text.contains(">>>> over max translation depth 64 <<<<"), text);
    assertTrue(
        text.endsWith(
            "Datapath actions: drop\nTranslation failed (Recursion too deep), packet is dropped.\n"),
        text);
  }

  @Test
  void shouldHaveSwitchesLearnFromAPacketOnly() {
    network.addFlows(
        "table=0 actions=learn(table=1,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),resubmit(,1)",
        "table=1,priority=0 actions=NORMAL");
    String answer = UDP.replace("in_port=1", "in_port=2");
    String toOther = answer.replace("dl_dst=02:00:00:00:00:02", "dl_dst=02:00:00:00:00:01");

    String thought = trace("br0", UDP);
    assertTrue(thought.contains("suppressing side effects, so learn action ignored"), thought);
    assertEquals("Datapath actions: 1,3", lastLine(trace("br0", toOther)), "nothing was learned");

    assertEquals("Datapath actions: 2,3", lastLine(trace("br0", UDP, "-generate")));
    assertEquals("Datapath actions: 1", lastLine(trace("br0", toOther)));
  }

  @Test
  void shouldFindAtOnceWhatThePacketItselfTaught() {
    network.addFlows(
        "table=0 actions=learn(table=1,eth_type=0x800,output:NXM_OF_IN_PORT[]),resubmit(,1)",
        "table=1,priority=0 actions=3");
    String trace = trace("br0", UDP, "-generate");
    assertTrue(trace.contains(" 1. ip, priority 32768"), trace);
  }
}
