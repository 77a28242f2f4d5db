package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.Translation;
import org.sluice.datapath.datapath.Upcall;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.PacketComposer;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** Rounds, as the revalidating thread makes them, beside a datapath stepped by hand. */
class RevalidatorTest {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final String FLOW =
      "udp,dl_src=02:00:00:00:00:0a,dl_dst=02:00:00:00:00:0b,"
          + "nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,tp_src=1000,tp_dst=80";

  private final TestNetwork network = TestNetwork.oneBridge(2);
  private final UpcallHandler upcalls = new UpcallHandler(network, network.recirculations, network);
  private final DummyNetdev in = new DummyNetdev("p1", 1);
  private final DummyNetdev out = new DummyNetdev("p2", 2);
  private Runnable whileTranslating = () -> {};
  private final Datapath datapath =
      new Datapath(
          DatapathOptions.named("test"),
          new Conntrack(1),
          new Interrupted(),
          (where, fault) -> {
            throw new AssertionError(where, fault);
          });
  private final Revalidator revalidator =
      new Revalidator(datapath, network, network.recirculations);
  private final Packet packet = new PacketBatch().get(0);
  private long nowNs = 1_000_000_000L;

  /** A packet thread that something else happens beside while it translates. */
  private final class Interrupted implements Upcall {
    @Override
    public Translation miss(Packet missed, FlowKey key, long ns) {
      Translation translation = upcalls.miss(missed, key, ns);
      whileTranslating.run();
      return translation;
    }

    @Override
    public void userspace(Packet sent, FlowKey key, DpAction.UserspaceReason reason, long ns) {
      upcalls.userspace(sent, key, reason, ns);
    }
  }

  RevalidatorTest() {
    datapath.addPort(1, in);
    datapath.addPort(2, out);
    network.addFlows("priority=1,udp actions=2");
    step();
  }

  private void step() {
    nowNs += MILLISECOND_NS;
    datapath.threads().forEach(thread -> thread.doWork(nowNs));
  }

  /** Lets the revalidating thread run for a while. */
  private void revalidateFor(long ms) {
    for (int i = 0; i < ms; i++) {
      nowNs += MILLISECOND_NS;
      revalidator.doWork(nowNs);
    }
  }

  private boolean isForwarded(String flow) {
    PacketComposer.compose(TestNetwork.key(flow), new byte[20], packet);
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    in.inject(frame);
    step();
    return out.takeSent() != null;
  }

  private long counted() {
    return network.bridge("br0").only(0).statistics().packets();
  }

  @Test
  void shouldCreditMegaflowsThatLiveShorterThanARound() {
    assertTrue(isForwarded(FLOW));
    datapath.flush();
    step();
    assertEquals(0, datapath.megaflows().size());
    revalidator.creditStatistics();
    assertEquals(1, counted());
    revalidator.creditStatistics();
    assertEquals(1, counted());
  }

  @Test
  void shouldCreditAPacketThatFindsNoRoomForAMegaflow() {
    datapath.setMegaflowLimit(0);
    assertTrue(isForwarded(FLOW));
    assertEquals(0, datapath.megaflows().size());
    assertEquals(1, counted());
  }

  @Test
  void shouldTakeBackAReplacementThatThePacketThreadHasNotComeToYet() {
    isForwarded(FLOW);
    revalidateFor(600);
    step();
    network.addFlows("priority=2,udp actions=drop");
    revalidateFor(20);
    network.addFlows("priority=3,udp actions=2");
    revalidateFor(20);
    assertTrue(isForwarded(FLOW));
  }

  @Test
  void shouldRestBetweenRoundsWhateverIsConfigured() {
    revalidator.configure(new RevalidationPolicy(0, 5_000_000, 0, 0, 1000));
    long before = revalidator.rounds();
    revalidateFor(100);
    long rounds = revalidator.rounds() - before;
    assertTrue(rounds > 5 && rounds <= 21, rounds + " rounds in 100 ms");
  }

  @Test
  void shouldCreditThemByTheNextRoundWhenNobodyAsks() {
    isForwarded(FLOW);
    datapath.flush();
    step();
    revalidateFor(600);
    assertEquals(1, counted());
  }

