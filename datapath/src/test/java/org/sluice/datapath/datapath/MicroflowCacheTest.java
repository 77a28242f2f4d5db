package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** A cache of 2,048 entries, the smallest there is, and who gets one of them. */
final class MicroflowCacheTest {
  private static final long SEED = Long.getLong("seed", 20_261_128);
  private static final int LIMIT = 2048;
  private static final int KNOWN = LIMIT / 4;
  private static final int UDP = 17;
  private static final int FIRST_STRANGER = 1 << 20;
  private static final int STRANGERS = 20_000;

  private final PacketBatch batch = new PacketBatch();
  private final Packet packet = batch.append();
  private final FlowMask mask = new FlowMask();
  private final TrajectoryTable trajectories = new TrajectoryTable(LIMIT);
  private final MicroflowCache cache = new MicroflowCache(LIMIT, SEED, trajectories);
  private final TrajectoryRecorder recorder = new TrajectoryRecorder();
  private final Megaflow megaflow;

  MicroflowCacheTest() {
    mask.cover(Field.IP_SRC);
    cache.cover(mask);
    MegaflowTuple tuple = new MegaflowTable(1, SEED).tupleFor(mask);
    Translation translation =
        new Translation(List.of(new DpAction.Output(2)), mask, true, null, null);
    megaflow = new Megaflow(tuple, tuple.gather(new FlowKey().words()), null, translation);
  }

  @AfterEach
  void close() {
    cache.close();
    batch.close();
  }

  private void load(int flow) {
    byte[] frame = Frames.ipv4(UDP, flow, 0x0b000001, 80, 0);
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    Parser.parse(packet);
    cache.load(packet, 0);
  }

  /** The trajectory that the cache has for a packet of {@code flow}; null for none. */
  private Trajectory find(int flow) {
    load(flow);
    long entry = cache.find(0);
    return entry == 0 ? null : cache.trajectory(entry);
  }

  /** What a packet of {@code flow} that has gone the general way does. */
  private void come(int flow) {
    load(flow);
    long place = cache.place(0);
    if (place != 0) {
      cache.put(place, 0, wayOf(megaflow), recorder.connections());
    }
  }

  private Trajectory wayOf(Megaflow hit) {
    recorder.begin();
    recorder.hit(hit);
    return trajectories.intern(recorder);
  }

  private void comeOnce(int first, int count) {
    for (int flow = first; flow < first + count; flow++) {
      come(flow);
    }
  }

  @Test
  void shouldRememberAFlowAtOnceWhereThereIsRoom() {
    assertNull(find(1));
    come(1);
    assertSame(wayOf(megaflow), find(1));
    assertEquals(1, cache.occupied());
    come(1);
    assertEquals(1, cache.occupied());
  }

  /** One stranger in 65,536 is taken for one who was here before, since ghosts are 16 bits. */
  @Test
  void shouldKeepWhatItKnowsWhileStrangersComeOnce() {
    comeOnce(FIRST_STRANGER, STRANGERS);
    comeOnce(0, KNOWN);
    comeOnce(0, KNOWN);
    long known = IntStream.range(0, KNOWN).filter(flow -> find(flow) != null).count();
    comeOnce(FIRST_STRANGER + STRANGERS, STRANGERS);
    long kept = IntStream.range(0, KNOWN).filter(flow -> find(flow) != null).count();
    assertTrue(known > KNOWN / 2 && kept >= known - 4, "seed " + SEED + ", kept " + kept);
    assertEquals(LIMIT, cache.occupied(), "seed " + SEED);
  }

  @Test
  void shouldRememberInAnothersPlaceWhatComesAgain() {
    comeOnce(FIRST_STRANGER, STRANGERS);
    assertNull(find(1), "seed " + SEED);
    come(1);
    assertNull(find(1), "seed " + SEED);
    come(1);
    assertSame(wayOf(megaflow), find(1), "seed " + SEED);
    assertEquals(LIMIT, cache.occupied(), "seed " + SEED);
  }

  @Test
  void shouldTakeAStaleEntryRatherThanAnothers() {
    comeOnce(FIRST_STRANGER, STRANGERS);
    trajectories.end(megaflow, 1);
    int insertions = cache.insertions();
    come(1);
    assertEquals(insertions, cache.insertions(), "seed " + SEED);
    come(1);
    assertSame(wayOf(megaflow), find(1), "seed " + SEED);
  }
}
