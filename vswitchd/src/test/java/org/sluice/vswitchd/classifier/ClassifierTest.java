package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.message.FlowMod;

class ClassifierTest {
  private final TableVersions versions = new TableVersions();
  private final Classifier table = new Classifier(versions);

  private Rule lookup(FlowKey key, FlowMask seen) {
    return table.lookup(key, seen, versions.current());
  }

  /** Puts a rule in by itself. */
  private void add(Rule rule) {
    table.insert(rule);
    versions.publish();
  }

  @Test
  void shouldFindHighestPriorityWhenSeveralRulesMatch() {
    add(rule(Match.any(), 1));
    Rule tcp = rule(exact(Field.NW_PROTO, 6), 10);
    add(tcp);

    assertSame(tcp, lookup(key(Field.NW_PROTO, 6), new FlowMask()));
  }

  private List<Rule> timed() {
    List<Rule> shown = new ArrayList<>();
    table.forEachTimed(versions.current(), shown::add);
    return shown;
  }

  @Test
  void shouldShowRulesThatCanGoByThemselves() {
    Rule lasting = rule(Match.any(), 1);
    add(lasting);
    assertEquals(List.of(), timed());

    Rule.Body body = new Rule.Body(0, new FlowMod.Timeouts(10, 0), 0, 0, List.of());
    Rule limited = new Rule(0, exact(Field.NW_PROTO, 6), 10, body, 0);
    table.insert(limited);
    assertEquals(List.of(), timed(), "not in force");
    versions.publish();
    assertEquals(List.of(limited), timed());

    lasting.shortenTimeouts(new FlowMod.Timeouts(0, 5));
    table.noteTimeouts();
    table.remove(limited);
    versions.publish();
    table.drop(limited);
    assertEquals(List.of(lasting), timed());
    assertEquals(List.of(lasting), timed(), "as often as one looks");
  }

  @Test
  void shouldReplaceWhenMatchAndPriorityAreTheSame() {
    Rule first = rule(exact(Field.NW_PROTO, 6), 10);
    Rule second = rule(exact(Field.NW_PROTO, 6), 10);
    add(first);

    assertSame(first, table.insert(second));
    assertTrue(first.isRemoved());
    assertEquals(1, table.size());
    assertSame(second, table.find(exact(Field.NW_PROTO, 6), 10));
  }

  @Test
  void shouldNotLookAtLaterStageWhenEarlierOneExcludes() {
    FlowMask both = new FlowMask();
    both.cover(Field.IN_PORT);
    both.cover(Field.TCP_DST);
    add(rule(new Match(key(Field.IN_PORT, 1), both), 5));
    FlowMask seen = new FlowMask();

    assertNull(lookup(key(Field.IN_PORT, 2), seen));
    assertTrue(seen.covers(Field.IN_PORT));
    assertFalse(seen.touches(Field.TCP_DST));
  }

  @Test
  void shouldLookAtFewAddressBitsWhenTrieExcludes() {
    FlowMask prefix = new FlowMask();
    prefix.set(Field.IP_DST, 0xffff_ff00L);
    add(rule(new Match(key(Field.IP_DST, 0x0a00_0100L), prefix), 5));
    FlowMask seen = new FlowMask();

    assertNull(lookup(key(Field.IP_DST, 0xc0a8_0001L), seen));
    assertEquals(0x8000_0000L, seen.get(Field.IP_DST));
  }

  @Test
  void shouldLookAtFewPortBitsWhenNoRuleHasThePort() {
    add(rule(exact(Field.TCP_DST, 0x8000), 5));
    FlowMask seen = new FlowMask();

    assertNull(lookup(key(Field.TCP_DST, 80), seen));
    assertEquals(0x8000, seen.get(Field.TCP_DST));
  }

  @Test
  void shouldLookAtFewPortBitsWhenOnlyRulesOfOtherAddressesHavePortsNextToIt() {
    Random random = new Random(7);
    FlowMask both = new FlowMask();
    both.cover(Field.IP_DST);
    both.cover(Field.TCP_DST);
    int hosts = 256;
    int[] ports = random.ints(hosts, 0, 0x1_0000).toArray();
    for (int host = 0; host < hosts; host++) {
      add(rule(new Match(toHost(host, ports[host]), both), 5));
    }
    int looked = 0;
    for (int host = 0; host < hosts; host++) {
      FlowMask seen = new FlowMask();
      assertNull(lookup(toHost(host, ports[host] ^ 0x8000), seen));
      looked += Long.bitCount(seen.get(Field.TCP_DST));
    }
    assertTrue(looked < 5 * hosts, "one bit tells the port from that host's own: " + looked);
  }

  private static FlowKey toHost(int host, int port) {
    FlowKey key = key(Field.IP_DST, host);
    key.set(Field.TCP_DST, port);
    return key;
  }

