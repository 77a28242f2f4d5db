package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;

/** The table against a list that is looked through from the front. */
final class MegaflowTableTest {
  private static final long SEED = Long.getLong("seed", 4711);
  private static final Field[] FIELDS = {
    Field.IN_PORT, Field.RECIRC_ID, Field.IP_SRC, Field.IP_DST, Field.TCP_DST, Field.CT_LABEL
  };
  private static final Translation TRANSLATION =
      new Translation(List.of(new DpAction.Output(1)), new FlowMask(), true, null, null);

  private final List<Megaflow> oracle = new ArrayList<>();

  @Test
  void shouldFindWhatTheListFindsUnderRandomOperations() {
    run(SEED, 64);
  }

  @Test
  void shouldFindWhatTheListFindsWhenMasksAreMerged() {
    run(SEED + 1, 4);
  }

  private void run(long seed, int maskLimit) {
    MegaflowTable table = new MegaflowTable(maskLimit, seed);
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      FlowKey key = randomKey(random);
      Megaflow expected = linear(key);
      assertSame(expected, table.find(key.words()), "seed " + seed + ", step " + step);
      int chance = random.nextInt(100);
      if (chance < 40 && expected == null) {
        insert(table, key, randomMask(random));
      } else if (chance < 60 && !oracle.isEmpty()) {
        remove(table, random);
      } else if (chance == 99) {
        table.sort();
      }
      check(table, seed, step);
    }
  }

  @Test
  void shouldKeepAMaskOnceForAllMegaflowsThatHaveIt() {
    MegaflowTable table = new MegaflowTable(8, 1);
    MegaflowTuple tuple = table.tupleFor(new FlowMask());
    Megaflow one = new Megaflow(tuple, new long[0], null, TRANSLATION);
    Megaflow other = new Megaflow(tuple, new long[0], null, TRANSLATION);
    assertSame(one.translation().mask(), other.translation().mask());
    one.announce(TRANSLATION);
    assertSame(one.translation().mask(), other.translation().mask());
  }

  @Test
  void shouldSoonAskFirstWhatAnswersMost() {
    MegaflowTable table = new MegaflowTable(64, SEED);
    FlowKey key = new FlowKey();
    List<Field> fields = List.of(Field.IP_SRC, Field.IP_DST, Field.TCP_SRC, Field.ETH_TYPE);
    for (Field field : fields) {
      FlowMask mask = new FlowMask();
      mask.cover(field);
      mask.cover(Field.TCP_DST);
      key.set(Field.TCP_DST, table.count());
      insert(table, key, mask);
    }
    for (int i = 0; i < fields.size(); i++) {
      table.find(key.words());
    }
    table.takeProbes();

    assertSame(oracle.getLast(), table.find(key.words()));
    assertEquals(1, table.takeProbes());
  }

  private void insert(MegaflowTable table, FlowKey key, FlowMask mask) {
    MegaflowTuple tuple = table.tupleFor(mask);
    assertTrue(tuple.mask().includes(mask), "a tuple must look at all that was asked for");
    long[] values = tuple.gather(key.words());
    Megaflow megaflow = new Megaflow(tuple, values, null, TRANSLATION);
    FlowKey own = megaflow.key();
    for (Megaflow other : oracle) {
      FlowMask both = other.mask();
      for (int i = 0; i < both.words().length; i++) {
        both.words()[i] &= tuple.mask().word(i);
      }
      if (own.agrees(other.key(), both)) {
        return; // megaflows of one table never overlap
      }
    }
    table.insert(megaflow);
    oracle.add(megaflow);
  }

  private void remove(MegaflowTable table, Random random) {
    Megaflow gone = oracle.remove(random.nextInt(oracle.size()));
    assertTrue(table.remove(gone));
    assertEquals(false, table.remove(gone), "removed twice");
  }

  private void check(MegaflowTable table, long seed, int step) {
    assertEquals(oracle.size(), table.count(), "seed " + seed + ", step " + step);
    if (step % 500 == 0) {
      assertEquals(new HashSet<>(oracle), new HashSet<>(table.copyOut()));
      oracle.forEach(m -> assertTrue(table.union().includes(m.mask())));
    }
  }

  private Megaflow linear(FlowKey key) {
    for (Megaflow megaflow : oracle) {
      if (key.agrees(megaflow.key(), megaflow.mask())) {
        return megaflow;
      }
    }
    return null;
  }

  private static FlowKey randomKey(Random random) {
    FlowKey key = new FlowKey();
    for (Field field : FIELDS) {
      key.set(field, random.nextInt(2), random.nextInt(3));
    }
    return key;
  }

  private static FlowMask randomMask(Random random) {
    FlowMask mask = new FlowMask();
    for (Field field : FIELDS) {
      if (random.nextBoolean()) {
        mask.cover(field);
      }
    }
    return mask;
  }
}
