package org.sluice.vswitchd.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.WordMask;

/**
 * One table's rules, found by tuple-space search.
 *
 * <p>Rules that match the same bits form a {@link Subtable}, a hash table over those bits. A lookup
 * goes through the subtables in the order of their highest priority and ends when no later one can
 * beat what it has. Its second result matters as much as the rule: the mask of every bit it looked
 * at becomes the mask of the megaflow, and a narrower mask is a megaflow that serves more packets.
 * So a subtable is left as early as possible: by a prefix trie that knows that no rule has an
 * address like the packet's, or stage by stage (see {@link Stage}).
 *
 * <p>{@link #lookup} and the methods that say so may be called by any thread at any time and never
 * wait: everything they read is published whole. All else belongs to the one writer, whoever holds
 * the switch's writer lock, and shows from the version on that {@link TableVersions} publishes
 * next.
 */
public final class Classifier {
  private static final List<Field> PREFIX_FIELDS =
      List.of(Field.IP_DST, Field.IP_SRC, Field.IPV6_DST, Field.IPV6_SRC);
  private static final Comparator<Subtable> BEST_FIRST =
      Comparator.comparingInt(Subtable::maxPriority).reversed();
  private static final Comparator<Rule> IN_SEQUENCE = Comparator.comparingLong(Rule::sequence);

  private final TableVersions versions;
  private final PrefixField[] fields =
      PREFIX_FIELDS.stream().map(PrefixField::new).toArray(PrefixField[]::new);
  private final Map<WordMask, Subtable> byMask = new LinkedHashMap<>();
  private volatile Ranking ranking = new Ranking(List.of());
  private final AtomicInteger size = new AtomicInteger();

  /** Rules that are clauses of conjunctions; changed by the writer. */
  private final AtomicInteger clauses = new AtomicInteger();

  /** Whether there may be a rule with timeouts; see {@link #forEachTimed}. */
  private volatile boolean timed;

  /**
   * The subtables in the order in which they are searched, with the priorities that make it. A
   * lookup leaves off where no later one can have a better rule, which holds of these priorities
   * and not of those that the subtables have by now.
   */
  private static final class Ranking {
    private final Subtable[] subtables;
    private final int[] maxPriorities;

    Ranking(Collection<Subtable> all) {
      subtables = all.toArray(Subtable[]::new);
      Arrays.sort(subtables, BEST_FIRST);
      maxPriorities = Arrays.stream(subtables).mapToInt(Subtable::maxPriority).toArray();
    }
  }

  /** A table of no rules, whose versions {@code versions} counts. */
  public Classifier(TableVersions versions) {
    this.versions = versions;
  }

  /**
   * The matching rule of the highest priority in {@code version}, or null; in the current version
   * where that one is not kept any more. Every bit that the answer rests on is covered in {@code
   * wildcards} from then on; null if nobody wants to know.
   */
  public Rule lookup(FlowKey key, FlowMask wildcards, long version) {
    Rule found = lookupIn(version, key, wildcards);
    for (long seen = version; !versions.keeps(seen); ) {
      seen = versions.current();
      found = lookupIn(seen, key, wildcards);
    }
    return found;
  }

  private Rule lookupIn(long version, FlowKey key, FlowMask wildcards) {
    Search search = new Search(key, wildcards, fields, version);
    return clauses.get() == 0 ? lookup(key, search) : lookupWithClauses(key, search);
  }

  private Rule lookup(FlowKey key, Search search) {
    Rule best = null;
    Ranking ranked = ranking;
    for (int i = 0; i < ranked.subtables.length; i++) {
      if (best != null && best.priority() >= ranked.maxPriorities[i]) {
        break;
      }
      Rule found = ranked.subtables[i].lookup(key, search);
      if (found != null && (best == null || found.priority() > best.priority())) {
        best = found;
      }
    }
    return best;
  }

  private Rule lookupWithClauses(FlowKey key, Search search) {
    ConjunctiveSearch conjunctive = new ConjunctiveSearch(this, key, search);
    Ranking ranked = ranking;
    for (int i = 0; i < ranked.subtables.length; i++) {
      if (conjunctive.best() >= ranked.maxPriorities[i]) {
        break;
      }
      conjunctive.add(ranked.subtables[i].lookupAll(key, search));
    }
    return conjunctive.result();
  }

  /** The best rule that is no clause of a conjunction, or null. */
  Rule lookupWhole(FlowKey key, Search search) {
    Rule best = null;
    Ranking ranked = ranking;
    for (int i = 0; i < ranked.subtables.length; i++) {
      if (best != null && best.priority() >= ranked.maxPriorities[i]) {
        break;
      }
      Rule found = search.first(ranked.subtables[i].lookupAll(key, search.of(key)));
      while (found != null && found.isClause()) {
        found = search.first(found.next());
      }
      if (found != null && (best == null || found.priority() > best.priority())) {
        best = found;
      }
    }
    return best;
  }

  /** Rules that have not ended, published or not. Any thread. */
  public int size() {
    return size.get();
  }

  /** Different masks that rules have. Any thread. */
  public int maskCount() {
    return ranking.subtables.length;
  }

  /** The rule of exactly this match and priority in {@code version}, or null. Any thread. */
  public Rule find(Match match, int priority, long version) {
    for (Subtable subtable : ranking.subtables) {
      if (subtable.mask().equals(match.wordMask())) {
        return subtable.find(match, rule -> rule.priority() == priority && rule.isIn(version));
      }
    }
    return null;
  }