  @Test
  void shouldLookAtNoMoreOfAFieldWhenAnotherTellsAsWell() {
    add(rule(exact(Field.IP_SRC, 0x0a00_0001L), 9));
    FlowMask both = new FlowMask();
    both.cover(Field.IP_SRC);
    both.cover(Field.IP_DST);
    add(rule(new Match(key(Field.IP_SRC, 0x0a00_0002L), both), 5));
    FlowKey key = key(Field.IP_SRC, 0xc0a8_0001L);
    key.set(Field.IP_DST, 0x8000_0000L);
    FlowMask seen = new FlowMask();

    assertNull(lookup(key, seen));
    assertEquals(0x8000_0000L, seen.get(Field.IP_SRC));
    assertEquals(0, seen.get(Field.IP_DST), "the source has told already");
  }

  @Test
  void shouldNotLookAtMetadataWhereAnAddressHasTold() {
    add(rule(exact(Field.IP_SRC, 0x0a00_0001L), 9));
    FlowMask both = new FlowMask();
    both.cover(Field.IN_PORT);
    both.cover(Field.IP_SRC);
    FlowKey wanted = key(Field.IP_SRC, 0x0a00_0002L);
    wanted.set(Field.IN_PORT, 1);
    add(rule(new Match(wanted, both), 5));
    FlowMask seen = new FlowMask();

    assertNull(lookup(key(Field.IP_SRC, 0xc0a8_0001L), seen));
    assertEquals(0x8000_0000L, seen.get(Field.IP_SRC));
    assertFalse(seen.touches(Field.IN_PORT));
  }

  @Test
  void shouldSeeOverlapWhenSomePacketMatchesBothAtOnePriority() {
    add(rule(exact(Field.NW_PROTO, 6), 5));

    assertTrue(table.overlaps(exact(Field.IN_PORT, 1), 5));
    assertFalse(table.overlaps(exact(Field.IN_PORT, 1), 6));
    assertFalse(table.overlaps(exact(Field.NW_PROTO, 17), 5));
  }

  @Test
  void shouldShowNothingOfAChangeBeforeItIsPublished() {
    Rule old = rule(exact(Field.NW_PROTO, 6), 10);
    add(old);
    Rule changed = rule(exact(Field.NW_PROTO, 6), 10);
    table.insert(changed);
    table.insert(rule(exact(Field.NW_PROTO, 17), 10));

    assertSame(old, lookup(key(Field.NW_PROTO, 6), null));
    assertNull(lookup(key(Field.NW_PROTO, 17), null));
    assertSame(changed, table.lookup(key(Field.NW_PROTO, 6), null, versions.next()));
    versions.publish();
    assertSame(changed, lookup(key(Field.NW_PROTO, 6), null));
  }

  @Test
  void shouldLookInTheCurrentVersionWhenThePacketsOwnIsGivenUp() {
    Rule old = rule(exact(Field.NW_PROTO, 6), 10);
    add(old);
    final long before = versions.current();
    Rule changed = rule(exact(Field.NW_PROTO, 6), 10);
    add(changed);

    assertSame(old, table.lookup(key(Field.NW_PROTO, 6), null, before));
    versions.giveUp(versions.current());
    table.drop(old);
    assertSame(changed, table.lookup(key(Field.NW_PROTO, 6), null, before));
  }

  @Test
  void shouldListRulesInTheOrderTheyCameEvenWhenReplaced() {
    add(rule(exact(Field.NW_PROTO, 17), 1));
    add(rule(exact(Field.NW_PROTO, 6), 3));
    add(rule(exact(Field.IN_PORT, 6), 2));
    add(rule(exact(Field.NW_PROTO, 17), 1));

    List<Rule> found = table.within(Match.any(), versions.current());
    assertEquals(List.of(1, 3, 2), found.stream().map(Rule::priority).toList());
  }

