package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.packet.PacketBatch;

/** Whatever the caches answer is what the translation would have said. */
final class CachedPathTest {
  private static final long SEED = Long.getLong("seed", 20_260_101);

  /** A datapath of three ports over one policy, stepped by hand. */
  private static final class Switch {
    final List<QueueNetdev> devices = new ArrayList<>();
    final Datapath datapath;
    long nowNs;

    Switch(Upcall upcall, DatapathOptions options) {
      datapath =
          new Datapath(
              options,
              new Conntrack(1),
              upcall,
              (where, cause) -> {
                throw new AssertionError(where, cause);
              });
      for (int i = 1; i <= 3; i++) {
        QueueNetdev device = new QueueNetdev("p" + i);
        devices.add(device);
        datapath.addPort(i, device);
      }
      step();
    }

    void step() {
      nowNs += 10_000_000;
      datapath.threads().forEach(thread -> thread.doWork(nowNs));
    }

    List<String> sent() {
      List<String> all = new ArrayList<>();
      for (QueueNetdev device : devices) {
        for (byte[] frame : device.takeSent()) {
          all.add(device.name() + " " + HexFormat.of().formatHex(frame));
        }
      }
      return all;
    }
  }

  @Test
  void shouldSendTheSameWhenCachedAsWhenTranslatedEachTime() {
    long hits = 0;
    for (long seed = SEED; seed < SEED + 40; seed++) {
      hits += compare(seed, DatapathOptions.named("test").withSeed(seed));
    }
    assertTrue(hits > 500, hits + " hits");
  }

  @Test
  void shouldSendTheSameWhenCachesAreTooSmall() {
    for (long seed = SEED; seed < SEED + 40; seed++) {
      compare(seed, DatapathOptions.named("test").withSeed(seed).withLimits(8, 3, 1));
    }
  }

  @Test
  void shouldSendTheSameWhenConnectionsComeAnswerAndExpire() {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      compareStateful(seed, new StatefulPolicy(true), new StatefulPolicy(false), false);
    }
  }

  @Test
  void shouldSendTheSameWhenConnectionsAreTranslated() {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      compareStateful(seed, new NatPolicy(true, false), new NatPolicy(false, false), true);
    }
  }

  @Test
  void shouldSendTheSameWhenConnectionsAreTranslatedOnlyAtTheSecondStep() {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      compareStateful(seed, new NatPolicy(true, true), new NatPolicy(false, true), true);
    }
  }

  private static void compareStateful(long seed, Upcall keeping, Upcall asking, boolean isNat) {
    DatapathOptions options = DatapathOptions.named("test").withSeed(seed);
    Switch cached = new Switch(keeping, options);
    Switch uncached = new Switch(asking, options);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      exchange(cached, uncached, random, isNat);
      pause(random, cached, uncached);
      assertEquals(uncached.sent(), cached.sent(), "seed " + seed + ", round " + round);
    }
    DatapathStatistics statistics = cached.datapath.statistics();
    assertEquals(uncached.datapath.statistics().drops(), statistics.drops(), "seed " + seed);
    long hits = statistics.microflowHits();
    assertTrue(hits > statistics.received() / 2, hits + " of " + statistics.received());
  }

  /** Hosts inside have their own addresses, or one for all where they are translated. */
  private static void exchange(Switch cached, Switch uncached, Random random, boolean isNat) {
    for (int i = random.nextInt(PacketBatch.CAPACITY); i >= 0; i--) {
      int inner = random.nextInt(4);
      int outer = random.nextInt(3);
      int target = isNat ? NatPolicy.OUTSIDE : 0x0a000000 + inner;
      int port = isNat ? 1000 + inner : 1000;
      boolean opens = random.nextInt(3) > 0;
      byte[] frame =
          opens
              ? Frames.ipv4(17, 0x0a000000 + inner, 0x0b000000 + outer, 1000 << 16 | 80, 0)
              : Frames.ipv4(17, 0x0b000000 + outer, target, 80 << 16 | port, 0);
      cached.devices.get(opens ? 0 : 1).arrive(frame);
      uncached.devices.get(opens ? 0 : 1).arrive(frame);
    }
  }

  /** Now and then long enough for connections to expire. */
  private static void pause(Random random, Switch... switches) {
    long pauseNs = random.nextInt(40) == 0 ? 100_000_000_000L : 0;
    for (Switch one : switches) {
      one.nowNs += pauseNs;
      one.step();
      one.step();
    }
  }

  /** Returns how many packets a microflow answered. */
  private static long compare(long seed, DatapathOptions options) {
    RandomPolicy policy = new RandomPolicy(seed, true);
    Switch cached = new Switch(policy, options);
    Switch uncached = new Switch(new RandomPolicy(seed, false), options);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      for (int i = random.nextInt(PacketBatch.CAPACITY); i >= 0; i--) {
        byte[] frame = Frames.random(random);
        int port = random.nextInt(3);
        cached.devices.get(port).arrive(frame);
        uncached.devices.get(port).arrive(frame);
      }
      disturb(cached.datapath, random);
      cached.step();
      cached.step();
      uncached.step();
      uncached.step();
      assertEquals(uncached.sent(), cached.sent(), "seed " + seed + ", round " + round);
    }
    DatapathStatistics statistics = cached.datapath.statistics();
    DatapathStatistics plain = uncached.datapath.statistics();
    assertEquals(plain.drops(), statistics.drops(), "seed " + seed);
    assertEquals(plain.received(), statistics.received());
    assertEquals(0, statistics.faults());
    assertEquals(statistics.megaflows(), cached.datapath.megaflows().size());
    return statistics.microflowHits();
  }

  /** Takes megaflows out, now and then, while packets go on. */
  private static void disturb(Datapath datapath, Random random) {
    List<Megaflow> megaflows = datapath.megaflows();
    int chance = random.nextInt(10);
    if (chance == 0) {
      datapath.flush();
    } else if (chance < 5 && !megaflows.isEmpty()) {
      Megaflow megaflow = megaflows.get(random.nextInt(megaflows.size()));
      datapath.remove(megaflow);
      datapath.remove(megaflow);
    } else if (chance < 7 && !megaflows.isEmpty()) {
      Megaflow megaflow = megaflows.get(random.nextInt(megaflows.size()));
      datapath.replace(megaflow, megaflow.translation());
    }
  }
}