  /** The rule of exactly this match and priority that has not ended, or null. */
  public Rule find(Match match, int priority) {
    Subtable subtable = byMask.get(match.wordMask());
    return subtable == null
        ? null
        : subtable.find(match, rule -> rule.priority() == priority && !rule.isRemoved());
  }

  /**
   * Has {@code rule} be there from the next version on; returns the rule of the same match and
   * priority that ends then, or null.
   */
  public Rule insert(Rule rule) {
    Rule old = find(rule.match(), rule.priority());
    insert(rule, old);
    return old;
  }

  /** The same for who has looked already: {@code old} is what {@link #find(Match, int)} gives. */
  public void insert(Rule rule, Rule old) {
    rule.number(old == null ? versions.nextSequence() : old.sequence());
    rule.begin(versions.next());
    put(rule);
    if (old == null) {
      size.incrementAndGet();
    } else {
      end(old);
    }
    if (rule.hasTimeouts()) {
      noteTimeouts();
    }
  }

  /** Has {@code rule} be there no more from the next version on. */
  public void remove(Rule rule) {
    end(rule);
    size.decrementAndGet();
  }

  /** What began in the version that is being made, and ends in it, nobody ever sees. */
  private void end(Rule rule) {
    rule.end(versions.next());
    if (!versions.keeps(rule)) {
      drop(rule);
    }
  }

  /**
   * Takes back the {@link #insert} of {@code rule}, which {@code old} ended for, before it is seen.
   */
  public void undoInsert(Rule rule, Rule old) {
    drop(rule);
    if (old == null) {
      size.decrementAndGet();
    } else {
      restore(old);
    }
  }

  /** Takes back the {@link #remove} of {@code rule} before it is seen. */
  public void undoRemove(Rule rule) {
    restore(rule);
    size.incrementAndGet();
  }

  private void restore(Rule rule) {
    rule.restore();
    if (!rule.isStored()) {
      put(rule);
    }
  }

  private void put(Rule rule) {
    Subtable subtable =
        byMask.computeIfAbsent(
            rule.match().wordMask(), mask -> new Subtable(mask, fields, clauses));
    int maxBefore = subtable.maxPriority();
    subtable.put(rule);
    publish(maxBefore != subtable.maxPriority());
  }

  /** Forgets {@code rule}, which no version that is kept has; nothing happens when it has been. */
  public void drop(Rule rule) {
    if (!rule.isStored()) {
      return;
    }
    Subtable subtable = byMask.get(rule.match().wordMask());
    int maxBefore = subtable.maxPriority();
    subtable.drop(rule, versions);
    if (subtable.isEmpty()) {
      byMask.remove(subtable.mask());
    }
    publish(maxBefore != subtable.maxPriority());
  }

  private void publish(boolean changed) {
    if (changed) {
      ranking = new Ranking(byMask.values());
    }
  }

  /**
   * Shows every rule of {@code version} to {@code visitor}, in no order; it must not change the
   * table. Any thread.
   */
  public void forEach(long version, Consumer<Rule> visitor) {
    for (Subtable subtable : ranking.subtables) {
      subtable.forEach(rule -> {
        if (rule.isIn(version)) {
          visitor.accept(rule);
        }
      });
    }
  }

  /** Notes that a rule that is in the table has got timeouts. Any thread. */
  public void noteTimeouts() {
    timed = true;
  }

  /**
   * As {@link #forEach}, for the rules that have timeouts; costs nothing where there are none. One
   * thread at a time.
   */
  public void forEachTimed(long version, Consumer<Rule> visitor) {
    if (timed) {
      timed = false; // whoever brings timeouts from here on says so again
      for (Subtable subtable : ranking.subtables) {
        subtable.forEach(rule -> {
          if (rule.hasTimeouts()) {
            timed = true;
            if (rule.isIn(version)) {
              visitor.accept(rule);
            }
          }
        });
      }
    }
  }

  /**
   * The rules of {@code version} that match at most what {@code match} does, in the order in which
   * they were put in. Any thread.
   */
  public List<Rule> within(Match match, long version) {
    List<Rule> found = new ArrayList<>();
    for (Subtable subtable : ranking.subtables) {
      if (subtable.mask().includes(match.wordMask())) {
        subtable.forEach(rule -> {
          if (rule.isIn(version) && match.includes(rule.match())) {
            found.add(rule);
          }
        });
      }
    }
    return inSequence(found);
  }

  /**
   * Where most numbers of the span are there, each rule is put in its place; else they are sorted.
   */
  private static List<Rule> inSequence(List<Rule> rules) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Rule rule : rules) {
      first = Math.min(first, rule.sequence());
      last = Math.max(last, rule.sequence());
    }
    if (rules.isEmpty() || last - first >= 4L * rules.size()) {
      rules.sort(IN_SEQUENCE);
      return rules;
    }
    Rule[] places = new Rule[(int) (last - first) + 1];
    for (Rule rule : rules) {
      places[(int) (rule.sequence() - first)] = rule;
    }
    int next = 0;
    for (Rule rule : places) {
      if (rule != null) {
        rules.set(next++, rule);
      }
    }
    return rules;
  }

  /** Whether some packet would match both {@code match} and another rule of the same priority. */
  public boolean overlaps(Match match, int priority) {
    for (Subtable subtable : ranking.subtables) {
      if (subtable.hasPriority(priority)) {
        List<Rule> found = new ArrayList<>();
        subtable.forEach(rule -> {
          if (rule.priority() == priority && !rule.isRemoved() && match.overlaps(rule.match())) {
            found.add(rule);
          }
        });
        if (!found.isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }
}