  /** Beside the table, for each version that is kept the plain list of its rules. */
  @Test
  void shouldAnswerAsLinearSearchInEveryVersionWhenRulesComeAndGoAtRandom() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Deque<List<Rule>> oracle = new ArrayDeque<>(List.of(List.of()));
    Deque<Rule> ended = new ArrayDeque<>();
    for (int step = 0; step < 1500; step++) {
      List<Rule> next = new ArrayList<>(oracle.getLast());
      change(next, ended, random);
      oracle.add(next);
      versions.publish();
      assertEquals(next.size(), table.size(), "seed " + seed);
      while (oracle.size() > 4) {
        oracle.removeFirst();
      }
      long version = versions.current() - oracle.size() + 1;
      versions.giveUp(version);
      sweep(ended);
      for (List<Rule> rules : oracle) {
        checkLookup(rules, version++, random, seed);
      }
    }
    oracle.getLast().forEach(table::remove);
    versions.publish();
    versions.giveUp(versions.current());
    ended.addAll(oracle.getLast());
    sweep(ended);
    assertEquals(0, table.maskCount(), "seed " + seed);
  }

  /** Some insertions and removals, of which some are taken back. */
  private void change(List<Rule> rules, Deque<Rule> ended, Random random) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      boolean undo = random.nextInt(4) == 0;
      if (random.nextInt(3) > 0 || rules.isEmpty()) {
        Rule rule = rule(randomMatch(random), random.nextInt(20));
        Rule old = table.insert(rule);
        if (undo) {
          table.undoInsert(rule, old);
          continue;
        }
        rules.add(rule);
        if (rules.remove(old)) {
          ended.add(old);
        }
      } else {
        Rule rule = rules.get(random.nextInt(rules.size()));
        table.remove(rule);
        if (undo) {
          table.undoRemove(rule);
          continue;
        }
        rules.remove(rule);
        ended.add(rule);
      }
    }
  }

  private void sweep(Deque<Rule> ended) {
    while (!ended.isEmpty() && !versions.keeps(ended.peek())) {
      table.drop(ended.remove());
    }
  }

  /** The answer is the linear search's, and the same for every key that agrees under the mask. */
  private void checkLookup(List<Rule> oracle, long version, Random random, long seed) {
    FlowKey key = randomKey(random);
    FlowMask seen = new FlowMask();
    int expected = best(oracle, key);
    assertEquals(expected, priority(table.lookup(key, seen, version)), "seed " + seed);
    for (int i = 0; i < 8; i++) {
      // As some rule wants it, as far as the mask leaves that open: there a mask that is too wide
      // shows.
      FlowKey other = randomKey(random);
      if (i % 2 == 0 && !oracle.isEmpty()) {
        impose(oracle.get(random.nextInt(oracle.size())).match(), other);
      }
      for (int word = 0; word < Word.COUNT; word++) {
        long mask = seen.word(word);
        other.words()[word] = (key.word(word) & mask) | (other.word(word) & ~mask);
      }
      assertEquals(expected, best(oracle, other), "mask too wide, seed " + seed);
    }
  }

  /** Changes {@code key} to one that {@code match} matches. */
  private static void impose(Match match, FlowKey key) {
    FlowMask mask = match.wordMask().toFlowMask();
    FlowKey wanted = new FlowKey();
    match.wordMask().spread(match.values(), wanted);
    for (int word = 0; word < Word.COUNT; word++) {
      key.words()[word] = (key.word(word) & ~mask.word(word)) | wanted.word(word);
    }
  }

  /**
   * The writer moves all rules from one cookie to the next, over and over; whoever looks sees one
   * cookie in every lookup of a walk that was not overtaken.
   */
  @Test
  void shouldShowEveryWalkOneVersionWhileAllRulesChange() throws InterruptedException {
    int count = 8;
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(cookie(i, 0));
      table.insert(rules.get(i));
    }
    versions.publish();
    AtomicReference<String> wrong = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get() && wrong.get() == null) {
                wrong.compareAndSet(null, walk(count));
              }
            });
    for (long cookie = 1; cookie < 5000 && wrong.get() == null; cookie++) {
      final long old = versions.current();
      List<Rule> ended = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ended.add(table.insert(cookie(i, cookie)));
      }
      versions.publish();
      versions.giveUp(old + 1);
      ended.forEach(table::drop);
    }
    done.set(true);
    reader.join();
    assertNull(wrong.get());
  }

  /**
   * While a rule that the packet does not match comes and goes, and with it the order in which
   * masks are searched, the best of those that it does match stays the answer.
   */
  @Test
  void shouldFindTheBestRuleWhileTheOrderOfMasksChanges() throws InterruptedException {
    add(rule(exact(Field.NW_PROTO, 9), 30));
    add(rule(exact(Field.NW_PROTO, 6), 7));
    add(rule(exact(Field.IP_DST, 1), 5));
    Rule best = rule(exact(Field.ETH_TYPE, 0x800), 10);
    add(best);
    FlowKey key = key(Field.NW_PROTO, 6);
    key.set(Field.ETH_TYPE, 0x800);
    AtomicReference<Rule> wrong = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get() && wrong.get() == null) {
                Rule found = lookup(key, null);
                wrong.compareAndSet(null, found == best ? null : found);
              }
            });
    for (int i = 0; i < 200_000 && wrong.get() == null; i++) {
      Rule passing = rule(exact(Field.IP_DST, 2), 20);
      add(passing);
      table.remove(passing);
      versions.publish();
      versions.giveUp(versions.current());
      table.drop(passing);
    }
    done.set(true);
    reader.join();
    assertNull(wrong.get());
  }

  private String walk(int count) {
    long version = versions.current();
    long[] cookies = new long[count];
    for (int i = 0; i < count; i++) {
      Rule found = table.lookup(key(Field.IN_PORT, i), null, version);
      if (found == null) {
        return "no rule at all";
      }
      cookies[i] = found.cookie();
    }
    boolean isOne = Arrays.stream(cookies).distinct().count() == 1;
    return isOne || !versions.keeps(version) ? null : Arrays.toString(cookies);
  }

  private static Rule cookie(int port, long cookie) {
    Rule.Body body = new Rule.Body(cookie, FlowMod.Timeouts.NONE, 0, 0, List.of());
    return new Rule(0, exact(Field.IN_PORT, port), 1, body, 0);
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
