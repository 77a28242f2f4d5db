package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;

/** Rules that count only together, beside rules that count alone. */
class ConjunctiveSearchTest {
  private static final Field[] DIMENSIONS = {Field.IN_PORT, Field.ETH_TYPE};

  private final TableVersions versions = new TableVersions();
  private final Classifier table = new Classifier(versions);

  private static Match exact(Field field, long value) {
    FlowKey key = new FlowKey();
    key.set(field, value);
    FlowMask mask = new FlowMask();
    mask.cover(field);
    return new Match(key, mask);
  }

  private static FlowKey packet(long port, long type) {
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, port);
    key.set(Field.ETH_TYPE, type);
    return key;
  }

  private Rule add(Match match, int priority, OfAction... actions) {
    Rule rule = new Rule(0, match, priority, Rule.Body.of(List.of(actions)), 0);
    table.insert(rule);
    versions.publish();
    return rule;
  }

  private Rule clause(int dimension, long value, int priority, int id) {
    return add(
        exact(DIMENSIONS[dimension], value), priority, new OfAction.Conjunction(id, dimension, 2));
  }

  @Test
  void shouldFindTheRuleOfAConjunctionThatIsWhole() {
    clause(0, 1, 10, 7);
    clause(1, 5, 10, 7);
    Rule whole = add(exact(Field.CONJ_ID, 7), 10);
    assertSame(whole, table.lookup(packet(1, 5), new FlowMask(), versions.current()));
    assertNull(table.lookup(packet(1, 6), new FlowMask(), versions.current()));
    assertNull(table.lookup(packet(2, 5), new FlowMask(), versions.current()));
  }

  @Test
  void shouldPreferARuleOfAHigherPriority() {
    clause(0, 1, 10, 7);
    clause(1, 5, 10, 7);
    add(exact(Field.CONJ_ID, 7), 10);
    Rule above = add(exact(Field.ETH_TYPE, 5), 11);
    assertSame(above, table.lookup(packet(1, 5), new FlowMask(), versions.current()));
  }

  @Test
  void shouldNotJoinClausesOfDifferentPriorities() {
    clause(0, 1, 10, 7);
    clause(1, 5, 11, 7);
    add(exact(Field.CONJ_ID, 7), 10);
    Rule any = add(Match.any(), 0);
    assertSame(any, table.lookup(packet(1, 5), new FlowMask(), versions.current()));
  }

  @Test
  void shouldAnswerAsALinearSearchAndCoverWhatItRestsOn() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rules.add(
          clause(random.nextInt(2), random.nextInt(6), random.nextInt(3), 1 + random.nextInt(4)));
    }
    for (int id = 1; id <= 4; id++) {
      rules.add(add(exact(Field.CONJ_ID, id), random.nextInt(3)));
    }
    rules.removeIf(Rule::isRemoved);
    for (int i = 0; i < 200; i++) {
      FlowKey key = packet(random.nextInt(6), random.nextInt(6));
      FlowMask seen = new FlowMask();
      Rule found = table.lookup(key, seen, versions.current());
      Set<Long> whole = expected(rules, key);
      assertEquals(whole.isEmpty(), found == null, "seed " + seed);
      if (found != null) {
        assertTrue(whole.contains(found.match().key().get(Field.CONJ_ID)), "seed " + seed);
      }
      FlowKey other = packet(random.nextInt(6), random.nextInt(6));
      for (Field field : DIMENSIONS) {
        if (seen.covers(field)) {
          other.set(field, key.get(field));
        }
      }
      assertSame(found, table.lookup(other, null, versions.current()), "seed " + seed);
    }
  }

  /** The conjunctions that are whole at the highest priority at which any is. */
  private static Set<Long> expected(List<Rule> rules, FlowKey key) {
    Set<Long> whole = new TreeSet<>();
    for (int priority = 2; priority >= 0 && whole.isEmpty(); priority--) {
      for (int id = 1; id <= 4; id++) {
        if (isMet(rules, key, priority, id, 0) && isMet(rules, key, priority, id, 1)) {
          whole.add((long) id);
        }
      }
    }
    return whole;
  }

  private static boolean isMet(List<Rule> rules, FlowKey key, int priority, int id, int dimension) {
    OfAction part = new OfAction.Conjunction(id, dimension, 2);
    return rules.stream()
        .anyMatch(rule ->
            rule.priority() == priority
                && rule.match().matches(key)
                && rule.actions().contains(part));
  }
}
