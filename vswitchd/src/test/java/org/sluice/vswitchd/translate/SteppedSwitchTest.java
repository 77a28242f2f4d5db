package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.datapath.Megaflow;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.PacketComposer;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.openflow.message.PacketIn.Reason;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Misses, revalidation and effects with a whole datapath, stepped by hand under a stopped clock.
 */
class SteppedSwitchTest {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final String A_TO_B =
      "tcp,dl_src=02:00:00:00:00:0a,dl_dst=02:00:00:00:00:0b,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,tcp_src=1000,tcp_dst=80,tcp_flags=+syn";
  private static final String B_TO_A =
      "tcp,dl_src=02:00:00:00:00:0b,dl_dst=02:00:00:00:00:0a,"
          + "nw_src=10.0.0.2,nw_dst=10.0.0.1,nw_ttl=64,tcp_src=80,tcp_dst=1000,tcp_flags=+syn+ack";

  private final TestNetwork network = TestNetwork.oneBridge(3);
  private final UpcallHandler upcalls = new UpcallHandler(network, network.recirculations, network);
  private final Datapath datapath =
      new Datapath(
          DatapathOptions.named("test"),
          new Conntrack(1),
          upcalls,
          (where, fault) -> {
            throw new AssertionError(where, fault);
          });
  private final Revalidator revalidator =
      new Revalidator(datapath, network, network.recirculations);
  private final List<DummyNetdev> devices = new ArrayList<>();
  private final Packet packet = new PacketBatch().get(0);
  private long nowNs = SECOND_NS;

  SteppedSwitchTest() {
    for (int i = 1; i <= 3; i++) {
      DummyNetdev device = new DummyNetdev("p" + i, i);
      devices.add(device);
      datapath.addPort(i, device);
    }
    step();
  }

  private void step() {
    nowNs += 1_000_000;
    datapath.threads().forEach(thread -> thread.doWork(nowNs));
  }

  private void revalidate() {
    revalidator.runRound(nowNs);
    step();
  }

  /** Sends a packet in and says which ports it came out of. */
  private String send(int port, String flow) {
    PacketComposer.compose(TestNetwork.key(flow), new byte[20], packet);
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    devices.get(port - 1).inject(frame);
    step();
    StringBuilder out = new StringBuilder();
    for (int i = 1; i <= 3; i++) {
      while (devices.get(i - 1).takeSent() != null) {
        out.append(i);
      }
    }
    return out.toString();
  }

  @Test
  void shouldForwardToStationsOnceTheyAreHeard() {
    network.addFlows("actions=normal");
    assertEquals("23", send(1, A_TO_B));
    assertEquals("1", send(2, B_TO_A));
    revalidate();
    assertEquals("2", send(1, A_TO_B));
    network.bridge("br0").macTable().flush();
    network.changed();
    revalidate();
    assertEquals("23", send(1, A_TO_B));
  }

  @Test
  void shouldFollowRulesThatChange() {
    network.addFlows("priority=1,ip actions=2");
    assertEquals("2", send(1, A_TO_B));
    network.addFlows("priority=2,ip actions=3");
    assertEquals("2", send(1, A_TO_B));
    revalidate();
    assertEquals(1, datapath.megaflows().size());
    assertEquals("3", send(1, A_TO_B));
    network.addFlows("priority=3,tcp,tp_dst=80 actions=2,3");
    revalidate();
    assertEquals(0, datapath.megaflows().size());
    assertEquals("23", send(1, A_TO_B));
  }

  @Test
  void shouldCatchAMegaflowThatWasTranslatedBeforeTheLastChange() {
    network.addFlows("priority=1,ip actions=2");
    send(1, A_TO_B);
    revalidate();
    network.addFlows("priority=2,ip actions=3");
    revalidate();
    revalidate();
    assertEquals("3", send(1, A_TO_B));
  }

  @Test
  void shouldCountForRules() {
    network.addFlows("ip actions=resubmit(,1)", "table=1,tcp actions=2");
    for (int i = 0; i < 5; i++) {
      send(1, A_TO_B);
    }
    revalidate();
    assertEquals(5, network.bridge("br0").only(0).statistics().packets());
    assertEquals(5, network.bridge("br0").only(1).statistics().packets());
    for (Megaflow megaflow : datapath.megaflows()) {
      datapath.remove(megaflow);
    }
    send(2, A_TO_B);
    revalidate();
    assertEquals(6, network.bridge("br0").only(0).statistics().packets());
  }

  @Test
  void shouldForgetMegaflowsThatNobodyUses() {
    network.addFlows("actions=2");
    send(1, A_TO_B);
    nowNs += 9 * SECOND_NS;
    revalidate();
    assertEquals(1, datapath.megaflows().size());
    nowNs += 2 * SECOND_NS;
    revalidate();
    assertEquals(0, datapath.megaflows().size());
    revalidate();
    assertEquals(1, network.bridge("br0").only(0).statistics().packets());
  }

