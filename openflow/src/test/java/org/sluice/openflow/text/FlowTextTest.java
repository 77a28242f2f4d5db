package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Note;

class FlowTextTest {
  private static String normal(String text) throws OfSyntaxException {
    FlowMod flow = FlowParser.parse(FlowMod.Command.ADD, text, Names.NONE);
    String match = MatchFormatter.format(flow.match(), flow.priority(), Names.NONE);
    String actions = new ActionFormatter(Names.NONE).format(flow.actions());
    return (match.isEmpty() ? "" : match + " ") + "actions=" + actions;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "actions=drop | actions=drop",
        "in_port=1,actions=2 | in_port=1 actions=output:2",
        "priority=10,tcp,tp_dst=80,actions=normal | priority=10,tcp,tp_dst=80 actions=NORMAL",
        "dl_vlan=5,dl_vlan_pcp=3,actions=strip_vlan,flood"
            + " | dl_vlan=5,dl_vlan_pcp=3 actions=strip_vlan,FLOOD",
        "vlan_tci=0,actions=drop | vlan_tci=0x0000 actions=drop",
        "vlan_tci=0x1000/0x1000,actions=drop | vlan_tci=0x1000/0x1000 actions=drop",
        "ct_state=+trk+est-new,tcp,actions=ct(commit,zone=5,table=1,alg=ftp)"
            + " | ct_state=-new+est+trk,tcp actions=ct(commit,table=1,zone=5,alg=ftp)",
        "tcp,actions=ct(commit,alg=sip) | tcp actions=ct(commit,alg=sip)",
        "udp,actions=ct(commit,alg=5060) | udp actions=ct(commit,alg=sip)",
        "udp,actions=ct(commit,alg=amanda) | udp actions=ct(commit,alg=amanda)",
        "ip,nw_src=10.0.0.0/8,nw_dst=1.2.3.4/255.0.255.0,actions=controller"
            + " | ip,nw_src=10.0.0.0/8,nw_dst=1.0.3.0/255.0.255.0 actions=CONTROLLER:65535",
        "ipv6,ipv6_src=fe80::/10,actions=drop | ipv6,ipv6_src=fe80::/10 actions=drop",
        "reg0=5/0xf,metadata=1,actions=resubmit(,2) | reg0=0x5/0xf,metadata=0x1"
            + " actions=resubmit(,2)",
        "actions=load:5->NXM_NX_REG0[0..7],move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]"
            + " | actions=load:0x5->NXM_NX_REG0[0..7],move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
        "ip,actions=set_field:10.0.0.1->ip_dst | ip actions=set_field:10.0.0.1->ip_dst",
        "ip,actions=ct(commit,nat(src=10.0.0.1-10.0.0.9:1-2,random),exec(load:1->NXM_NX_CT_MARK[]))"
            + " | ip actions=ct(commit,nat(src=10.0.0.1-10.0.0.9:1-2,random),"
            + "exec(load:0x1->NXM_NX_CT_MARK[]))",
        "tcp,tcp_flags=+syn-ack,actions=drop | tcp,tcp_flags=+syn-ack actions=drop",
        "arp,arp_op=1,arp_tpa=1.1.1.1,actions=in_port"
            + " | arp,arp_tpa=1.1.1.1,arp_op=1 actions=IN_PORT",
        "icmp,icmp_type=8,icmp_code=0,actions=drop | icmp,icmp_type=8,icmp_code=0 actions=drop",
        "actions=learn(table=1,hard_timeout=60,NXM_OF_VLAN_TCI[0..11],"
            + "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])"
            + " | actions=learn(table=1,hard_timeout=60,NXM_OF_VLAN_TCI[0..11],"
            + "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])",
        "actions=learn(table=2,eth_type=0x800,nw_proto=6,load:0x1->reg0[])"
            + " | actions=learn(table=2,eth_type=0x800,nw_proto=6,load:0x1->NXM_NX_REG0[])",
        "ip,nw_frag=later,actions=drop | ip,nw_frag=later actions=drop",
        "ct_label=0/0xf,actions=set_field:0->xreg0,set_field:0/1->reg3,set_field:0->metadata"
            + " | ct_label=0/0xf actions=set_field:0->xreg0,set_field:0/0x1->reg3,set_field:0->metadata",
        "actions=learn(table=1,reg1=0,NXM_NX_REG2[0..3]=0,load:0->NXM_NX_REG3[])"
            + " | actions=learn(table=1,reg1=0,NXM_NX_REG2[0..3]=0,load:0->NXM_NX_REG3[])",
        "actions=write_actions(output:1),goto_table:3"
            + " | actions=write_actions(output:1),goto_table:3",
        "actions=encap(nsh(md_type=2,tlv(0x1000,10,0x12345678))),decap()"
            + " | actions=encap(nsh(md_type=2,tlv(0x1000,10,0x12345678))),decap()",
        "ct_mark=0x3,ct_label=0x5/0xff,actions=drop | ct_mark=0x3,ct_label=0x5/0xff actions=drop"
      })
  void shouldPrintAsOvsOfctlWhenParsed(String text, String expected) throws OfSyntaxException {
    assertEquals(expected, normal(text));
  }

  /** Nothing behind the sign stands for a value and a mask of 0, which some fields cannot have. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "in_port= | 0/0: invalid or unknown port for in_port",
        "eth_src= | 0/0: invalid Ethernet address",
        "ip,nw_src= | 0/0: invalid IP address"
      })
  void shouldRefuseFieldsWithoutValueAsOvsOfctlDoes(String match, String expected) {
    String flow = match + ",actions=drop";
    assertEquals(expected, assertThrows(OfSyntaxException.class, () -> normal(flow)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata=", "dl_type=", "dl_vlan="})
  void shouldTakeOtherFieldsWithoutValueForAnything(String match) throws OfSyntaxException {
    assertEquals("actions=drop", normal(match + ",actions=drop"));
  }

  @ParameterizedTest
  @CsvSource({
    "load:0x1ffff->NXM_OF_VLAN_TCI[], cannot parse integer value",
    "load:-1->NXM_NX_REG0[], cannot parse integer value",
    "load:0x1ffff->NXM_NX_REG0[0..3], value 0x1ffff does not fit into 4 bits"
  })
  void shouldRefuseToLoadMoreThanTheFieldHolds(String action, String expected) {
    OfSyntaxException refused =
        assertThrows(OfSyntaxException.class, () -> normal("actions=" + action));
    assertEquals(action.substring("load:".length()) + ": " + expected, refused.getMessage());
  }

  @Test
  void shouldWarnOfTablesThatNoSwitchHas() {
    List<Note> notes = new ArrayList<>();
    assertEquals(-1, Names.NONE.withLog(notes::add).table("999"));
    String text = "table 999 is outside the supported range 0 through 255";
    assertEquals(List.of(new Note.Remark(Note.Level.WARN, "ofp_table", text, true)), notes);
  }

  @Test
  void shouldDropFieldsThatCannotMatchWhenEthTypeIsMissing() throws OfSyntaxException {
    assertEquals("actions=drop", normal("nw_src=1.2.3.4,tp_dst=80,actions=drop"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp",
        "tcp,actions=outptu:1",
        "tcp,tp_dst=99999,actions=drop",
        "foo=1,actions=drop",
        "nw_src=1.2.3.4.5,ip,actions=drop",
        "dl_src=zz,actions=drop",
        "actions=drop,output:1",
        "actions=goto_table:1,write_metadata:1",
        "actions=ct(force)",
        "actions=load:256->reg0[0..7]",
        "actions=set_field:5->eth_type",
        "actions=load:5->NXM_NX_CT_MARK[]",
        "actions=resubmit:nosuch",
        "in_port=1/3,actions=drop",
        "cookie=1/2,actions=drop",
        "actions=ct(commit)",
        "udp,actions=ct(commit,alg=ftp)",
        "udp,actions=ct(commit,alg=irc)",
        "tcp,actions=ct(commit,alg=22)",
        "tcp,actions=ct(commit,alg=nosuch)",
        "table=3,actions=goto_table:2",
        "actions=set_field:80->tcp_dst",
        "actions=learn(tcp_dst=80)",
        "actions=encap(gre)"
      })
  void shouldRefuseWithOneLineWhenSyntaxIsWrong(String text) {
    OfSyntaxException wrong = assertThrows(OfSyntaxException.class, () -> normal(text));
    assertEquals(1, wrong.getMessage().lines().count());
  }

  @Test
  void shouldReadCommandsAndCommentsWhenFileHasThem() throws OfSyntaxException {
    String text =
        """
        # policy
        table=0,priority=1 actions=normal

        delete table=3
          add in_port=LOCAL,actions=drop # host
        """;
    List<FlowMod> flows = FlowFile.parse("p.flows", text, Names.NONE);
    assertEquals(
        List.of(FlowMod.Command.ADD, FlowMod.Command.DELETE, FlowMod.Command.ADD),
        flows.stream().map(FlowMod::command).toList());
  }

  @Test
  void shouldNameFileAndLineWhenALineIsWrong() {
    OfSyntaxException wrong =
        assertThrows(
            OfSyntaxException.class,
            () -> FlowFile.parse("p.flows", "actions=drop\n\nbad=1,actions=2\n", Names.NONE));
    assertEquals("p.flows:3: unknown keyword bad", wrong.getMessage());
  }
}
