package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** The datapath, stepped by hand under a stopped clock. */
final class DatapathTest {
  private static final byte[] UDP = Frames.ipv4(17, 0x0a000001, 0x0b000001, 1000 << 16 | 80, 0);
  private static final byte[] ANSWER = Frames.ipv4(17, 0x0b000001, 0x0a000001, 80 << 16 | 1000, 0);

  private final ManualClock clock = new ManualClock(1_000_000_000, 0);
  private final List<QueueNetdev> devices = new ArrayList<>();
  private final List<Throwable> faults = new ArrayList<>();
  private Translator translator = key -> output(2);
  private int misses;
  private Datapath datapath;

  @FunctionalInterface
  private interface Translator {
    Translation translate(FlowKey key);
  }

  private void start(DatapathOptions options) {
    Upcall upcall =
        new Upcall() {
          @Override
          public Translation miss(Packet packet, FlowKey key, long nowNs) {
            misses++;
            return translator.translate(key);
          }

          @Override
          public void userspace(
              Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
            datapath.execute(packet, List.of(new DpAction.Output(3)));
          }
        };
    datapath = new Datapath(options, new Conntrack(9), upcall, (where, cause) -> faults.add(cause));
    for (int i = 1; i <= 3; i++) {
      devices.add(new QueueNetdev("p" + i));
      datapath.addPort(devices.getLast());
    }
  }

  private void start() {
    start(DatapathOptions.named("test").withSeed(1));
  }

  private void step() {
    clock.advanceNs(1_000_000);
    datapath.threads().forEach(thread -> thread.doWork(clock.nowNs()));
  }

  private List<byte[]> pass(byte[] frame, int times) {
    for (int i = 0; i < times; i++) {
      devices.getFirst().arrive(frame);
      step();
    }
    return devices.get(1).takeSent();
  }

