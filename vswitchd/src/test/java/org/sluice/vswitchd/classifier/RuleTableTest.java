package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;

class RuleTableTest {
  private static final Match FIRST = match(0);
  private final RuleTable table = new RuleTable(FIRST.wordMask());

  private static Match match(long port) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.TCP_DST);
    return new Match(key(port), mask);
  }

  private static FlowKey key(long port) {
    FlowKey key = new FlowKey();
    key.set(Field.TCP_DST, port);
    return key;
  }

  private static Rule rule(long port, int priority) {
    return new Rule(0, match(port), priority, Rule.Body.NONE, 0);
  }

  private void takeOut(Rule rule) {
    table.takeOut(rule, same -> same == rule, _ -> {});
  }

  private static List<Rule> from(Rule first) {
    List<Rule> all = new ArrayList<>();
    for (Rule rule = first; rule != null; rule = rule.next()) {
      all.add(rule);
    }
    return all;
  }

  @Test
  void shouldLinkRulesOfOneMatchTheBestAndNewestFirst() {
    Rule low = rule(80, 1);
    Rule old = rule(80, 5);
    Rule newer = rule(80, 5);
    List.of(old, low, newer).forEach(table::put);

    assertEquals(List.of(newer, old, low), from(table.get(key(80))));
    assertNull(table.get(key(81)));
  }

  @Test
  void shouldLetAReaderGoOnFromARuleThatIsTakenOut() {
    Rule low = rule(80, 1);
    Rule high = rule(80, 5);
    List.of(low, high).forEach(table::put);
    Rule reached = table.get(key(80));
    takeOut(high);

    assertEquals(List.of(high, low), from(reached));
    assertEquals(List.of(low), from(table.get(key(80))));
    assertFalse(high.isStored());
    assertTrue(low.isStored());
  }

  @Test
  void shouldTakeOutAllThatHaveGoneInOneWalk() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rules.add(rule(80, 5));
      table.put(rules.getLast());
    }
    Set<Rule> taken = new HashSet<>();
    table.takeOut(rules.getFirst(), rule -> rule != rules.getLast(), taken::add);

    assertEquals(new HashSet<>(rules.subList(0, 9)), taken);
    assertEquals(List.of(rules.getLast()), from(table.get(key(80))));
  }

  /** Every answer is as that of a map of sorted lists. */
  @Test
  void shouldAnswerAsAMapDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Long, List<Rule>> oracle = new HashMap<>();
    List<Rule> stored = new ArrayList<>();
    for (int step = 0; step < 50_000; step++) {
      boolean grows = step / 10_000 % 2 == 0;
      if (stored.isEmpty() || random.nextInt(10) < (grows ? 6 : 3)) {
        long port = random.nextInt(2000);
        Rule added = rule(port, random.nextInt(3));
        table.put(added);
        stored.add(added);
        List<Rule> same = oracle.computeIfAbsent(port, _ -> new ArrayList<>());
        same.addFirst(added);
        same.sort(Comparator.comparingInt(Rule::priority).reversed());
      } else {
        Rule removed = stored.remove(random.nextInt(stored.size()));
        takeOut(removed);
        long port = removed.match().get(Field.TCP_DST);
        oracle.get(port).remove(removed);
        oracle.values().removeIf(List::isEmpty);
      }
      long asked = random.nextInt(2000);
      List<Rule> expected = oracle.getOrDefault(asked, List.of());
      assertEquals(expected, from(table.get(key(asked))), () -> "seed " + seed);
      assertSame(table.get(key(asked)), table.get(match(asked).values()), () -> "seed " + seed);
      assertEquals(oracle.isEmpty(), table.isEmpty(), () -> "seed " + seed);
    }
    Set<Rule> shown = new HashSet<>();
    table.forEach(shown::add);
    assertEquals(new HashSet<>(stored), shown, () -> "seed " + seed);
  }
}
