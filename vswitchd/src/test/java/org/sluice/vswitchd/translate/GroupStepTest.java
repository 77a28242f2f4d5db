package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.GroupMod.Bucket;

/** Groups of the four types, what they count, and the way a hash picks a bucket. */
class GroupStepTest {
  private static final String TCP =
      "in_port=1,tcp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,tp_src=1000,tp_dst=80";

  private final TestNetwork network = TestNetwork.oneBridge(4);

  private String actions(String flow) {
    Outcome outcome = network.translate(flow);
    return DpActionText.format(outcome.actions(), TestNetwork.key(flow), FlowTextOptions.PLAIN);
  }

  private static Bucket bucket(int id, int weight, int watchPort, OfAction... actions) {
    return new Bucket(id, weight, watchPort, GroupMod.ANY, List.of(actions));
  }

  private static Bucket to(int port) {
    return bucket(port, 1, OfPort.ANY, OfAction.Output.to(port));
  }

  private Group group(int id, GroupMod.Type type, Bucket... buckets) {
    return group(id, type, GroupMod.Selection.DEFAULT, buckets);
  }

  private Group group(int id, GroupMod.Type type, GroupMod.Selection selection, Bucket... buckets) {
    Group group = new Group(new GroupMod.Description(id, type, List.of(buckets), selection), 0);
    network.bridge("br0").groups.put(id, group);
    return group;
  }

  @Test
  void shouldRunEveryBucketOnTheSamePacket() {
    network.addFlows("actions=group:5,4");
    Bucket changed = bucket(2, 1, OfPort.ANY, new OfAction.SetEthSrc(9), OfAction.Output.to(2));
    group(5, GroupMod.Type.ALL, changed, to(3));
    assertEquals(
        "set(eth(src=00:00:00:00:00:09)),2,set(eth(src=02:00:00:00:00:01)),3,4", actions(TCP));
  }

  @Test
  void shouldRunABucketAsAnActionSet() {
    network.addFlows("actions=group:5");
    group(
        5,
        GroupMod.Type.INDIRECT,
        bucket(1, 1, OfPort.ANY, OfAction.Output.to(3), new OfAction.SetEthDst(7)));
    assertEquals("set(eth(dst=00:00:00:00:00:07)),3", actions(TCP));
  }

  @Test
  void shouldFailOverToTheFirstBucketThatIsAlive() {
    network.addFlows("actions=group:5");
    group(5, GroupMod.Type.FAST_FAILOVER, watching(2), watching(3));
    assertEquals("2", actions(TCP));
    network
        .bridge("br0")
        .add(new PortView(2, 2, "p2", null, Set.of(PortView.Flag.LINK_DOWN)), null);
    assertEquals("3", actions(TCP));
  }

  private static Bucket watching(int port) {
    return bucket(port, 1, port, OfAction.Output.to(port));
  }

  @Test
  void shouldFollowLivenessThroughGroupsThatWatchEachOther() {
    network.addFlows("actions=group:5");
    group(6, GroupMod.Type.FAST_FAILOVER, watching(9));
    Bucket behind = new Bucket(1, 1, OfPort.ANY, 6, List.of(OfAction.Output.to(2)));
    group(5, GroupMod.Type.FAST_FAILOVER, behind, watching(3));
    assertEquals("3", actions(TCP));
    Bucket circle = new Bucket(1, 1, OfPort.ANY, 5, List.of(OfAction.Output.to(2)));
    group(5, GroupMod.Type.FAST_FAILOVER, circle);
    assertEquals("drop", actions(TCP));
  }

  @Test
  void shouldAskTheDatapathForAHashAndThenChoose() {
    network.addFlows("actions=group:5");
    group(5, GroupMod.Type.SELECT, to(2), to(3));
    List<DpAction> asked = network.translate(TCP).actions();
    assertEquals(new DpAction.Hash(1, 0), asked.getFirst());
    int id = ((DpAction.Recirculate) asked.getLast()).recircId();
    Set<String> chosen = new TreeSet<>();
    for (int hash = 1; hash < 40; hash++) {
      var key = TestNetwork.key(TCP);
      key.set(Field.RECIRC_ID, id);
      key.set(Field.DP_HASH, hash);
      FrozenState frozen = network.recirculations.find(id, 0);
      Outcome outcome =
          new Translator(network, network.recirculations)
              .translate(new Job(network.bridge("br0"), key, frozen, null, 0));
      assertEquals(15, outcome.mask().get(Field.DP_HASH));
      chosen.add(DpActionText.format(outcome.actions(), key, FlowTextOptions.PLAIN));
    }
    assertEquals(Set.of("2", "3"), chosen);
  }

  @Test
  void shouldSendFlowsThatAgreeInTheHashedFieldsTheSameWay() {
    network.addFlows("actions=group:5");
    GroupMod.Selection bySource =
        new GroupMod.Selection(
            "hash", 7, List.of(new GroupMod.HashField(Field.IP_SRC, 0, 0xffff_ffffL)));
    group(5, GroupMod.Type.SELECT, bySource, to(2), to(3));
    Map<String, Integer> ways = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      String flow = TCP.replace("10.0.0.1", "10.0.0." + i);
      String way = actions(flow);
      assertEquals(way, actions(flow.replace("tp_src=1000", "tp_src=" + (2000 + i))));
      ways.merge(way, 1, Integer::sum);
    }
    assertTrue(ways.get("2") > 50 && ways.get("3") > 50, ways.toString());
    assertEquals(0, network.translate(TCP).mask().get(Field.TCP_SRC));
  }

  @Test
  void shouldCountWhatTookWhichBucket() {
    network.addFlows("actions=group:5");
    Group group = group(5, GroupMod.Type.FAST_FAILOVER, watching(9), watching(3));
    EffectPerformer performer = new EffectPerformer(network);
    List<Effect> effects = network.translate(TCP).effects();
    performer.credit(effects, new EffectPerformer.Carried(3, 300, 0, 0, true));
    FlowRemoved.Counts all = new FlowRemoved.Counts(3, 300);
    assertEquals(all, group.counts());
    assertEquals(List.of(new FlowRemoved.Counts(0, 0), all), group.bucketCounts());
  }

  @Test
  void shouldDealSlotsByWeight() {
    List<Bucket> buckets = new ArrayList<>();
    for (int weight : new int[] {1, 2, 5, 0}) {
      buckets.add(bucket(weight, weight, OfPort.ANY));
    }
    BucketSlots slots = BucketSlots.of(buckets, GroupMod.Selection.DEFAULT);
    Map<Integer, Integer> dealt = new HashMap<>();
    slots.buckets().forEach(each -> dealt.merge(each.weight(), 1, Integer::sum));
    assertEquals(Map.of(1, 2, 2, 4, 5, 10), dealt);
  }
}
