package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.packet.Packet;

/** What several packet threads share, and how their number changes while packets go on. */
final class PacketThreadsTest {
  private static final long SEED = Long.getLong("seed", 4711);
  private static final int PORTS = 6;

  private final ManualClock clock = new ManualClock(1_000_000_000, 0);
  private final List<QueueNetdev> devices = new ArrayList<>();
  private final AtomicLong credited = new AtomicLong();
  private final List<Throwable> faults = new ArrayList<>();
  private Datapath datapath;

  /** Forwards between ports 1 and 2, 3 and 4, and so on; a megaflow per source address. */
  private final Upcall pairs =
      new Upcall() {
        @Override
        public Translation miss(Packet packet, FlowKey key, long nowNs) {
          FlowMask mask = new FlowMask();
          mask.cover(Field.IN_PORT);
          mask.cover(Field.RECIRC_ID);
          mask.cover(Field.ETH_TYPE);
          mask.cover(Field.IP_SRC);
          int port = (int) key.get(Field.IN_PORT);
          List<DpAction> actions = List.of(new DpAction.Output((port - 1 ^ 1) + 1));
          return new Translation(
              actions, mask, true, null, (packets, _, _, _) -> credited.addAndGet(packets));
        }

        @Override
        public void userspace(
            Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
          throw new AssertionError("not part of the policy");
        }
      };

  private void start(DatapathOptions options) {
    datapath = new Datapath(options, new Conntrack(1), pairs, (where, cause) -> faults.add(cause));
    for (int i = 1; i <= PORTS; i++) {
      devices.add(new QueueNetdev("p" + i));
      datapath.addPort(i, devices.getLast());
    }
    step();
  }

  private void step() {
    clock.advanceNs(1_000_000);
    datapath.threads().forEach(thread -> thread.doWork(clock.nowNs()));
  }

  private static byte[] from(int station) {
    return Frames.ipv4(17, 0x0a000000 + station, 0x0b000001, 1000 << 16 | 80, 0);
  }

  private int sent() {
    return devices.stream().mapToInt(device -> device.takeSent().size()).sum();
  }

  private void credit() {
    datapath.takeDeparted().forEach(Megaflow::creditStatistics);
    datapath.megaflows().forEach(Megaflow::creditStatistics);
  }

  private List<PacketThread> resize(int count) throws Exception {
    CompletableFuture<List<PacketThread>> resized = datapath.resize(count, _ -> {});
    while (!resized.isDone()) {
      step();
    }
    List<PacketThread> leaving = resized.get();
    datapath.retire(leaving);
    return leaving;
  }

  @Test
  void shouldKeepNoMoreMegaflowsOnAllThreadsTogetherThanTheLimit() {
    start(DatapathOptions.named("test").withThreads(3).withLimits(40, 64, 64));
    for (int i = 0; i < 50; i++) {
      for (int port = 0; port < PORTS; port++) {
        devices.get(port).arrive(from(i));
      }
      step();
    }
    assertEquals(40, datapath.megaflows().size());
    assertEquals(50 * PORTS, sent(), "what finds no room is forwarded all the same");
    datapath.setMegaflowLimit(45);
    devices.getFirst().arrive(from(99));
    step();
    assertEquals(41, datapath.megaflows().size());
    datapath.flush();
    step();
    devices.getFirst().arrive(from(99));
    step();
    assertEquals(1, datapath.megaflows().size());
  }

  @Test
  void shouldHandOverTheCountersOfMegaflowsThatNobodySaw() {
    start(DatapathOptions.named("test"));
    devices.getFirst().arrive(from(1));
    devices.getFirst().arrive(from(1));
    step();
    datapath.flush();
    step();
    assertEquals(List.of(), datapath.megaflows());
    credit();
    assertEquals(2, credited.get());
    assertEquals(List.of(), datapath.takeDeparted());
  }

  @Test
  void shouldSpreadPortsOverThreadsThatComeAndCollectThemWhenTheyGo() throws Exception {
    start(DatapathOptions.named("test"));
    resize(3);
    for (PacketThread thread : datapath.threads()) {
      assertEquals(2, thread.ports().length, thread.name());
    }
    List<PacketThread> gone = resize(1);
    assertEquals(List.of("pmd1", "pmd2"), gone.stream().map(PacketThread::name).toList());
    assertEquals(PORTS, datapath.threads().getFirst().ports().length);
    assertEquals(0, gone.getFirst().ports().length);
  }

  @Test
  void shouldGiveANewThreadPortsWhereTheOthersHaveTwoEach() throws Exception {
    start(DatapathOptions.named("test"));
    resize(3);
    resize(4);
    int[] load =
        datapath.threads().stream().mapToInt(thread -> thread.ports().length).sorted().toArray();
    assertArrayEquals(new int[] {1, 1, 2, 2}, load);
  }

