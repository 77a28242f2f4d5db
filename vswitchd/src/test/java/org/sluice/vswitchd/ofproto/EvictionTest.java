package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;

class EvictionTest {
  private static final long SECOND = 1_000_000_000L;

  private final TableVersions versions = new TableVersions();
  private final Classifier table = new Classifier(versions);
  private final Eviction eviction = new Eviction(List.of(FieldSlice.all(Field.IN_PORT)));
  private final List<Rule> rules = new ArrayList<>();

  private Rule add(int port, int host, int importance, Timeouts timeouts) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.IN_PORT);
    mask.cover(Field.ETH_DST);
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, port);
    key.set(Field.ETH_DST, host);
    Rule.Body body = new Rule.Body(0, timeouts, importance, 0, List.of());
    Rule rule = new Rule(0, new Match(key, mask), 1, body, 0);
    table.insert(rule);
    eviction.add(rule);
    rules.add(rule);
    return rule;
  }

  private void remove(Rule rule) {
    table.remove(rule);
    eviction.remove(rule);
    rules.remove(rule);
  }

  private static Timeouts idle(int seconds) {
    return new Timeouts(seconds, 0);
  }

  @Test
  void shouldTakeFromTheLargestGroupTheLeastImportantThatEndsFirst() {
    add(1, 1, 0, idle(1));
    add(2, 1, 7, idle(1));
    Rule late = add(2, 2, 3, idle(60));
    Rule soon = add(2, 3, 3, idle(50));
    add(2, 4, 0, Timeouts.NONE);
    assertSame(soon, eviction.victim());
    soon.statistics().credit(1, 60, 20 * SECOND);
    assertSame(late, eviction.victim(), "the other was used");
    soon.shortenTimeouts(idle(5));
    eviction.noteShortened(soon);
    assertSame(soon, eviction.victim());
  }

  @Test
  void shouldTakeARuleThatGetsATimeoutLaterAndNoneThatIsGone() {
    Rule lasting = add(1, 1, 0, Timeouts.NONE);
    Rule gone = add(1, 2, 0, Timeouts.NONE);
    assertNull(eviction.victim());
    remove(gone);
    for (Rule rule : List.of(gone, lasting)) {
      rule.shortenTimeouts(idle(5));
      eviction.noteShortened(rule);
    }
    assertSame(lasting, eviction.victim());
    remove(lasting);
    assertNull(eviction.victim());
  }

  /** As a {@code fin_timeout} action of nothing does. */
  @Test
  void shouldNotTakeARuleThatLastsForeverThoughTimeoutsOfNoneAreAsked() {
    Rule lasting = add(1, 1, 0, Timeouts.NONE);
    lasting.shortenTimeouts(Timeouts.NONE);
    eviction.noteShortened(lasting);
    assertNull(eviction.victim());
  }

  @Test
  void shouldAgreeWithALookAtAllRules() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      change(random, step);
      Rule victim = eviction.victim();
      String where = "seed " + seed + ", step " + step;
      Map<Long, List<Rule>> groups = groups();
      if (groups.isEmpty()) {
        assertNull(victim, where);
        continue;
      }
      List<Rule> group = groups.get(port(victim));
      int largest = groups.values().stream().mapToInt(List::size).max().orElseThrow();
      assertEquals(largest, group.size(), where);
      Rule first = group.stream().min(Comparator.comparing(EvictionTest::place)).orElseThrow();
      assertEquals(place(first), place(victim), where);
      if (rules.size() > 40) {
        remove(victim);
      }
    }
  }

  private void change(Random random, int step) {
    Rule some = rules.isEmpty() ? null : rules.get(random.nextInt(rules.size()));
    int kind = random.nextInt(10);
    if (some == null || kind < 4) {
      Timeouts timeouts = new Timeouts(random.nextInt(4) * 10, random.nextInt(4) * 10);
      add(random.nextInt(5), step, random.nextInt(3), timeouts);
    } else if (kind < 6) {
      some.statistics().credit(1, 1, random.nextInt(100) * SECOND);
    } else if (kind < 7) {
      some.refresh(random.nextInt(100) * SECOND);
    } else if (kind < 9) {
      some.shortenTimeouts(new Timeouts(random.nextInt(40), random.nextInt(40)));
      eviction.noteShortened(some);
    } else {
      remove(some);
    }
  }

  private static long port(Rule rule) {
    return rule.match().get(Field.IN_PORT);
  }

  private Map<Long, List<Rule>> groups() {
    Map<Long, List<Rule>> groups = new HashMap<>();
    for (Rule rule : rules) {
      if (rule.hasTimeouts()) {
        groups.computeIfAbsent(port(rule), _ -> new ArrayList<>()).add(rule);
      }
    }
    return groups;
  }

  /** Importance, then end, as text that sorts like them. */
  private static String place(Rule rule) {
    Timeouts timeouts = rule.timeouts();
    long hard = timeouts.hardS() == 0 ? 999 : rule.modifiedNs() / SECOND + timeouts.hardS();
    long idle =
        timeouts.idleS() == 0 ? 999 : rule.statistics().usedNs() / SECOND + timeouts.idleS();
    return "%d %03d".formatted(rule.importance(), Math.min(hard, idle));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldNotLookAtTheWholeTableForEachVictim() {
    int count = 50_000;
    for (int i = 0; i < count; i++) {
      add(i % 7, i, i % 3, idle(10));
    }
    rules.clear(); // a list is slow to take things out of
    for (int i = 0; i < count; i++) {
      Rule victim = eviction.victim();
      assertTrue(victim.hasTimeouts());
      remove(victim);
      victim.statistics().credit(1, 60, i);
      add(i % 7, count + i, i % 3, idle(10));
      rules.clear();
    }
  }
}
