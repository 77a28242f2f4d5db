package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;

class ClassifierTest {
  private final Classifier table = new Classifier();

  @Test
  void shouldFindHighestPriorityWhenSeveralRulesMatch() {
    table.insert(rule(Match.any(), 1));
    Rule tcp = rule(exact(Field.NW_PROTO, 6), 10);
    table.insert(tcp);

    assertSame(tcp, table.lookup(key(Field.NW_PROTO, 6), new FlowMask()));
  }

  @Test
  void shouldReplaceWhenMatchAndPriorityAreTheSame() {
    Rule first = rule(exact(Field.NW_PROTO, 6), 10);
    Rule second = rule(exact(Field.NW_PROTO, 6), 10);
    table.insert(first);

    assertSame(first, table.insert(second));
    assertTrue(first.isRemoved());
    assertEquals(1, table.size());
    assertSame(second, table.find(exact(Field.NW_PROTO, 6), 10));
  }

  @Test
  void shouldNotLookAtLaterStageWhenEarlierOneExcludes() {
    Match match = new Match(key(Field.IN_PORT, 1), new FlowMask());
    match.mask().cover(Field.IN_PORT);
    match.mask().cover(Field.TCP_DST);
    table.insert(rule(new Match(key(Field.IN_PORT, 1), match.mask()), 5));
    FlowMask seen = new FlowMask();

    assertNull(table.lookup(key(Field.IN_PORT, 2), seen));
    assertTrue(seen.covers(Field.IN_PORT));
    assertFalse(seen.touches(Field.TCP_DST));
  }

  @Test
  void shouldLookAtFewAddressBitsWhenTrieExcludes() {
    FlowMask prefix = new FlowMask();
    prefix.set(Field.IP_DST, 0xffff_ff00L);
    table.insert(rule(new Match(key(Field.IP_DST, 0x0a00_0100L), prefix), 5));
    FlowMask seen = new FlowMask();

    assertNull(table.lookup(key(Field.IP_DST, 0xc0a8_0001L), seen));
    assertEquals(0x8000_0000L, seen.get(Field.IP_DST));
  }

  @Test
  void shouldLookAtFewPortBitsWhenNoRuleHasThePort() {
    table.insert(rule(exact(Field.TCP_DST, 0x8000), 5));
    FlowMask seen = new FlowMask();

    assertNull(table.lookup(key(Field.TCP_DST, 80), seen));
    assertEquals(0x8000, seen.get(Field.TCP_DST));
  }

  @Test
  void shouldSeeOverlapWhenSomePacketMatchesBothAtOnePriority() {
    table.insert(rule(exact(Field.NW_PROTO, 6), 5));

    assertTrue(table.overlaps(exact(Field.IN_PORT, 1), 5));
    assertFalse(table.overlaps(exact(Field.IN_PORT, 1), 6));
    assertFalse(table.overlaps(exact(Field.NW_PROTO, 17), 5));
  }

  @Test
  void shouldAnswerAsLinearSearchWhenRulesComeAndGoAtRandom() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Rule> oracle = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      if (random.nextInt(3) > 0 || oracle.isEmpty()) {
        Rule rule = rule(randomMatch(random), random.nextInt(20));
        Rule old = table.insert(rule);
        oracle.remove(old);
        oracle.add(rule);
      } else {
        table.remove(oracle.remove(random.nextInt(oracle.size())));
      }
      assertEquals(oracle.size(), table.size(), "seed " + seed);
      checkLookup(oracle, random, seed);
    }
    while (!oracle.isEmpty()) {
      table.remove(oracle.removeLast());
    }
    assertEquals(0, table.maskCount(), "seed " + seed);
  }

  /** The answer is the linear search's, and the same for every key that agrees under the mask. */
  private void checkLookup(List<Rule> oracle, Random random, long seed) {
    FlowKey key = randomKey(random);
    FlowMask seen = new FlowMask();
    int expected = best(oracle, key);
    assertEquals(expected, priority(table.lookup(key, seen)), "seed " + seed);
    for (int i = 0; i < 4; i++) {
      FlowKey other = randomKey(random);
      for (int word = 0; word < Word.COUNT; word++) {
        long mask = seen.word(word);
        other.words()[word] = (key.word(word) & mask) | (other.word(word) & ~mask);
      }
      assertEquals(expected, best(oracle, other), "mask too wide, seed " + seed);
    }
  }

  private static int best(List<Rule> rules, FlowKey key) {
    int best = -1;
    for (Rule rule : rules) {
      if (rule.match().matches(key)) {
        best = Math.max(best, rule.priority());
      }
    }
    return best;
  }

  private static int priority(Rule rule) {
    return rule == null ? -1 : rule.priority();
  }

  /** Few values, so that rules and packets meet often. */
  private static FlowKey randomKey(Random random) {
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, random.nextInt(3));
    key.set(Field.ETH_DST, random.nextInt(3));
    key.set(Field.IP_SRC, random.nextInt(4) << 30 | random.nextInt(4));
    key.set(Field.IP_DST, random.nextInt(4) << 30 | random.nextInt(4) << 8);
    key.set(Field.IPV6_DST, (long) random.nextInt(2) << 63, random.nextInt(2));
    key.set(Field.TCP_SRC, random.nextInt(3));
    key.set(Field.TCP_DST, random.nextInt(2) << 15 | random.nextInt(3));
    key.set(Field.REG0, random.nextInt(2));
    return key;
  }

  private static Match randomMatch(Random random) {
    FlowMask mask = new FlowMask();
    for (Field field : List.of(Field.IN_PORT, Field.ETH_DST, Field.TCP_SRC, Field.REG0)) {
      if (random.nextInt(4) == 0) {
        mask.cover(field);
      }
    }
    mask.set(Field.IP_DST, (int) (-1L << random.nextInt(33)) & 0xffff_ffffL);
    mask.set(Field.IP_SRC, random.nextBoolean() ? 0 : (-1L << random.nextInt(33)) & 0xffff_ffffL);
    mask.set(Field.TCP_DST, random.nextBoolean() ? 0 : (-1L << random.nextInt(17)) & 0xffffL);
    mask.set(Field.IPV6_DST, random.nextBoolean() ? 0 : -1L, random.nextInt(3) == 0 ? -1L : 0);
    return new Match(randomKey(random), mask);
  }

  private static Rule rule(Match match, int priority) {
    return new Rule(0, match, priority, Rule.Body.of(List.of()), 0);
  }

  private static Match exact(Field field, long value) {
    FlowMask mask = new FlowMask();
    mask.cover(field);
    return new Match(key(field, value), mask);
  }

  private static FlowKey key(Field field, long value) {
    FlowKey key = new FlowKey();
    key.set(field, value);
    return key;
  }
}
