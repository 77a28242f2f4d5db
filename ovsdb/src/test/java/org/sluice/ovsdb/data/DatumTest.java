package org.sluice.ovsdb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.Seed;

/** Sets and maps against {@link HashSet} and {@link HashMap} under random operations. */
class DatumTest {
  private static final BaseType INTEGER = BaseType.of(AtomicType.INTEGER);
  private static final ColumnType SET = new ColumnType(INTEGER, null, 0, ColumnType.UNLIMITED);
  private static final ColumnType MAP = new ColumnType(INTEGER, INTEGER, 0, ColumnType.UNLIMITED);

  @Test
  void shouldAgreeWithPlainSets() {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    for (int round = 0; round < 2_000; round++) {
      Set<Atom> a = randomSet(random);
      Set<Atom> b = randomSet(random);
      Datum left = Datum.ofSet(a);
      Datum right = Datum.ofSet(b);
      Set<Atom> union = new HashSet<>(a);
      union.addAll(b);
      Set<Atom> rest = new HashSet<>(a);
      rest.removeAll(b);
      assertEquals(Datum.ofSet(union), left.union(right), () -> Seed.hint(seed));
      assertEquals(Datum.ofSet(rest), left.subtract(right), () -> Seed.hint(seed));
      assertEquals(b.containsAll(a), left.isIncludedIn(right), () -> Seed.hint(seed));
      assertEquals(rest.size() == a.size(), left.isExcludedFrom(right), () -> Seed.hint(seed));
      assertEquals(right, left.applyDiff(left.diffTo(right, SET), SET), () -> Seed.hint(seed));
    }
  }

  @Test
  void shouldAgreeWithPlainMaps() {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    for (int round = 0; round < 2_000; round++) {
      Map<Atom, Atom> a = randomMap(random);
      Map<Atom, Atom> b = randomMap(random);
      Datum left = Datum.ofMap(a);
      Datum right = Datum.ofMap(b);
      Map<Atom, Atom> union = new HashMap<>(b);
      union.putAll(a);
      Map<Atom, Atom> rest = new HashMap<>(a);
      b.forEach(rest::remove);
      Map<Atom, Atom> unnamed = new HashMap<>(a);
      unnamed.keySet().removeAll(b.keySet());
      assertEquals(Datum.ofMap(union), left.union(right), () -> Seed.hint(seed));
      assertEquals(Datum.ofMap(rest), left.subtract(right), () -> Seed.hint(seed));
      assertEquals(
          Datum.ofMap(unnamed), left.subtract(Datum.ofSet(b.keySet())), () -> Seed.hint(seed));
      assertEquals(right, left.applyDiff(left.diffTo(right, MAP), MAP), () -> Seed.hint(seed));
    }
  }

  /** A changed copy shares atoms with what it was made of; that must make no difference. */
  @Test
  void shouldFindTheSameDifferencesWhenAtomsAreShared() {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    for (int round = 0; round < 2_000; round++) {
      Datum old = Datum.ofMap(randomMap(random));
      Datum changed = old;
      for (int i = random.nextInt(3); i >= 0; i--) {
        Datum one = Datum.ofPair(Atom.of(random.nextLong(10)), Atom.of(random.nextLong(2)));
        changed = random.nextBoolean() ? changed.union(one) : changed.subtract(one.keys());
      }
      Datum copy = fresh(changed);
      assertEquals(changed, copy, () -> Seed.hint(seed));
      assertEquals(old.diffTo(copy, MAP), old.diffTo(changed, MAP), () -> Seed.hint(seed));
      assertEquals(old.subtract(copy), old.subtract(changed), () -> Seed.hint(seed));
      assertEquals(old.subtract(copy.keys()), old.subtract(changed.keys()), () -> Seed.hint(seed));
      assertEquals(old.union(copy), old.union(changed), () -> Seed.hint(seed));
    }
  }

  /** The same value of other atoms. */
  private static Datum fresh(Datum map) {
    Map<Atom, Atom> atoms = new HashMap<>();
    for (int i = 0; i < map.size(); i++) {
      atoms.put(copy(map.key(i)), copy(map.value(i)));
    }
    return Datum.ofMap(atoms);
  }

  private static Atom copy(Atom atom) {
    return Atom.of(((Atom.IntegerAtom) atom).value());
  }

  @Test
  void shouldTellChangeOfScalarAsNewValue() {
    ColumnType scalar = ColumnType.scalar(INTEGER);
    assertEquals(Datum.of(2), Datum.of(1).diffTo(Datum.of(2), scalar));
  }

  @Test
  void shouldPrintAsToolsDo() {
    assertEquals("[1, 2]", Datum.ofSet(Set.of(Atom.of(2), Atom.of(1))).toText(SET));
    assertEquals("{1=2}", Datum.ofPair(Atom.of(1), Atom.of(2)).toText(MAP));
    assertEquals("{}", Datum.EMPTY.toText(MAP));
    assertEquals("7", Datum.of(7).toText(ColumnType.scalar(INTEGER)));
  }

  private static Set<Atom> randomSet(Random random) {
    Set<Atom> set = new HashSet<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      set.add(Atom.of(random.nextLong(10)));
    }
    return set;
  }

  private static Map<Atom, Atom> randomMap(Random random) {
    Map<Atom, Atom> map = new HashMap<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      map.put(Atom.of(random.nextLong(10)), Atom.of(random.nextLong(2)));
    }
    return map;
  }
}
