package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;

/** The table against a map from way to trajectory. */
final class TrajectoryTableTest {
  private static final long SEED = Long.getLong("seed", 20_261_126);
  private static final DpAction TRACK =
      new DpAction.Track(false, false, 7, DpAction.MarkAndLabel.NONE, null, null);

  private static final int LIMIT = 200_000;

  private final TrajectoryTable table = new TrajectoryTable(LIMIT);
  private final TrajectoryRecorder recorder = new TrajectoryRecorder();
  private final MegaflowTuple tuple = tuple();
  private final List<Megaflow> inner = new ArrayList<>();
  private final List<Megaflow> last = new ArrayList<>();
  private final Map<Way, Trajectory> oracle = new HashMap<>();
  private int megaflows;

  /** A way as a value. */
  private record Way(List<Megaflow> chain, List<Integer> states) {}

  private static MegaflowTuple tuple() {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IP_SRC);
    MegaflowHash hash = new MegaflowHash(SEED);
    return new MegaflowTuple(mask, hash, hash.new Rest(mask));
  }

  private Megaflow megaflow(DpAction... actions) {
    FlowKey key = new FlowKey();
    key.set(Field.IP_SRC, 0, megaflows++);
    Translation translation = new Translation(List.of(actions), new FlowMask(), true, null, null);
    long[] values = tuple.gather(key.words());
    return new Megaflow(tuple, values, null, translation);
  }

  private void makeMegaflows(int tracking, int ending) {
    for (int i = 0; i < tracking; i++) {
      inner.add(megaflow(TRACK, new DpAction.Recirculate(1)));
    }
    for (int i = 0; i < ending; i++) {
      last.add(megaflow(new DpAction.Output(1)));
    }
  }

  private Trajectory intern(Way way) {
    recorder.begin();
    for (int i = 0; i < way.chain.size(); i++) {
      recorder.hit(way.chain.get(i));
      if (i < way.states.size()) {
        recorder.tracked(way.states.get(i), 77);
      }
    }
    return table.intern(recorder);
  }

  private Way randomWay(Random random) {
    List<Megaflow> chain = new ArrayList<>();
    List<Integer> states = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      chain.add(inner.get(random.nextInt(inner.size())));
      states.add(random.nextInt(3));
    }
    chain.add(last.get(random.nextInt(last.size())));
    return new Way(chain, states);
  }

  @Test
  void shouldKnowTheWaysThatTheMapKnowsUnderRandomOperations() {
    makeMegaflows(5, 12);
    Random random = new Random(SEED);
    for (int step = 0; step < 5_000; step++) {
      if (random.nextInt(40) > 0) {
        Way way = randomWay(random);
        Trajectory found = intern(way);
        assertSame(oracle.getOrDefault(way, found), found, "seed " + SEED + ", step " + step);
        assertSame(found, table.get(found.slot, found.id));
        oracle.put(way, found);
      } else {
        List<Megaflow> all = random.nextBoolean() ? inner : last;
        end(all.get(random.nextInt(all.size())), random.nextInt(100));
      }
      assertEquals(oracle.size(), table.count(), "seed " + SEED + ", step " + step);
      assertTrue(table.isSound(), "seed " + SEED + ", step " + step);
    }
  }

  private void end(Megaflow megaflow, int most) {
    long through = oracle.keySet().stream().filter(way -> way.chain.contains(megaflow)).count();
    int ended = table.end(megaflow, most);
    assertEquals(Math.min(most, through), ended);
    int before = oracle.size();
    oracle
        .entrySet()
        .removeIf(each ->
            each.getKey().chain.contains(megaflow)
                && table.get(each.getValue().slot, each.getValue().id) == null);
    assertEquals(before - ended, oracle.size(), "only ways through the megaflow have ended");
  }

  @Test
  void shouldHaveTheMegaflowsOwnProgramWhereThatIsTheWholeWay() {
    makeMegaflows(1, 1);
    Megaflow output = last.getFirst();
    assertSame(output.program, intern(new Way(List.of(output), List.of())).program);
    Way tracked = new Way(List.of(inner.getFirst(), output), List.of(1));
    assertNotSame(output.program, intern(tracked).program);
  }

  @Test
  void shouldRefuseNewWaysThroughAMegaflowThatIsAboutToGo() {
    makeMegaflows(1, 2);
    Way known = new Way(List.of(inner.getFirst(), last.get(0)), List.of(1));
    Way unknown = new Way(List.of(inner.getFirst(), last.get(1)), List.of(1));
    Trajectory before = intern(known);
    assertNotNull(before);
    inner.getFirst().closing = true;
    assertSame(before, intern(known));
    assertNull(intern(unknown));
  }

  @Test
  void shouldTakeNewWaysAgainWhenOldOnesHaveMadeRoom() {
    makeMegaflows(1, LIMIT + 1);
    for (Megaflow each : last.subList(0, LIMIT)) {
      intern(new Way(List.of(inner.getFirst(), each), List.of(1)));
    }
    Way more = new Way(List.of(inner.getFirst(), last.getLast()), List.of(1));
    assertNull(intern(more));
    assertEquals(1, table.end(last.getFirst(), 10));
    assertNotNull(intern(more));
    assertEquals(LIMIT, table.count());
  }

  /** A hundred thousand connections behind one rule: quadratic work would take minutes here. */
  @Test
  void shouldEndManyWaysInPortionsWhicheverMegaflowGoes() {
    int count = 100_000;
    makeMegaflows(2, count);
    for (Megaflow each : last) {
      assertNotNull(intern(new Way(List.of(inner.getFirst(), each), List.of(1))));
      assertNotNull(intern(new Way(List.of(inner.getLast(), each), List.of(1))));
    }
    for (Megaflow each : last.subList(0, count / 2)) {
      assertEquals(2, table.end(each, 1000));
    }
    assertEquals(1000, table.end(inner.getFirst(), 1000));
    assertEquals(count / 2 - 1000, table.end(inner.getFirst(), count));
    assertEquals(count / 2, table.count());
    assertTrue(table.isSound());
  }
}