  @Test
  void shouldTakeAlongWhatIsInstalledAfterAThreadsLastFlush() throws Exception {
    start(DatapathOptions.named("test").withThreads(2));
    CompletableFuture<List<PacketThread>> resized = datapath.resize(1, _ -> {});
    while (!resized.isDone()) {
      step();
    }
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    List<DpAction> actions = List.of(new DpAction.Output(1));
    datapath.install(
        new Match(new FlowKey(), mask), new Translation(actions, mask, true, null, null));
    step();
    assertEquals(2, datapath.megaflows().size());
    datapath.retire(resized.get());
    assertEquals(1, datapath.megaflows().size());
    datapath.setMegaflowLimit(2);
    devices.getFirst().arrive(from(1));
    step();
    assertEquals(2, datapath.megaflows().size(), "the one that went has made room");
  }

  @Test
  void shouldLoseNoPacketAndNoCountWhateverTheNumberOfThreadsBecomes() throws Exception {
    start(DatapathOptions.named("test").withSeed(SEED));
    Random random = new Random(SEED);
    int arrived = 0;
    for (int round = 0; round < 40; round++) {
      int count = 1 + random.nextInt(4);
      CompletableFuture<List<PacketThread>> resized = datapath.resize(count, _ -> {});
      do {
        devices.get(random.nextInt(PORTS)).arrive(from(random.nextInt(20)));
        arrived++;
        step();
      } while (!resized.isDone());
      datapath.retire(resized.get());
      assertEquals(count, datapath.threads().size(), "seed " + SEED);
      if (random.nextInt(4) == 0) {
        changePort(1 + random.nextInt(PORTS));
      }
      step();
      checkPorts();
    }
    assertEquals(arrived, sent(), "seed " + SEED);
    credit();
    assertEquals(arrived, credited.get(), "seed " + SEED);
    assertEquals(arrived, datapath.statistics().received(), "seed " + SEED);
    assertEquals(List.of(), faults);
  }

  private void changePort(int number) {
    step();
    CompletableFuture<Port> removed = datapath.removePort(number);
    datapath.addPort(number, devices.get(number - 1));
    step();
    assertTrue(removed.isDone());
  }

  /** Every port is received from by exactly the thread that it says. */
  private void checkPorts() {
    Map<Port, PacketThread> owners = new HashMap<>();
    for (PacketThread thread : datapath.threads()) {
      for (PolledPort polled : thread.ports()) {
        assertEquals(null, owners.put(polled.port, thread));
      }
    }
    assertEquals(PORTS, owners.size(), "seed " + SEED);
    owners.forEach((port, thread) -> assertEquals(port.thread(), thread));
  }

  @Test
  void shouldTellAThreadOnceThatAMegaflowIsToGo() {
    start(DatapathOptions.named("test"));
    devices.getFirst().arrive(from(1));
    step();
    Megaflow leaving = datapath.megaflows().getFirst();
    datapath.remove(leaving);
    datapath.remove(leaving);
    assertEquals(1, datapath.threads().getFirst().doWork(clock.nowNs()), "one command");
    assertTrue(leaving.isRemoved());
    assertEquals(List.of(), datapath.megaflows());
    assertEquals(List.of(), faults);
  }

  @Test
  void shouldCarryOutWhatIsAskedOfAThreadThatHasGone() throws Exception {
    start(DatapathOptions.named("test"));
    resize(2);
    PacketThread last = datapath.threads().getLast();
    resize(1);
    CompletableFuture<Void> done = new CompletableFuture<>();
    last.send((_, _) -> done.complete(null));
    assertFalse(done.isDone());
    step();
    assertTrue(done.isDone());
  }

  @Test
  void shouldGoOnWithTheThreadsThereAreWhenANewOneCannotBeStarted() {
    start(DatapathOptions.named("test"));
    CompletableFuture<List<PacketThread>> resized =
        datapath.resize(
            2,
            _ -> {
              throw new IllegalStateException("no descriptor to be had");
            });
    while (!resized.isDone()) {
      step();
    }
    assertThrows(ExecutionException.class, resized::get);
    assertEquals(1, datapath.threads().size());
    devices.getFirst().arrive(from(1));
    step();
    assertEquals(1, sent());
  }

  @Test
  void shouldLoseNothingWhenThreadsThatRunComeAndGo() throws Exception {
    start(DatapathOptions.named("test"));
    List<PacketThreadRunner> runners = new ArrayList<>();
    runners.add(new PacketThreadRunner(datapath.threads().getFirst(), Clock.system(), -1));
    int arrived = 0;
    for (int count : new int[] {3, 2, 4, 1, 2, 1}) {
      CompletableFuture<List<PacketThread>> resized =
          datapath.resize(count, thread -> runners.add(run(thread)));
      while (!resized.isDone()) {
        devices.get(arrived % PORTS).arrive(from(arrived % 50));
        arrived++;
      }
      List<PacketThread> leaving = resized.get(20, TimeUnit.SECONDS);
      leaving.forEach(_ -> runners.removeLast().close());
      datapath.retire(leaving);
    }
    while (datapath.statistics().received() < arrived) {
      Thread.onSpinWait();
    }
    datapath.fence().get(20, TimeUnit.SECONDS);
    runners.forEach(PacketThreadRunner::close);
    assertEquals(arrived, sent());
    credit();
    assertEquals(arrived, credited.get());
    assertEquals(List.of(), faults);
  }

  private static PacketThreadRunner run(PacketThread thread) {
    try {
      return new PacketThreadRunner(thread, Clock.system(), PacketThreadRunner.ANY_CPU);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
