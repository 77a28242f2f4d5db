package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.vswitchd.l2.MacTable;

/**
 * What a mask promises: a packet that agrees with the translated one under it comes to the same
 * actions. Random tables, random packets, and for each a second packet that differs only where the
 * mask does not look.
 */
class SoundMaskTest {
  private static final int TABLES = 3;
  private static final List<String> MATCHES =
      List.of(
          "",
          "ip",
          "ipv6",
          "arp",
          "tcp",
          "udp,tp_dst=1",
          "tcp,tp_src=2",
          "tcp,tp_dst=0x0/0xfffe",
          "tcp,tcp_flags=+syn-ack",
          "udp6,udp_src=1",
          "ip,nw_src=10.0.0.0/31",
          "ip,nw_dst=10.0.0.2",
          "ip,nw_dst=10.0.0.0/24",
          "ipv6,ipv6_dst=fd00::/64",
          "ip,nw_tos=4",
          "ip,nw_ttl=1",
          "ip,nw_frag=later",
          "icmp,icmp_type=1",
          "arp,arp_op=1",
          "arp,arp_spa=10.0.0.1",
          "dl_vlan=1",
          "vlan_tci=0x0000",
          "dl_vlan_pcp=1",
          "dl_src=02:00:00:00:00:01",
          "dl_dst=02:00:00:00:00:02/02:00:00:00:00:03",
          "in_port=1",
          "reg0=1",
          "reg0=0/1",
          "metadata=1",
          "pkt_mark=1",
          "ct_state=+trk+new",
          "ct_mark=1",
          "ct_state=-trk");
  private static final List<String> ACTIONS =
      List.of(
          "1",
          "2",
          "3",
          "in_port",
          "flood",
          "normal",
          "controller:64",
          "mod_dl_src:02:00:00:00:00:03",
          "set_field:00:00:00:00:00:01/00:00:00:00:00:03->eth_dst",
          "mod_nw_src:10.0.0.3",
          "mod_nw_dst:10.0.0.1",
          "mod_nw_tos:8",
          "mod_nw_ttl:5",
          "mod_tp_dst:1",
          "set_field:3->tcp_src",
          "set_field:2->udp_dst",
          "set_field:fd00::7->ipv6_src",
          "set_field:10.0.0.9->arp_tpa",
          "dec_ttl",
          "mod_vlan_vid:2",
          "mod_vlan_pcp:1",
          "strip_vlan",
          "push_vlan:0x8100",
          "set_field:1->reg0",
          "move:NXM_OF_ETH_SRC[0..3]->NXM_NX_REG0[0..3]",
          "move:NXM_OF_IP_DST[0..1]->NXM_NX_REG0[0..1]",
          "move:NXM_OF_TCP_DST[0..1]->NXM_NX_REG0[0..1]",
          "move:NXM_NX_REG0[0..1]->NXM_OF_VLAN_TCI[0..1]",
          "move:NXM_OF_ETH_DST[]->NXM_OF_ETH_SRC[]",
          "output:NXM_NX_REG0[0..1]",
          "output:NXM_OF_VLAN_TCI[0..1]",
          "set_field:1->metadata",
          "resubmit(,1)",
          "resubmit(,2)",
          "resubmit(2,1)",
          "ct(table=2)",
          "ct(commit,zone=NXM_NX_REG0[0..3],exec(set_field:1->ct_mark))",
          "ct_clear",
          "clone(mod_nw_dst:10.0.0.7,2)",
          "clone(ct(commit),1)",
          "check_pkt_larger(100)->NXM_NX_REG0[1]",
          "check_pkt_larger(100)->NXM_OF_ETH_DST[0]",
          "push:NXM_OF_ETH_SRC[],pop:NXM_OF_ETH_DST[]",
          "learn(table=2,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])",
          "9");
  private static final List<Field> SMALL =
      List.of(
          Field.ETH_SRC,
          Field.ETH_DST,
          Field.PKT_MARK,
          Field.CT_MARK,
          Field.IP_SRC,
          Field.IP_DST,
          Field.NW_TOS,
          Field.NW_TTL,
          Field.TCP_SRC,
          Field.TCP_DST,
          Field.TCP_FLAGS);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void shouldComeToTheSameActionsForPacketsThatAgreeUnderTheMask() {
    for (int round = 0; round < 150; round++) {
      TestNetwork network = randomNetwork();
      for (int i = 0; i < 60; i++) {
        check(network);
      }
    }
  }

  private void check(TestNetwork network) {
    FlowKey key = randomKey();
    Outcome outcome = translate(network, key);
    FlowMask mask = outcome.mask().copy();
    Wildcards.coverVlan(mask);
    for (int i = 0; i < 8; i++) {
      FlowKey other = variation(key, mask);
      Outcome second = translate(network, other);
      Supplier<String> where = () -> describe(network, key, other);
      assertEquals(outcome.actions(), second.actions(), where);
      assertEquals(outcome.drop(), second.drop(), where);
      FlowMask secondMask = second.mask().copy();
      Wildcards.coverVlan(secondMask);
      assertTrue(mask.includes(secondMask), where);
    }
  }

  private String describe(TestNetwork network, FlowKey key, FlowKey other) {
    return "seed " + seed + "\n" + trace(network, key) + "\n" + trace(network, other);
  }

  private static Outcome translate(TestNetwork network, FlowKey key) {
    return network.translator.translate(Job.received(network.bridge("br0"), key, 0));
  }

  private static String trace(TestNetwork network, FlowKey key) {
    TraceRequest request = TraceRequest.received(network.bridge("br0"), key);
    return Trace.run(network, network, network.recirculations, request, 0);
  }

