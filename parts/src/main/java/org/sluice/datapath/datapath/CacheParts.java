package org.sluice.datapath.datapath;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.parts.Frames;

/**
 * The caches with so many flows in them, each with a megaflow and a way of its own. Flows differ in
 * the source address, which is written into packets that are parsed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketBatch.CAPACITY)
public class CacheParts {
  private static final long SEED = 4711;
  private static final int MASK_LIMIT = 128;
  private static final int LIMIT = 1 << 18;
  private static final int ROUNDS = 4;
  private static final int SOURCE_OFFSET = 12;
  private static final int FIRST_SOURCE = 0x0a00_0001;

  /** How many flows take turns. */
  @Param({"32", "1000", "100000"})
  public int flows;

  private PacketBatch batch;
  private FlowKey key;
  private MegaflowTable megaflows;
  private TrajectoryTable trajectories;
  private MicroflowCache microflows;
  private int next;

  @Setup(Level.Trial)
  public void open() {
    batch = new PacketBatch();
    key = new FlowKey();
    megaflows = new MegaflowTable(MASK_LIMIT, SEED);
    trajectories = new TrajectoryTable(LIMIT);
    microflows = new MicroflowCache(LIMIT, SEED, trajectories);
    try (Frames frames = new Frames(1)) {
      frames.fill(batch);
    }
    microflows.cover(mask());
    // Several times: a cache that is too small grows by what comes back, and is empty then.
    for (int i = 0; i < ROUNDS * flows; i++) {
      know(nextPacket(0));
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    microflows.close();
    batch.close();
  }

  private static FlowMask mask() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    mask.cover(Field.ETH_TYPE);
    mask.cover(Field.IP_SRC);
    return mask;
  }

  /** Makes the packet of a slot one of the next flow. */
  private Packet nextPacket(int slot) {
    Packet packet = batch.get(slot);
    next = next + 1 == flows ? 0 : next + 1;
    OffHeap.putIntBe(packet.l3() + SOURCE_OFFSET, FIRST_SOURCE + next);
    return packet;
  }

  private void know(Packet packet) {
    microflows.load(packet, 0);
    long entry = microflows.find(0);
    if (entry != 0 && microflows.trajectory(entry) != null) {
      return;
    }
    FlowExtractor.extract(packet, key.words());
    Megaflow found = megaflows.find(key.words());
    TrajectoryRecorder recorder = new TrajectoryRecorder();
    recorder.begin();
    recorder.hit(found == null ? install() : found);
    long place = microflows.place(0);
    if (place != 0) {
      microflows.put(place, 0, trajectories.intern(recorder), recorder.connections());
    }
  }

  private Megaflow install() {
    Translation forward =
        new Translation(List.of(new DpAction.Output(2)), mask(), true, null, null);
    MegaflowTuple tuple = megaflows.tupleFor(forward.mask());
    long[] values = tuple.gather(key.words());
    Megaflow made = new Megaflow(tuple, values, null, forward);
    megaflows.insert(made);
    return made;
  }

  /** The exact-match key and its hash, and the entry that it leads to. */
  @Benchmark
  public long microflow() {
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      microflows.load(nextPacket(i), i);
    }
    long found = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      found += microflows.find(i) == 0 ? 0 : 1;
    }
    return found;
  }

  /** The whole key and the megaflow that agrees with it, under one mask. */
  @Benchmark
  public long megaflow() {
    long found = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      FlowExtractor.extract(nextPacket(i), key.words());
      found += megaflows.find(key.words()) == null ? 0 : 1;
    }
    return found;
  }
}
