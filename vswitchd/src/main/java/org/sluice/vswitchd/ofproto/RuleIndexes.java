package org.sluice.vswitchd.ofproto;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;

/**
 * What is known of the rules in a switch's tables beside the tables, so that nobody has to look at
 * all of them: which teach others, which makes way for a new one, how many have a cookie. The
 * second is kept for tables that evict, the third for those that somebody has asked about.
 *
 * <p>Under the writer lock, where no other thread is named.
 */
final class RuleIndexes {
  private final Teachers teachers = new Teachers();
  private final AtomicReferenceArray<Eviction> evictions =
      new AtomicReferenceArray<>(FlowTables.COUNT);
  private final AtomicReferenceArray<CookieCounts> cookies =
      new AtomicReferenceArray<>(FlowTables.COUNT);

  /** Which rules teach others. */
  Teachers teachers() {
    return teachers;
  }

  /** A rule is in its table in the version that is being made. */
  void enter(Rule rule) {
    teachers.add(rule);
    Eviction eviction = evictions.get(rule.tableId());
    if (eviction != null) {
      eviction.add(rule);
    }
  }

  /** A rule is no more in its table; {@code last} is told what it was the last to teach. */
  void leave(Rule rule, Consumer<Teachers.Lesson> last) {
    teachers.remove(rule, last);
    Eviction eviction = evictions.get(rule.tableId());
    if (eviction != null) {
      eviction.remove(rule);
    }
  }

  /** What {@link #enter} and {@link #leave} have said of a rule is in force. */
  void count(RuleChange change) {
    CookieCounts counts = cookies.get(change.rule().tableId());
    if (counts == null) {
      return;
    }
    if (change.before() != null) {
      counts.remove(change.before());
    }
    if (change.after() != null) {
      counts.add(change.after());
    }
  }

  /** Starts or stops keeping in order which rule of {@code table} makes way. */
  void configure(int id, Classifier table, long version, TableSettings settings) {
    if (!settings.evicts()) {
      evictions.set(id, null);
      return;
    }
    Eviction eviction = new Eviction(settings.groups());
    evictions.set(id, eviction); // first: what is shortened from here on is noted
    table.forEach(version, eviction::add);
  }

  /** The rule of table {@code id}, which evicts, to make way; null where none may. */
  Rule victim(int id) {
    return evictions.get(id).victim();
  }

  /** Timeouts have got shorter. Any thread. */
  void noteShortened(Rule rule) {
    Eviction eviction = evictions.get(rule.tableId());
    if (eviction != null) {
      eviction.noteShortened(rule);
    }
  }

  /** How many rules of table {@code id} in force have which cookie; null as yet. Any thread. */
  CookieCounts cookies(int id) {
    return cookies.get(id);
  }

  /** Counts the rules of {@code table} in force, and from now on. */
  CookieCounts countCookies(int id, Classifier table, long version) {
    CookieCounts counts = new CookieCounts();
    table.forEach(version, counts::add);
    cookies.set(id, counts);
    return counts;
  }
}
