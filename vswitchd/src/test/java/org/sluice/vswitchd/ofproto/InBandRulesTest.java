package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.vswitchd.ofproto.InBandRules.Remote;

class InBandRulesTest {
  private static final long LOCAL = 0x0200_0000_0001L;
  private static final long GATEWAY = 0x0200_0000_0009L;
  private static final Remote CONTROLLER = new Remote(0x0a000001, 6653);

  private static List<String> rules(long local, Set<Long> hops, Set<Remote> remotes) {
    return InBandRules.of(local, hops, remotes).stream()
        .map(rule -> MatchFormatter.format(rule.match(), rule.priority(), Names.NONE))
        .toList();
  }

  @Test
  void shouldLetAHostReachItsControllerThroughTheSwitch() {
    assertEquals(
        List.of(
            "priority=180000,udp,in_port=LOCAL,dl_src=02:00:00:00:00:01,tp_src=68,tp_dst=67",
            "priority=180001,arp,dl_dst=02:00:00:00:00:01,arp_op=2",
            "priority=180002,arp,dl_src=02:00:00:00:00:01,arp_op=1",
            "priority=180003,arp,dl_dst=02:00:00:00:00:09,arp_op=2",
            "priority=180004,arp,dl_src=02:00:00:00:00:09,arp_op=1",
            "priority=180005,arp,arp_tpa=10.0.0.1,arp_op=2",
            "priority=180006,arp,arp_spa=10.0.0.1,arp_op=1",
            "priority=180007,tcp,nw_dst=10.0.0.1,tp_dst=6653",
            "priority=180008,tcp,nw_src=10.0.0.1,tp_src=6653"),
        rules(LOCAL, Set.of(GATEWAY), Set.of(CONTROLLER)));
  }

  @Test
  void shouldHaveNoRulesWithoutAController() {
    assertEquals(List.of(), rules(LOCAL, Set.of(), Set.of()));
  }

  @Test
  void shouldAskForTwoControllersOfOneHostOnce() {
    List<String> rules = rules(0, Set.of(), Set.of(CONTROLLER, new Remote(0x0a000001, 6633)));
    assertEquals(2 + 4, rules.size(), rules.toString());
  }
}