  @Test
  void shouldNotCallAChangeSettledBeforePacketThreadsHaveCarriedItOut() {
    isForwarded(FLOW);
    revalidateFor(600);
    network.addFlows("priority=2,udp actions=drop");
    long change = network.changeSequence();
    for (int i = 0; i < 20; i++) {
      revalidateFor(10);
      assertTrue(revalidator.settledSequence() < change, "the packet thread knows nothing yet");
    }
    for (int i = 0; i < 3; i++) {
      step();
      revalidateFor(10);
    }
    step();
    assertTrue(revalidator.settledSequence() >= change);
    assertFalse(isForwarded(FLOW));
  }

  @Test
  void shouldSayWhenPacketThreadsHaveComePastAChange() {
    isForwarded(FLOW);
    revalidateFor(600);
    step();
    int[] told = new int[1];
    revalidator.onWork(() -> told[0]++);
    network.addFlows("priority=2,udp actions=drop");
    revalidateFor(10);
    assertEquals(0, told[0], "the packet thread was asked, and has not answered");
    step();
    assertEquals(1, told[0]);
  }

  @Test
  void shouldSayOnceThatSomethingHasChangedUntilARoundHasSeenIt() {
    int[] told = new int[1];
    revalidator.onWork(() -> told[0]++);
    revalidator.changed();
    revalidator.changed();
    assertEquals(1, told[0]);
    revalidator.runRound(nowNs);
    revalidator.changed();
    assertEquals(2, told[0]);
  }

  @Test
  void shouldCatchWhatWasTranslatedBeforeAChangeAndInstalledAfterTheRound() {
    whileTranslating =
        () -> {
          whileTranslating = () -> {};
          network.addFlows("priority=2,udp actions=drop");
          revalidateFor(20);
        };
    assertTrue(isForwarded(FLOW), "translated before the change");
    long change = network.changeSequence();
    assertTrue(revalidator.rounds() > 0);
    assertTrue(revalidator.settledSequence() < change);
    for (int i = 0; i < 3; i++) {
      revalidateFor(10);
      step();
    }
    assertTrue(revalidator.settledSequence() >= change, "long before the next idle round");
    assertFalse(isForwarded(FLOW));
  }

  @Test
  void shouldAnswerWhoAsksForARoundWhenItIsThrough() {
    revalidateFor(600);
    step();
    long before = revalidator.rounds();
    CompletableFuture<Void> round = revalidator.nextRound();
    assertFalse(round.isDone());
    revalidateFor(5);
    step();
    round.join();
    assertEquals(before + 1, revalidator.rounds());
  }

  @Test
  void shouldSeeAChangeWhileTimeStandsStill() {
    isForwarded(FLOW);
    revalidateFor(600);
    step();
    network.addFlows("priority=2,udp actions=drop");
    long change = network.changeSequence();
    for (int i = 0; i < 10; i++) {
      revalidator.doWork(nowNs);
      datapath.threads().forEach(thread -> thread.doWork(nowNs));
    }
    assertTrue(revalidator.settledSequence() >= change);
  }

  @Test
  void shouldBeginNoRoundWhilePaused() {
    isForwarded(FLOW);
    revalidateFor(600);
    long before = revalidator.rounds();
    revalidator.pause();
    network.addFlows("priority=2,udp actions=drop");
    revalidateFor(600);
    assertEquals(before, revalidator.rounds());
    revalidator.resume();
    for (int i = 0; i < 3; i++) {
      revalidateFor(10);
      step();
    }
    assertFalse(isForwarded(FLOW));
  }

  @Test
  void shouldKeepTheLimitHoweverOftenStatisticsAreWanted() {
    isForwarded(FLOW);
    for (int i = 0; i < 50; i++) {
      revalidator.creditStatistics();
    }
    assertEquals(10_000, revalidator.flowLimit());
    assertEquals(0, revalidator.rounds());
  }

  @Test
  void shouldHaveTheDatapathKeepNoMoreThanTheLimit() {
    network.addFlows("priority=2,udp,tp_dst=80 actions=2");
    revalidator.setFlowLimit(3);
    for (int i = 0; i < 10; i++) {
      assertTrue(isForwarded(FLOW.replace("tp_dst=80", "tp_dst=" + (1 << i))));
    }
    assertEquals(3, datapath.megaflows().size());
  }
}