  private TestNetwork randomNetwork() {
    TestNetwork network = TestNetwork.oneBridge(3);
    network.addBridge("br1");
    network.addPort("br1", 1, 11);
    network.addPatch("br0", "br1", 9);
    for (int i = 0; i < 4; i++) {
      MacTable.Sighting sighting =
          new MacTable.Sighting(
              0x0200_0000_0000L + random.nextInt(4), 0, 1 + random.nextInt(3), false, false);
      network.bridge("br0").macTable().learn(sighting, 0);
    }
    for (int i = 0; i < 12; i++) {
      addRandomFlow(network, "br0", "table=" + random.nextInt(TABLES) + ",");
    }
    addRandomFlow(network, "br1", "");
    network.addFlow("br1", "priority=1 actions=1");
    return network;
  }

  /** Tries until the match has what the actions need. */
  private void addRandomFlow(TestNetwork network, String bridge, String prefix) {
    boolean added = false;
    while (!added) {
      try {
        network.addFlow(bridge, prefix + randomFlow());
        added = true;
      } catch (IllegalArgumentException inconsistent) {
        // The switch would refuse it too.
      }
    }
  }

  private String randomFlow() {
    StringBuilder flow = new StringBuilder("priority=" + random.nextInt(100) + ",");
    flow.append(pick(MATCHES)).append(" actions=").append(pick(ACTIONS));
    for (int i = random.nextInt(4); i > 0; i--) {
      flow.append(',').append(pick(ACTIONS));
    }
    return flow.toString();
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private FlowKey randomKey() {
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, 1 + random.nextInt(3));
    int kind = random.nextInt(4);
    key.set(Field.ETH_TYPE, List.of(0x0800, 0x86dd, 0x0806, 0x1234).get(kind));
    if (kind < 2) {
      key.set(Field.NW_PROTO, List.of(6, 17, kind == 0 ? 1 : 58, 50).get(random.nextInt(4)));
      key.set(Field.IP_FRAG, random.nextInt(4) == 0 ? List.of(1, 3).get(random.nextInt(2)) : 0);
    } else if (kind == 2) {
      key.set(Field.ARP_OP, random.nextInt(3));
    }
    shuffle(key, new FlowMask());
    return key;
  }

  /** A packet like {@code key}, changed at random where {@code mask} does not look. */
  private FlowKey variation(FlowKey key, FlowMask mask) {
    FlowKey other = key.copy();
    if (!mask.touches(Field.NW_PROTO) && Protocols.isIp(key)) {
      other.set(Field.NW_PROTO, List.of(6, 17, 1, 58, 50).get(random.nextInt(5)));
    }
    shuffle(other, mask);
    return other;
  }

  private void shuffle(FlowKey key, FlowMask mask) {
    FlowKey fresh = key.copy();
    for (Field field : SMALL) {
      fresh.set(field, randomValue(field));
    }
    fresh.set(Field.CT_STATE, List.of(0, 0x21, 0x22).get(random.nextInt(3)));
    boolean tagged = random.nextBoolean();
    fresh.set(Field.VLAN_TCI, 0);
    VlanTags.set(fresh, 0, 0, 0);
    if (tagged) {
      VlanTags.set(fresh, 0, 0x8100, 0x1000 | random.nextInt(3) | random.nextInt(3) << 13);
    }
    if (mask.touches(Field.VLAN_TCI)) {
      keepTag(key, fresh, mask);
    }
    for (int i = 0; i < fresh.words().length; i++) {
      long looked = mask.word(i);
      fresh.words()[i] = (key.word(i) & looked) | (fresh.word(i) & ~looked);
    }
    clearAbsent(fresh);
    key.copyFrom(fresh);
  }

  /** A tag is there in both or in neither. */
  private static void keepTag(FlowKey key, FlowKey fresh, FlowMask mask) {
    int free = (int) ~mask.get(Field.VLAN_TCI) & 0xefff;
    int tci = (VlanTags.tci(key, 0) & ~free) | (VlanTags.tci(fresh, 0) & free);
    VlanTags.set(fresh, 0, 0x8100, Protocols.isTagged(key) ? tci : 0);
  }

  private long randomValue(Field field) {
    return switch (field) {
      case ETH_SRC, ETH_DST -> 0x0200_0000_0000L + random.nextInt(4);
      case IP_SRC, IP_DST -> 0x0a00_0000L + random.nextInt(4);
      case TCP_FLAGS -> random.nextInt(0x20);
      default -> random.nextInt(4);
    };
  }

  /** Clears what a packet of this kind does not have. */
  private static void clearAbsent(FlowKey key) {
    if (!Protocols.isIp(key)) {
      List.of(Field.NW_TOS, Field.NW_TTL, Field.TCP_SRC, Field.TCP_DST, Field.TCP_FLAGS)
          .forEach(field -> key.set(field, 0));
    }
    if (!Protocols.isIpv4(key) && !Protocols.isArp(key)) {
      key.set(Field.IP_SRC, 0);
      key.set(Field.IP_DST, 0);
    }
    boolean control = Protocols.isIcmp(key);
    if (Protocols.isLaterFragment(key) || !(control || Protocols.hasPorts(key))) {
      key.set(Field.TCP_SRC, 0);
      key.set(Field.TCP_DST, 0);
    }
    if (key.get(Field.NW_PROTO) != Protocols.TCP || Protocols.isLaterFragment(key)) {
      key.set(Field.TCP_FLAGS, 0);
    }
  }
}
