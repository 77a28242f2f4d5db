package org.sluice.vswitchd.classifier;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.flow.WordMask;

/**
 * The rules of one mask. Written by the classifier's one writer; looked up by any thread.
 *
 * <p>A lookup leaves at once where addresses that other subtables had to look at tell that nothing
 * here matches. Else it goes stage by stage: the index of a stage knows which values the rules have
 * in all bits up to that stage, so a packet unlike any of them is done with, and only those bits
 * were looked at. In the last stage, where the ports alone tell, only as many of their bits count
 * as are needed to tell (see {@link PortIndex}).
 */
final class Subtable {
  private static final Map<Stage, FlowMask> STAGE_BITS = new EnumMap<>(Stage.class);

  static {
    for (Stage stage : Stage.values()) {
      STAGE_BITS.put(stage, stage.bits());
    }
  }

  private final FlowMask mask;
  private final WordMask whole;

  /** What is looked at before each stage is decided, and the index that decides it; null: none. */
  private final Step[] steps;

  private final RuleTable rules;
  private final PrefixField[] fields;

  /** The table's, of which these are some. */
  private final AtomicInteger clauses;

  private final int[] prefixLengths;

  /** Null where the mask covers nothing of the ports. */
  private final PortIndex ports;

  private final WordMask beforePorts;

  /** How many rules have which priority; writer only, as is the highest. */
  private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

  private int maxPriority = -1;

  /** All 0 but for the words that the rules here look at, which the writer fills. */
  private final FlowKey spread = new FlowKey();

  private record Step(Stage stage, WordMask seen, HashCounts index) {}

  /** {@code clauses} counts all the table's rules that are clauses of conjunctions. */
  Subtable(WordMask whole, PrefixField[] fields, AtomicInteger clauses) {
    this.mask = whole.toFlowMask();
    this.whole = whole;
    this.rules = new RuleTable(whole);
    this.fields = fields;
    this.clauses = clauses;
    this.prefixLengths = new int[fields.length];
    for (int i = 0; i < fields.length; i++) {
      prefixLengths[i] = fields[i].prefixLength(mask);
    }
    this.ports = PortIndex.of(mask);
    this.beforePorts = beforePorts(mask);
    this.steps = steps(mask);
  }

  /** Only stages that add bits are steps; the last is decided by the rules themselves. */
  private static Step[] steps(FlowMask mask) {
    List<Step> steps = new ArrayList<>();
    FlowMask seen = new FlowMask();
    for (Stage stage : Stage.values()) {
      FlowMask wider = seen.copy();
      wider.cover(intersection(mask, STAGE_BITS.get(stage)));
      if (!wider.equals(seen)) {
        WordMask looked = WordMask.of(wider);
        HashCounts index = wider.equals(mask) ? null : new HashCounts();
        steps.add(new Step(stage, looked, index));
        seen = wider;
      }
    }
    return steps.toArray(Step[]::new);
  }

  private static FlowMask intersection(FlowMask a, FlowMask b) {
    FlowMask result = a.copy();
    for (int i = 0; i < Word.COUNT; i++) {
      result.words()[i] &= b.word(i);
    }
    return result;
  }

  private static WordMask beforePorts(FlowMask mask) {
    FlowMask result = mask.copy();
    for (int i = 0; i < Word.COUNT; i++) {
      result.words()[i] &= ~STAGE_BITS.get(Stage.TRANSPORT).word(i);
    }
    return WordMask.of(result);
  }

  WordMask mask() {
    return whole;
  }

  /** Writer only. */
  boolean hasPriority(int priority) {
    return priorities.containsKey(priority);
  }

  /** The highest priority; -1 without rules. Writer only. */
  int maxPriority() {
    return maxPriority;
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** The best rule for {@code key} or null; {@code search} gathers what was looked at. */
  Rule lookup(FlowKey key, Search search) {
    return search.first(lookupAll(key, search));
  }

  /**
   * The first of the rules for {@code key} of all versions, the best before others, or null; {@code
   * search} gathers what was looked at.
   */
  Rule lookupAll(FlowKey key, Search search) {
    if (search.hasExcluded(prefixLengths)) {
      return null;
    }
    WordMask seen = null;
    for (Step step : steps) {
      if (step.stage == Stage.NETWORK && search.excludes(prefixLengths)) {
        return miss(seen, search);
      }
      seen = step.seen;
      if (step.index != null && !step.index.has(search.hash(step.stage, step.seen))) {
        return miss(seen, search);
      }
    }
    Rule found = rules.get(key);
    if (found == null && ports != null) {
      return missByPorts(key, search);
    }
    search.looked(whole);
    return found;
  }

  private static Rule miss(WordMask seen, Search search) {
    if (seen != null) {
      search.looked(seen);
    }
    return null;
  }

  /** The earlier stages agreed, so the ports may be what tells: then their first bits do. */
  private Rule missByPorts(FlowKey key, Search search) {
    long telling = ports.telling(key, search.hash(Stage.NETWORK, beforePorts));
    if (telling == -1) {
      search.looked(whole);
    } else {
      search.looked(beforePorts);
      search.looked(Word.L4, telling);
    }
    return null;
  }

  /** The first rule of exactly this match that {@code meant} says, or null. Any thread. */
  Rule find(Match match, Predicate<Rule> meant) {
    Rule rule = rules.get(match.values());
    while (rule != null && !meant.test(rule)) {
      rule = rule.next();
    }
    return rule;
  }

  /** Puts {@code rule} in. Writer only. */
  void put(Rule rule) {
    rules.put(rule);
    count(rule, 1);
  }

  /**
   * Takes {@code rule} out, which must be in, and with it those others of its match that no version
   * has: where one rule was modified a thousand times, each would else be searched for among all
   * that came after it. Writer only.
   */
  void drop(Rule rule, TableVersions versions) {
    rules.takeOut(rule, same -> same == rule || !versions.keeps(same), gone -> count(gone, -1));
  }

  /** Shows every rule of every version to {@code visitor}. */
  void forEach(Consumer<Rule> visitor) {
    rules.forEach(visitor);
  }

  private void count(Rule rule, int change) {
    clauses.addAndGet(rule.isClause() ? change : 0);
    priorities.merge(rule.priority(), change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    maxPriority = priorities.isEmpty() ? -1 : priorities.lastKey();
    index(rule.match(), change);
  }

  private void index(Match match, int change) {
    FlowKey key = spread;
    whole.spread(match.values(), key);
    for (Step step : steps) {
      if (step.index != null && change > 0) {
        step.index.add(step.seen.hash(key));
      } else if (step.index != null) {
        step.index.remove(step.seen.hash(key));
      }
    }
    for (int i = 0; i < fields.length; i++) {
      fields[i].count(key, prefixLengths[i], change);
    }
    if (ports != null && change > 0) {
      ports.add(key, beforePorts.hash(key));
    } else if (ports != null) {
      ports.remove(key, beforePorts.hash(key));
    }
  }
}