  private static FlowMask looked() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    mask.cover(Field.RECIRC_ID);
    mask.cover(Field.ETH_TYPE);
    return mask;
  }

  private static Translation actions(DpAction... actions) {
    return new Translation(List.of(actions), looked(), true, null, null);
  }

  private static Translation output(int port) {
    return actions(new DpAction.Output(port));
  }

  private long dropped(DropReason reason) {
    return datapath.statistics().dropped(reason);
  }

  @Test
  void shouldTranslateOnceWhenPacketsOfAFlowFollow() {
    start();
    assertEquals(10, pass(UDP, 10).size());
    assertEquals(1, misses);
    Megaflow megaflow = datapath.megaflows().getFirst();
    assertEquals(9, megaflow.packets(), "all but the one that was translated");
    assertEquals(9L * UDP.length, megaflow.bytes());
    assertEquals(clock.nowNs(), megaflow.usedNs());
    assertEquals(8, datapath.statistics().microflowHits());
  }

  @Test
  void shouldRememberFlowsThatDifferInTheSourcePortAlone() {
    start();
    FlowMask mask = looked();
    mask.cover(Field.UDP_SRC);
    translator = key -> new Translation(output(2).actions(), mask, true, null, null);
    passPorts(1000);
    passPorts(1000);
    long before = datapath.statistics().microflowHits();
    passPorts(1000);
    assertTrue(datapath.statistics().microflowHits() - before > 990, "they share no bucket");
    assertEquals(1000, misses);
  }

  @Test
  void shouldMakeRoomForFlowsThatComeBackButNotForFlowsOfOnePacket() {
    start();
    FlowMask mask = looked();
    mask.cover(Field.UDP_SRC);
    translator = key -> new Translation(output(2).actions(), mask, true, null, null);
    passPorts(20_000);
    assertTrue(datapath.statistics().microflows() <= 2048, "as many as it begins with");
    passPorts(20_000);
    passPorts(20_000);
    long before = datapath.statistics().microflowHits();
    passPorts(20_000);
    assertTrue(datapath.statistics().microflowHits() - before > 19_900);
  }

  private void passPorts(int count) {
    for (int port = 1; port <= count; port++) {
      devices.getFirst().arrive(Frames.ipv4(17, 0x0a000001, 0x0b000001, port << 16 | 80, 0));
      if (port % PacketBatch.CAPACITY == 0 || port == count) {
        step();
      }
    }
    assertEquals(count, devices.get(1).takeSent().size());
  }

  @Test
  void shouldCreditEachPacketOnceWhenTheSinkIsAsked() {
    start();
    long[] credited = new long[2];
    Translation.StatisticsSink sink =
        (packets, bytes, usedNs, tcpFlags) -> {
          credited[0] += packets;
          credited[1]++;
        };
    translator = key -> new Translation(output(2).actions(), looked(), true, null, sink);
    pass(UDP, 3);
    datapath.megaflows().getFirst().creditStatistics();
    datapath.megaflows().getFirst().creditStatistics();
    pass(UDP, 4);
    datapath.megaflows().getFirst().creditStatistics();
    assertEquals(7, credited[0]);
    assertEquals(3, credited[1], "the one that was translated, and twice those after it");
  }

  @Test
  void shouldFollowTheConnectionWhenTrackingIsInTheWay() {
    start();
    translator = key -> StatefulPolicy.translate(key, true);
    assertEquals(1, pass(UDP, 1).size());
    assertEquals(3, pass(UDP, 3).size());
    devices.get(1).arrive(ANSWER);
    step();
    assertEquals(1, devices.getFirst().takeSent().size());
    long before = datapath.statistics().microflowHits();
    assertEquals(20, pass(UDP, 20).size(), "after the answer the connection is established");
    assertTrue(datapath.statistics().microflowHits() - before >= 17);
    assertEquals(List.of(), faults);
  }

  @Test
  void shouldCountTheReasonWhenAPacketEnds() {
    start();
    translator = key -> actions();
    pass(UDP, 3);
    assertEquals(3, dropped(DropReason.NO_ACTION));
    pass(new byte[5], 1);
    assertEquals(1, dropped(DropReason.RX_INVALID_PACKET));
    replaceAll(key -> output(99));
    pass(UDP, 3);
    assertEquals(3, dropped(DropReason.INVALID_PORT));
    replaceAll(key -> actions(new DpAction.Drop(DropReason.VLAN_NOT_ALLOWED)));
    pass(UDP, 2);
    assertEquals(2, dropped(DropReason.VLAN_NOT_ALLOWED));
    replaceAll(key -> null);
    pass(UDP, 2);
    assertEquals(2, dropped(DropReason.UPCALL_ERROR));
    assertEquals(2, datapath.statistics().lost());
    replaceAll(key -> actions(new DpAction.Recirculate(1)));
    pass(UDP, 1);
    assertEquals(1, dropped(DropReason.RECIRCULATION_LIMIT));
  }

  private void replaceAll(Translator next) {
    datapath.flush();
    translator = next;
    step();
    assertEquals(List.of(), datapath.megaflows());
  }

  @Test
  void shouldNameTheTrackersReasonWhenAPolicyDropsTheInvalid() {
    start();
    translator = key -> StatefulPolicy.translate(key, true);
    pass(Frames.ipv4(17, 0x0a000001, 0x0b000001, 0, 0), 1);
    assertEquals(1, dropped(DropReason.CT_INVALID_HEADER), datapath.statistics().toString());
    assertEquals(0, dropped(DropReason.NO_ACTION));
  }

  @Test
  void shouldLimitMissesWhenAPortCausesTooMany() {
    start(DatapathOptions.named("test").withMissesPerSecond(10));
    translator = key -> new Translation(output(2).actions(), looked(), false, null, null);
    assertTrue(pass(UDP, 50).size() < 5);
    assertTrue(dropped(DropReason.UPCALL_LIMITED) > 40);
    clock.advanceNs(1_000_000_000);
    assertEquals(1, pass(UDP, 1).size());
  }

  /** A policy that tracks, and looks at ports afterwards: every flow is a trajectory of its own. */
  private static Translation perFlow(FlowKey key) {
    Translation plain = StatefulPolicy.translate(key, true);
    if (key.get(Field.RECIRC_ID) == 0) {
      return plain;
    }
    FlowMask mask = plain.mask().copy();
    mask.cover(Field.UDP_SRC);
    return new Translation(List.of(new DpAction.Output(2)), mask, true, null, null);
  }

  private static byte[] flow(int number) {
    return Frames.ipv4(17, 0x0a000001, 0x0b000001, (1 + number) << 16 | 80, 0);
  }

  @Test
  void shouldEndThousandsOfTrajectoriesInPortionsWhilePacketsGoOn() {
    start();
    translator = key -> key.get(Field.RECIRC_ID) == 0 ? COMMITTING : perFlow(key);
    int flows = 6000;
    for (int i = 0; i < 3 * flows; i++) {
      devices.getFirst().arrive(flow(i % flows));
    }
    while (datapath.statistics().received() < 3L * flows) {
      step();
    }
    assertEquals(3 * flows, devices.get(1).takeSent().size());
    Megaflow first =
        datapath.megaflows().stream().filter(m -> m.actions().size() == 2).findFirst().get();
    assertTrue(first.trajectories.size() >= flows, first.trajectories.size() + " trajectories");
    datapath.remove(first);
    CompletableFuture<Void> passed = datapath.fence();
    assertEquals(1, pass(flow(1), 1).size(), "a step in between");
    assertFalse(first.isRemoved(), "there is more to end than one step may take");
    assertFalse(passed.isDone(), "what was sent later waits");
    for (int i = 0; i < 10; i++) {
      step();
    }
    assertTrue(first.isRemoved());
    assertTrue(passed.isDone());
    assertEquals(1, pass(flow(1), 1).size());
    assertEquals(List.of(), faults);
  }

  private static final Translation COMMITTING =
      actions(
          new DpAction.Track(true, false, 7, DpAction.MarkAndLabel.NONE, null, null),
          new DpAction.Recirculate(1));

  @Test
  void shouldGoOnWithTheBatchWhenTheTranslatorFails() {
    start();
    translator =
        key -> {
          if (key.get(Field.ETH_TYPE) != 0x0800) {
            throw new IllegalStateException("a bug above");
          }
          return output(2);
        };
    byte[] other = UDP.clone();
    other[12] = 0x12;
    devices.getFirst().arrive(UDP);
    devices.getFirst().arrive(other);
    devices.getFirst().arrive(other);
    devices.getFirst().arrive(UDP);
    step();
    assertEquals(2, devices.get(1).takeSent().size());
    assertEquals(2, datapath.statistics().faults());
    assertEquals(2, faults.size());
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    start();
    DpAction deep = new DpAction.Output(1);
    for (int i = 0; i < 10; i++) {
      deep = new DpAction.Clone(List.of(deep));
    }
    List<DpAction> tooDeep = List.of(deep);
    assertNotNull(Datapath.unsupported(tooDeep));
    assertNull(Datapath.unsupported(List.of(new DpAction.Output(1))));
    Packet packet = new PacketBatch().append();
    assertThrows(IllegalArgumentException.class, () -> datapath.execute(packet, tooDeep));
  }

  @Test
  void shouldChooseByTheLengthOfEachPacketAndGoOnWithItAsItWas() {
    start();
    DpAction change = DpAction.SetField.exact(Field.ETH_DST, 0x0200_0000_0009L);
    DpAction third = new DpAction.Output(3);
    DpAction check = new DpAction.CheckLength(UDP.length, List.of(), List.of(change, third));
    translator = key -> actions(check, new DpAction.Output(2));
    byte[] longer = Arrays.copyOf(UDP, UDP.length + 1);
    devices.getFirst().arrive(UDP);
    devices.getFirst().arrive(longer);
    step();
    List<byte[]> unchanged = devices.get(1).takeSent();
    assertEquals(2, unchanged.size());
    assertArrayEquals(UDP, unchanged.getFirst());
    assertArrayEquals(longer, unchanged.getLast());
    List<byte[]> changed = devices.get(2).takeSent();
    assertEquals(1, changed.size());
    assertEquals(9, changed.getFirst()[5]);
  }

  @Test
  void shouldDropForAReasonWhereNothingIsDoneForSuchALength() {
    start();
    translator =
        key -> actions(new DpAction.CheckLength(10, List.of(), List.of(new DpAction.Output(2))));
    assertEquals(List.of(), pass(UDP, 3));
    assertEquals(3, dropped(DropReason.NO_ACTION));
  }

  @Test
  void shouldEndAPacketThatItsMeterDoesNotAdmit() {
    start();
    Meter strict = new Meter(true, List.of(new Meter.Band(2, 2)), clock.nowNs() / 1_000_000);
    int meter = datapath.meters().add(strict);
    List<DpAction> actions = List.of(new DpAction.Meter(meter), new DpAction.Output(2));
    translator = key -> new Translation(actions, looked(), true, null, null);
    assertEquals(2, pass(UDP, 5).size());
    assertEquals(3, dropped(DropReason.METER));
    datapath.meters().remove(meter);
    assertEquals(5, pass(UDP, 5).size());
  }

  @Test
  void shouldSendWhenUserspaceOrAControllerSaysSo() {
    start();
    translator =
        key -> actions(new DpAction.Userspace(new DpAction.UserspaceReason.SlowPath("action")));
    pass(UDP, 2);
    assertEquals(2, devices.get(2).takeSent().size(), "sent within the same step");
    assertTrue(devices.get(2).flushes() > 0);
  }

  @Test
  void shouldForwardToOthersHoweverOftenADeviceFailsToFlush() {
    translator = key -> output(key.get(Field.IN_PORT) == 1 ? 2 : 3);
    start();
    step();
    devices.get(1).setFaulty(true);
    for (int i = 0; i < 40; i++) {
      devices.getFirst().arrive(UDP);
      assertThrows(IllegalStateException.class, this::step);
    }
    devices.get(1).arrive(UDP);
    step();
    assertEquals(1, devices.get(2).takeSent().size());
    assertEquals(40, devices.get(1).takeSent().size());
  }

  @Test
  void shouldKeepABoundedNumberOfControllersPackets() {
    start();
    step();
    Packet packet = new PacketBatch().append();
    packet.length = 60;
    for (int i = 0; i < PacketOutGate.MOST_WAITING + 10; i++) {
      datapath.execute(packet, List.of(new DpAction.Output(3)));
    }
    for (int i = 0; i < 5; i++) {
      step();
    }
    assertEquals(PacketOutGate.MOST_WAITING, devices.get(2).takeSent().size());
    datapath.execute(packet, List.of(new DpAction.Output(3)));
    clock.advanceNs(1_000_000_000);
    step();
    assertEquals(1, devices.get(2).takeSent().size());
    assertEquals(10, datapath.statistics().dropped(DropReason.PACKET_OUT_LIMITED));
  }

  @Test
  void shouldDropCopiesThatNestTooDeeplyAndGoOn() {
    List<DpAction> nested = List.of(new DpAction.PopVlan(), new DpAction.Recirculate(7));
    for (int i = 0; i < 8; i++) {
      nested = List.of(new DpAction.Clone(nested), new DpAction.Output(3));
    }
    List<DpAction> all = nested;
    translator = key -> new Translation(all, inPort(), true, null, null);
    start();
    assertEquals(0, pass(UDP, 1).size());
    assertTrue(datapath.statistics().dropped(DropReason.RECIRCULATION_LIMIT) > 0);
    assertEquals(List.of(), faults);
  }

  private static FlowMask inPort() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    return mask;
  }

  @Test
  void shouldForgetAPortWhenItIsRemoved() {
    start();
    step();
    assertThrows(IllegalArgumentException.class, () -> datapath.addPort(2, devices.get(1)));
    CompletableFuture<Port> removed = datapath.removePort(2);
    assertFalse(removed.isDone());
    step();
    assertTrue(removed.isDone());
    assertNull(datapath.port("p2"));
    assertEquals(0, pass(UDP, 2).size());
    assertEquals(2, dropped(DropReason.INVALID_PORT));
    assertEquals(2, datapath.addPort(devices.get(1)).number());
  }

  @Test
  void shouldForwardBothWaysWhenTwoThreadsRun() throws Exception {
    translator = key -> output(key.get(Field.IN_PORT) == 1 ? 2 : 1);
    start(DatapathOptions.named("test").withThreads(2));
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      devices.getFirst().arrive(UDP);
      devices.get(1).arrive(ANSWER);
    }
    try (PacketThreadRunner first = run(0);
        PacketThreadRunner second = run(1)) {
      while (datapath.statistics().received() < 2L * count) {
        Thread.onSpinWait();
      }
      datapath.fence().get(20, TimeUnit.SECONDS);
      assertNotNull(first);
      assertNotNull(second);
    }
    assertEquals(count, devices.get(1).takeSent().size());
    assertEquals(count, devices.getFirst().takeSent().size());
    assertEquals(2, datapath.megaflows().size(), "one on each thread");
    assertEquals(List.of(), faults);
  }

  private PacketThreadRunner run(int index) throws Exception {
    return new PacketThreadRunner(datapath.threads().get(index), Clock.system(), -1);
  }
}
