package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.datapath.DpAction.SetField;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.flow.FlowTextOptions;

class DpActionTextTest {
  @Test
  void shouldReadWhatItWrites() throws FlowSyntaxException {
    for (String text :
        List.of(
            "drop",
            "1,2,3",
            "set(ipv4(ttl=63)),ct(commit,zone=1,mark=0x1/0x1,helper=ftp),recirc(0x1)",
            "ct,recirc(0x2)",
            "ct(force_commit,zone=65535,label=0x1/0xff,nat(src=10.0.0.1-10.0.0.9:1024-2048,random))",
            "ct(commit,label=0x123456789abcdef0123456789abcdef,nat(dst=[fc00::1]:80,hash))",
            "ct(nat),ct(commit,nat(src=fc00::1-fc00::9,persistent)),ct(commit,nat(dst=1.2.3.4))",
            "ct_clear,pop_vlan,push_vlan(vid=5,pcp=0),push_vlan(tpid=0x88a8,vid=1,pcp=7)",
            "clone(set(eth(src=00:01:02:03:04:05)),1),trunc(100),2",
            "check_pkt_len(size=200,gt(set(eth(dst=00:01:02:03:04:05)),4),le(drop)),2",
            "hash(l4(0)),hash(sym_l4(7)),meter(3),4",
            "set(eth(src=00:01:02:03:04:05,dst=00:01:02:03:04:06)),set(skb_mark(0x5/0xf))",
            "set(ipv6(dst=fe80::1)),set(udp(src=1,dst=2)),set(tcp(dst=80)),set(sctp(src=9))",
            "set(arp(op=2,sha=00:01:02:03:04:05)),set(nd(target=fe80::1)),set(icmp(type=3))",
            "set(mpls(label=5,tc=1,ttl=64,bos=1)),set(ipv4(src=10.0.0.0/255.0.0.0,tos=0x4/0xfc))",
            "userspace(pid=0,controller(reason=1,dont_send=0,continuation=1,recirc_id=4444,"
                + "rule_cookie=0xffffffffffffffff,controller_id=0,max_len=65535))",
            "userspace(pid=0,slow_path(action)),1")) {
      List<DpAction> actions = DpActionText.parse(text, FlowTextOptions.PLAIN);
      assertEquals(text, DpActionText.format(actions));
    }
  }

  @Test
  void shouldNameTheHeaderOfThePacketWhenKeyIsKnown() {
    FlowKey key = new FlowKey();
    key.set(Field.ETH_TYPE, 0x86dd);
    key.set(Field.NW_PROTO, 17);
    List<DpAction> actions =
        List.of(SetField.exact(Field.NW_TTL, 63), SetField.exact(Field.TCP_DST, 53));
    assertEquals(
        "set(ipv6(hlimit=63)),set(udp(dst=53))",
        DpActionText.format(actions, key, FlowTextOptions.PLAIN));
    assertEquals("set(ipv4(ttl=63)),set(tcp(dst=53))", DpActionText.format(actions));
  }

  @Test
  void shouldUnderstandPortsByNameWhenNamesAreGiven() throws FlowSyntaxException {
    FlowTextOptions names = new FlowTextOptions(false, Map.of(7, "eth7"), 1);
    List<DpAction> actions = DpActionText.parse("eth7,8", names);
    assertEquals(List.of(new DpAction.Output(7), new DpAction.Output(8)), actions);
    assertEquals("eth7,8", DpActionText.format(actions, null, names));
  }

  @Test
  void shouldRefuseWhenTextMakesNoSense() {
    for (String text :
        List.of(
            "foo",
            "set(foo(1))",
            "set(ipv4(ttl=999))",
            "ct(zone=x)",
            "ct(nat(src=1.2.3.4,dst=1.2.3.4))",
            "clone(1",
            "push_vlan(vid=9999)",
            "hash(x)",
            "check_pkt_len(size=200,gt(1))",
            "check_pkt_len(size=x,gt(1),le(2))",
            "userspace(pid=0)",
            "clone(".repeat(40) + "1" + ")".repeat(40))) {
      assertThrows(
          FlowSyntaxException.class, () -> DpActionText.parse(text, FlowTextOptions.PLAIN), text);
    }
  }
}
