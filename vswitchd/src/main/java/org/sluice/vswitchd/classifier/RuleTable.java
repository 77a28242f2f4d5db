package org.sluice.vswitchd.classifier;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.WordMask;

/**
 * A hash table of rules of one mask, found by the bits of a key under it. There may be a million
 * rules, and a lookup waits for each place of memory it touches, so the slots hold the rules
 * themselves: rules of the same match, which differ in priority or in the version that they belong
 * to, are linked from one to the next, the best first. Beside each lies its hash, so that a search
 * passes a rule of another hash, and a larger table is made, without a look at the rule.
 *
 * <pre>
 *   rules   | . | A | . | B |  .   | B': the rule B was before it was modified
 *   hashes  | . | a | . | b |  .   |
 *                         |
 *                         +--> B' --> C   C: the same match, a lower priority
 * </pre>
 *
 * <p>The one writer puts in and takes out; any thread looks up and never waits. Each change is one
 * volatile write. A rule that is taken out keeps its link, so that a reader who is there goes on;
 * its slot stays in use, as {@link #GONE}, until the table is made anew, so that a reader's search
 * never breaks off early.
 *
 * <p>A table of one match, such as the input port that all rules of an access list have, is
 * compared with and not hashed.
 */
final class RuleTable {
  private static final int FIRST_CAPACITY = 8;

  /** Stands in slots whose last rule was taken out. */
  private static final Rule GONE = new Rule(0, Match.any(), 0, Rule.Body.NONE, 0);

  private final WordMask mask;
  private volatile Slots slots = new Slots(FIRST_CAPACITY);

  /** Slots in use, and those of them that have rules. */
  private int used;

  private int matches;

  /** The first rule of the only match there is; null where there are none or several. */
  private volatile Rule only;

  /** A hash is written before the first rule of its slot, and stays as long as the table. */
  private static final class Slots {
    private final AtomicReferenceArray<Rule> rules;
    private final int[] hashes;

    Slots(int capacity) {
      rules = new AtomicReferenceArray<>(capacity);
      hashes = new int[capacity];
    }

    int capacity() {
      return hashes.length;
    }

    Rule get(int slot) {
      return rules.get(slot);
    }

    /** The slot of the rules that have {@code values}, or the unused one where they would be. */
    int find(int hash, long[] values) {
      int last = hashes.length - 1;
      int slot = hash & last;
      Rule rule = rules.get(slot);
      while (rule != null && !(hashes[slot] == hash && isFor(rule, values))) {
        slot = slot + 1 & last;
        rule = rules.get(slot);
      }
      return slot;
    }

    /** Puts in what is not there yet, while no other thread sees the table. */
    void add(int hash, Rule rule) {
      int last = hashes.length - 1;
      int slot = hash & last;
      while (rules.getPlain(slot) != null) {
        slot = slot + 1 & last;
      }
      hashes[slot] = hash;
      rules.setPlain(slot, rule);
    }
  }

  RuleTable(WordMask mask) {
    this.mask = mask;
  }

  boolean isEmpty() {
    return matches == 0;
  }

  /** The best of the rules that match {@code key}, which leads to the others; or null. */
  Rule get(FlowKey key) {
    Rule single = only;
    if (single != null) {
      return mask.agrees(key, single.match().values()) ? single : null;
    }
    int hash = mask.hash(key);
    Slots table = slots;
    int last = table.capacity() - 1;
    int slot = hash & last;
    Rule rule = table.get(slot);
    while (rule != null && !(table.hashes[slot] == hash && isFor(rule, key))) {
      slot = slot + 1 & last;
      rule = table.get(slot);
    }
    return rule;
  }

  private boolean isFor(Rule rule, FlowKey key) {
    return rule != GONE && mask.agrees(key, rule.match().values());
  }

  /** The best of the rules that have {@code values}, which leads to the others; or null. */
  Rule get(long[] values) {
    Slots table = slots;
    return table.get(table.find(WordMask.hash(values), values));
  }

  private static boolean isFor(Rule rule, long[] values) {
    return rule != GONE && Arrays.equals(rule.match().values(), values);
  }

  /** Puts {@code rule} in, before others of its match and priority. Writer only. */
  void put(Rule rule) {
    int hash = WordMask.hash(rule.match().values());
    int slot = slots.find(hash, rule.match().values());
    Rule first = slots.get(slot);
    Rule before = null;
    Rule after = first;
    while (after != null && after.priority() > rule.priority()) {
      before = after;
      after = after.next();
    }
    rule.store(after);
    if (before != null) {
      before.linkTo(rule);
      return;
    }
    slots.hashes[slot] = hash;
    slots.rules.set(slot, rule);
    if (first == null) {
      matches++;
      used++;
    }
    rebuildIfFull();
    only = matches == 1 ? rule : null;
  }

  /**
   * Takes out those rules that {@code gone} says among the ones with the match of {@code like}, and
   * shows them to {@code taken}. Writer only.
   */
  void takeOut(Rule like, Predicate<Rule> gone, Consumer<Rule> taken) {
    long[] values = like.match().values();
    int slot = slots.find(WordMask.hash(values), values);
    Rule kept = null;
    Rule first = slots.get(slot);
    for (Rule rule = first; rule != null; rule = rule.next()) {
      if (!gone.test(rule)) {
        kept = rule;
        continue;
      }
      rule.unstore();
      if (kept != null) {
        kept.linkTo(rule.next());
      } else {
        first = rule.next();
        slots.rules.set(slot, first == null ? GONE : first);
      }
      taken.accept(rule);
    }
    if (first == null) {
      matches--;
      rebuildIfFull();
    }
    only = matches == 1 ? any() : null;
  }

  private Rule any() {
    Rule single = only;
    if (single != null && single.isStored()) {
      return single;
    }
    int slot = 0;
    while (slots.get(slot) == null || slots.get(slot) == GONE) {
      slot++;
    }
    return slots.get(slot);
  }

  /** Makes the table anew, without what has gone, where it is too full for it or much too big. */
  private void rebuildIfFull() {
    Slots full = slots;
    int capacity = full.capacity();
    boolean isHuge = capacity > FIRST_CAPACITY && matches < capacity / 16;
    if (3 * used <= 2 * capacity && !isHuge) {
      return;
    }
    int wanted = FIRST_CAPACITY;
    while (wanted < 2 * matches) {
      wanted *= 2;
    }
    Slots made = new Slots(wanted);
    for (int i = 0; i < capacity; i++) {
      Rule rule = full.get(i);
      if (rule != null && rule != GONE) {
        made.add(full.hashes[i], rule);
      }
    }
    used = matches;
    slots = made;
  }

  /** Shows every rule to {@code visitor}, in no order. */
  void forEach(Consumer<Rule> visitor) {
    Slots table = slots;
    for (int i = 0; i < table.capacity(); i++) {
      Rule first = table.get(i);
      for (Rule rule = first == GONE ? null : first; rule != null; rule = rule.next()) {
        visitor.accept(rule);
      }
    }
  }
}
