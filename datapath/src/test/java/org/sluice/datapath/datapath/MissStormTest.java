package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/** One port all of whose packets miss, and its neighbours on the same packet thread. */
final class MissStormTest {
  private static final byte[] UDP = Frames.ipv4(17, 0x0a000001, 0x0b000001, 1000 << 16 | 80, 0);

  private final ManualClock clock = new ManualClock(5_000_000_000L, 0);
  private final List<QueueNetdev> devices = new ArrayList<>();
  private Datapath datapath;

  /** What comes in by port 1 or 2 is never cached; the rest is after the first packet. */
  private void start(int missesPerSecond) {
    Upcall upcall =
        new Upcall() {
          @Override
          public Translation miss(Packet packet, FlowKey key, long nowNs) {
            FlowMask mask = new FlowMask();
            mask.cover(Field.IN_PORT);
            mask.cover(Field.RECIRC_ID);
            int port = (int) key.get(Field.IN_PORT);
            List<DpAction> actions = List.of(new DpAction.Output(port + 3));
            return new Translation(actions, mask, port > 2, null, null);
          }

          @Override
          public void userspace(
              Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
            throw new AssertionError("not part of the policy");
          }
        };
    DatapathOptions options =
        DatapathOptions.named("test").withSeed(1).withMissesPerSecond(missesPerSecond);
    datapath =
        new Datapath(
            options,
            new Conntrack(1),
            upcall,
            (where, cause) -> {
              throw new AssertionError(where, cause);
            });
    for (int i = 1; i <= 6; i++) {
      devices.add(new QueueNetdev("p" + i));
      datapath.addPort(i, devices.getLast());
    }
    step(1);
  }

  private void step(int times) {
    for (int i = 0; i < times; i++) {
      datapath.threads().forEach(thread -> thread.doWork(clock.nowNs()));
    }
  }

  private void arrive(int port, int frames) {
    for (int i = 0; i < frames; i++) {
      devices.get(port - 1).arrive(UDP);
    }
  }

  /** Packets that came in by {@code port} and went out since this was asked last. */
  private int forwarded(int port) {
    return devices.get(port + 2).takeSent().size();
  }

  private long limited() {
    return datapath.statistics().dropped(DropReason.UPCALL_LIMITED);
  }

  @Test
  void shouldForwardANeighboursTrafficWhileAPortsPacketsAllMiss() {
    start(0);
    arrive(1, 3200);
    arrive(3, 3200);
    step(50);
    int storm = forwarded(1);
    int neighbour = forwarded(3);
    assertTrue(neighbour >= 50 * 32 - 32, "the neighbour has nearly every round: " + neighbour);
    assertTrue(storm >= 32, "nor is the storm shut out: " + storm);
    assertTrue(storm * 20 <= neighbour, storm + " misses for " + neighbour + " packets");
  }

  @Test
  void shouldNotHoldBackAPortThatHasTheThreadForItself() {
    start(DatapathOptions.DEFAULT_MISSES_PER_SECOND);
    arrive(1, 3200);
    step(100);
    assertEquals(3200, forwarded(1), "32 packets a round");
    assertEquals(0, limited());
  }

  @Test
  void shouldTreatPortsAlikeWhenAllTheirPacketsMiss() {
    start(0);
    arrive(1, 6400);
    arrive(2, 6400);
    step(100);
    assertEquals(forwarded(1), forwarded(2), 32);
  }

  @Test
  void shouldServeAPortsFewMissesDuringAStormOnAnother() {
    start(1000);
    arrive(1, 3200);
    arrive(2, 10);
    step(300);
    assertEquals(100, forwarded(1), "a tenth of a second's worth at once");
    assertEquals(3100, limited());
    assertEquals(10, forwarded(2), "the neighbour has a limit of its own");
    clock.advanceNs(50_000_000);
    arrive(1, 3200);
    step(300);
    assertEquals(50, forwarded(1), "time earns misses");
  }

  @Test
  void shouldNotLoseWhatTimeEarnsInPart() {
    start(1000);
    arrive(1, 100);
    step(20);
    assertEquals(100, forwarded(1));
    for (int i = 0; i < 1000; i++) {
      clock.advanceNs(1_700_000);
      arrive(1, 2);
      step(1);
    }
    assertEquals(1700, forwarded(1), 1);
  }

  @Test
  void shouldAdmitHundredsOfThousandsOfFlowsPerSecondByDefault() {
    start(DatapathOptions.DEFAULT_MISSES_PER_SECOND);
    for (int i = 0; i < 100; i++) {
      arrive(1, 8_000);
      step(250);
      clock.advanceNs(10_000_000);
    }
    assertEquals(800_000, forwarded(1), "in one second");
    assertEquals(0, limited());
  }

  @Test
  void shouldFollowALimitThatChanges() {
    start(0);
    datapath.setMissesPerSecond(100);
    arrive(1, 32);
    step(2);
    assertEquals(10, forwarded(1));
    datapath.setMissesPerSecond(0);
    arrive(1, 32);
    step(2);
    assertEquals(32, forwarded(1));
  }
}