  @Test
  void shouldSeeARuleThatTheSamePacketTaught() {
    network.addFlows(
        "table=0,tcp actions=learn(table=1,eth_type=0x800,nw_proto=6,NXM_OF_TCP_DST[],output:"
            + "NXM_OF_TCP_SRC[0..1]),resubmit(,1)");
    assertEquals("3", send(1, A_TO_B.replace("tcp_src=1000", "tcp_src=1003")));
    assertEquals(1, network.bridge("br0").only(1).priority() == 0x8000 ? 1 : 0);
  }

  @Test
  void shouldGoItsWayThoughItTaughtAnotherOneToThoseAfterIt() {
    network.addFlows(
        "priority=1 actions=load:3->NXM_NX_REG0[0..15],learn(table=0,priority=9,NXM_OF_ETH_SRC[],output:NXM_NX_REG0[0..15]),2");
    Rule first = network.bridge("br0").only(0);
    assertEquals("2", send(1, A_TO_B));
    assertEquals("3", send(1, A_TO_B));
    assertEquals("3", send(1, A_TO_B));
    revalidate();
    assertEquals(1, first.statistics().packets());
  }

  @Test
  void shouldTeachAgainWithLaterPacketsOnly() {
    network.addFlows("actions=learn(table=1,NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),2");
    send(1, A_TO_B);
    TestBridge bridge = network.bridge("br0");
    bridge.remove(bridge.only(1));
    revalidate();
    assertEquals(0, bridge.count(1), "what the first packet taught is gone");
    send(1, A_TO_B);
    revalidate();
    assertEquals(1, bridge.count(1));
  }

  @Test
  void shouldTeachWithTheFirstPacketAfterALearningRuleTookItsFlowOver() {
    network.addFlows("in_port=1,ip,nw_src=10.0.0.1,nw_dst=10.0.0.2 actions=2");
    assertEquals("2", send(1, A_TO_B));
    network.addFlows(
        "in_port=1,ip,nw_src=10.0.0.1,nw_dst=10.0.0.2 actions=learn(table=1,eth_type=0x800,NXM_OF_IP_SRC[]=NXM_OF_IP_DST[],output:"
            + "NXM_OF_IN_PORT[]),2",
        "in_port=2,ip actions=resubmit(,1)");
    revalidate();
    assertEquals("2", send(1, A_TO_B));
    assertEquals("1", send(2, B_TO_A), "the answer finds the learned rule");
  }

  @Test
  void shouldTeachWithTheFirstPacketAfterALimitHasLeftRoom() {
    network.addFlows("ip actions=learn(table=1,limit=1,eth_type=0x800,NXM_OF_IP_SRC[])");
    TestBridge bridge = network.bridge("br0");
    send(1, A_TO_B);
    send(2, B_TO_A);
    Rule first = bridge.only(1);
    bridge.remove(first);
    network.changed();
    revalidate();
    send(2, B_TO_A);
    send(1, A_TO_B);
    assertNotEquals(first.match(), bridge.only(1).match());
  }

  @Test
  void shouldHandPacketsToControllers() {
    network.addFlows("cookie=0x5,table=0 actions=set_field:7->reg3,controller:30,2");
    assertEquals("2", send(1, A_TO_B));
    PacketInEvent event = network.packetIns.getFirst();
    assertEquals(30, event.frame().size());
    assertTrue(event.totalBytes() > 30);
    assertEquals(7, event.metadata().get(Field.REG3));
    assertEquals(1, event.metadata().get(Field.IN_PORT));
    assertEquals(new PacketInEvent.Cause(Reason.ACTION, 0, 5, 0), event.cause());
  }

  @Test
  void shouldResumeAfterConnectionTracking() {
    network.addFlows(
        "table=0,ip actions=set_field:3->reg1,ct(table=1)",
        "table=1,in_port=1,ct_state=+new,reg1=3,ip actions=ct(commit),2",
        "table=1,ct_state=+est,ip actions=1,2");
    assertEquals("", send(2, B_TO_A));
    assertEquals("2", send(1, A_TO_B));
    assertEquals("1", send(2, B_TO_A));
    revalidate();
    assertEquals("1", send(2, B_TO_A));
  }

  @Test
  void shouldNotTakeOldCountersForNewSightings() {
    network.addFlows("actions=normal");
    send(1, A_TO_B);
    send(1, A_TO_B);
    send(3, A_TO_B);
    revalidate();
    assertEquals(3, network.bridge("br0").macTable().lookup(0x0200_0000_000aL, 0));
  }

  @Test
  void shouldKeepRecirculationsAsLongAsMegaflowsLeadThere() {
    network.addFlows("table=0,ip actions=ct(table=1)", "table=1 actions=2");
    assertEquals("2", send(1, A_TO_B));
    for (int i = 0; i < 20; i++) {
      nowNs += 5 * SECOND_NS;
      assertEquals("2", send(1, A_TO_B));
      revalidate();
    }
    assertEquals(1, network.recirculations.size());
    nowNs += 100 * SECOND_NS;
    revalidate();
    nowNs += 100 * SECOND_NS;
    revalidate();
    assertEquals(0, network.recirculations.size());
  }
}
