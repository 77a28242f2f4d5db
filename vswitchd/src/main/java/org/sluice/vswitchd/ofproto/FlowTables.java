package org.sluice.vswitchd.ofproto;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.Group;

/**
 * A switch's flow tables and what flow mods do to them.
 *
 * <p>Changes are made by whoever holds the switch's writer lock; lookups in the {@link Classifier}s
 * go on meanwhile.
 */
public final class FlowTables {
  /** Tables, the hidden one included. */
  public static final int COUNT = 255;

  /** The switch's own table, hidden and read-only. */
  public static final int INTERNAL = 254;

  /** Rules a table takes before it is full. */
  public static final int MAX_RULES = 1_000_000;

  /** Rules and groups of earlier versions that are kept from one tick to the next. */
  private static final int MAX_ENDED = 1024;

  /** Of those above that number, how many a change forgets: more than it adds. */
  private static final int SWEEP_PORTION = 4;

  /**
   * How many are kept even for those who read whole tables; whoever changes more waits for them.
   */
  private static final int MAX_KEPT = 1 << 16;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Classifier[] tables = new Classifier[COUNT];
  private final TableUse[] uses = new TableUse[COUNT];
  private final AtomicInteger hidden = new AtomicInteger();
  private final TableSettings[] settings = new TableSettings[COUNT];
  private final GroupTable groups;
  private final RuleIndexes indexes = new RuleIndexes();
  private final TableVersions versions;
  private final Listener listener;

  /** Rules that have ended and are still in their tables, in the order of their ends. */
  private final Deque<Rule> ended = new ArrayDeque<>();

  /** The version of the last tick. */
  private long settled;

  /** Told of changes, and asked before, under the writer lock. */
  interface Listener {
    /** Something changed that a translation could notice. */
    void changed();

    /** Why there may be no rule as {@code mod} has it; null if there may. */
    OfError check(FlowMod mod);

    /** A change was made for good. */
    void rule(RuleChange change, Origin origin, long nowNs);

    /** All changes of one request have been told. */
    void done(long nowNs);
  }

  /** How often a table was looked in. Any thread. */
  public static final class TableUse {
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    /** Adds packets that some rule of the table matched. */
    public void creditHits(long packets) {
      hits.addAndGet(packets);
    }

    /** Adds packets that no rule matched. */
    public void creditMisses(long packets) {
      misses.addAndGet(packets);
    }

    public long matches() {
      return hits.get();
    }

    public long lookups() {
      return hits.get() + misses.get();
    }
  }

  FlowTables(TableVersions versions, Listener listener) {
    this.versions = versions;
    this.groups = new GroupTable(versions);
    this.listener = listener;
    Arrays.fill(settings, TableSettings.DEFAULT);
    for (int i = 0; i < COUNT; i++) {
      tables[i] = new Classifier(versions);
      uses[i] = new TableUse();
    }
  }

  /** Which version of the tables is in force. */
  TableVersions versions() {
    return versions;
  }

  /** The rules of table {@code id}, for lookups. */
  public Classifier table(int id) {
    return tables[id];
  }

  /** The counters of table {@code id}. */
  public TableUse use(int id) {
    return uses[id];
  }

  /** Rules of table {@code id} that controllers can see. Any thread. */
  int visibleRules(int id) {
    return tables[id].size() - (id == 0 ? hidden.get() : 0);
  }

  /** How table {@code id} is set up. Any thread. */
  TableSettings settings(int id) {
    return settings[id];
  }

  void configure(int id, TableSettings changed) {
    TableSettings old = settings[id];
    settings[id] = changed;
    if (changed.evicts() != old.evicts() || !changed.groups().equals(old.groups())) {
      indexes.configure(id, tables[id], versions.current(), changed);
    }
  }

  /** What is known of the rules beside the tables. */
  RuleIndexes indexes() {
    return indexes;
  }

  /** How many rules of table {@code id} have which cookie; looks at all of them once. */
  CookieCounts cookies(int id) {
    CookieCounts counts = indexes.cookies(id);
    return counts == null ? indexes.countCookies(id, tables[id], versions.current()) : counts;
  }

  /** The groups that rules can send packets through. */
  GroupTable groups() {
    return groups;
  }

  /** The group of number {@code id}, or all; see {@link GroupTable#meant}. Any thread. */
  List<Group> groups(int id) {
    return groups.meant(id, versions.current());
  }

  /** Whether a rule that is put in now may send packets through group {@code id}. */
  boolean hasGroup(int id) {
    return groups.get(id, versions.next()) != null;
  }

  /** How many percent of table {@code id} are free. */
  int percentFree(int id) {
    long max = settings[id].maxRules();
    return max == 0 ? 0 : (int) (Math.max(0, max - tables[id].size()) * 100 / max);
  }

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing is changed. */
  OfError apply(FlowMod mod, Origin origin, long nowNs) {
    return change(edit -> edit.apply(mod, origin, nowNs), nowNs);
  }

  /** As {@link #apply(FlowMod, Origin, long)}. */
  OfError apply(GroupMod mod, Origin origin, long nowNs) {
    return change(edit -> edit.apply(mod, origin, nowNs), nowNs);
  }

  /**
   * Makes a change that is whole or does not happen: where {@code steps} come to an error, or to an
   * exception of the program's own, everything is as before, and nobody has seen otherwise.
   */
  OfError change(Function<FlowEdit, OfError> steps, long nowNs) {
    FlowEdit edit = begin();
    boolean isWhole = false;
    try {
      OfError error = steps.apply(edit);
      if (error != null) {
        return error;
      }
      edit.forgetLearned();
      isWhole = true;
    } finally {
      if (!isWhole) {
        edit.revert();
      }
    }
    edit.commit(nowNs);
    return null;
  }

  /** The same with steps that nothing can be wrong with. */
  private void make(Consumer<FlowEdit> steps, long nowNs) {
    change(
        edit -> {
          steps.accept(edit);
          return null;
        },
        nowNs);
  }

  private FlowEdit begin() {
    int kept = ended.size() + groups.endedCount();
    if (kept > MAX_KEPT) {
      versions.awaitReaders();
    }
    if (kept > MAX_ENDED) {
      versions.giveUp(versions.current());
      sweep(SWEEP_PORTION);
    }
    return new FlowEdit(this);
  }

  OfError check(FlowMod mod) {
    return listener.check(mod);
  }

  /** Whether a rule of any table names {@code option}. Under the writer lock. */
  boolean namesOption(Field option) {
    AtomicBoolean found = new AtomicBoolean();
    for (Classifier table : tables) {
      table.forEach(
          versions.current(), rule -> found.compareAndSet(false, OptionUse.in(rule, option)));
    }
    return found.get();
  }

  /** Puts what was changed in force. */
  void publish() {
    versions.publish();
    listener.changed();
  }

  /** Keeps {@code rule}, which has ended, for those who look at an earlier version. */
  void keep(Rule rule) {
    ended.add(rule);
  }

  /** Gives up the versions before the one of the last call, a tick ago. */
  void giveUpOld() {
    versions.giveUp(settled);
    settled = versions.current();
  }

  /** Forgets at most {@code limit} rules that no version has; says whether there may be more. */
  boolean sweep(int limit) {
    groups.sweep();
    for (int i = 0; i < limit; i++) {
      if (ended.isEmpty() || versions.keeps(ended.peek())) {
        return false;
      }
      Rule rule = ended.remove();
      tables[rule.tableId()].drop(rule);
    }
    return true;
  }

  void tell(RuleChange change, Origin origin, long nowNs) {
    indexes.count(change);
    listener.rule(change, origin, nowNs);
  }

  void told(long nowNs) {
    listener.done(nowNs);
  }

  /** Removes rules for {@code reason}. */
  void remove(List<Rule> rules, FlowRemoved.Reason reason, long nowNs) {
    make(edit -> rules.forEach(rule -> edit.remove(rule, reason, Origin.NOBODY)), nowNs);
  }

  /** Makes a table that has got smaller fit, where it evicts. */
  void shrink(int id, long nowNs) {
    make(edit -> shrink(id, edit), nowNs);
  }

  private void shrink(int id, FlowEdit edit) {
    TableSettings now = settings[id];
    while (now.evicts() && tables[id].size() > now.maxRules()) {
      Rule victim = indexes.victim(id);
      if (victim == null) {
        break;
      }
      edit.remove(victim, FlowRemoved.Reason.EVICTION, Origin.NOBODY);
    }
  }

  /** Removes every group and every rule, hidden ones too, without telling anybody. */
  void clear() {
    for (Rule rule : all()) {
      tables[rule.tableId()].remove(rule);
      forget(rule);
      indexes.count(RuleChange.removed(rule, null));
    }
    groups(GroupMod.ALL).forEach(groups::remove);
    hidden.set(0);
    publish();
  }

  /** Puts in a rule that controllers cannot see or reach. */
  void insertHidden(Rule rule) {
    assert rule.tableId() == 0;
    Rule old = tables[0].insert(rule);
    indexes.enter(rule);
    if (old != null) {
      forget(old);
    }
    indexes.count(new RuleChange(old, rule, null, FlowMod.Command.ADD));
    hidden.addAndGet(rule.isHidden() ? 1 : 0);
    publish();
  }

  /** Takes a rule out without a trace; nothing happens when it is gone already. */
  void removeHidden(Rule rule) {
    if (!rule.isRemoved()) {
      tables[0].remove(rule);
      forget(rule);
      indexes.count(RuleChange.removed(rule, null));
      hidden.addAndGet(rule.isHidden() ? -1 : 0);
      publish();
    }
  }

  /** A rule has ended, and what it taught stays. */
  private void forget(Rule rule) {
    indexes.leave(rule, _ -> {});
    keep(rule);
  }

  /** Every rule in force, hidden ones too, table by table. Any thread. */
  List<Rule> all() {
    return versions.read(version -> {
      List<Rule> all = new ArrayList<>();
      for (Classifier table : tables) {
        all.addAll(table.within(Match.any(), version));
      }
      return all;
    });
  }

  /**
   * The rules that a modification or a deletion means, hidden ones never, in the version that is
   * being made.
   */
  List<Rule> meant(FlowMod mod) {
    RuleFilter filter = RuleFilter.of(mod);
    if (!mod.command().isStrict()) {
      return collect(filter, versions.next());
    }
    List<Rule> found = new ArrayList<>();
    forEachTable(
        filter.table(),
        table -> {
          Rule rule = table.find(mod.match(), mod.priority());
          if (rule != null && filter.accepts(rule)) {
            found.add(rule);
          }
        });
    return found;
  }

  private void forEachTable(int asked, Consumer<Classifier> visitor) {
    if (asked != FlowMod.ANY_TABLE) {
      visitor.accept(tables[asked]);
    } else {
      for (int i = 0; i < INTERNAL; i++) {
        visitor.accept(tables[i]);
      }
    }
  }

  /** The rules in force that {@code filter} means. Any thread. */
  List<Rule> collect(RuleFilter filter) {
    return versions.read(version -> collect(filter, version));
  }

  /**
   * For each id of what rules use, such as groups, the rules of {@code version} that use it: found
   * in one walk. Any thread.
   *
   * @param used the ids that actions use, each once
   */
  Map<Integer, List<Rule>> users(Function<List<OfAction>, Set<Integer>> used, long version) {
    Map<Integer, List<Rule>> users = new HashMap<>();
    for (Rule rule : collect(RuleFilter.ALL, version)) {
      for (int id : used.apply(rule.actions())) {
        users.computeIfAbsent(id, _ -> new ArrayList<>()).add(rule);
      }
    }
    return users;
  }

  /**
   * The rules of {@code version} that {@code filter} means, table by table in the order in which
   * they were put in. Any thread.
   */
  List<Rule> collect(RuleFilter filter, long version) {
    List<Rule> found = new ArrayList<>();
    forEachTable(
        filter.table(),
        table -> {
          for (Rule rule : table.within(filter.match(), version)) {
            if (filter.accepts(rule)) {
              found.add(rule);
            }
          }
        });
    return found;
  }

  /** Makes the timeouts of {@code rule} no longer than {@code limit}. Any thread. */
  void shortenTimeouts(Rule rule, FlowMod.Timeouts limit) {
    rule.shortenTimeouts(limit);
    tables[rule.tableId()].noteTimeouts();
    indexes.noteShortened(rule);
  }

  /** The rules whose time is up. One thread at a time. */
  List<Rule> due(long nowNs) {
    List<Rule> due = new ArrayList<>();
    for (int i = 0; i < INTERNAL; i++) {
      tables[i].forEachTimed(
          versions.current(),
          rule -> {
            if (dueReason(rule, nowNs) != null) {
              due.add(rule);
            }
          });
    }
    return due;
  }

  /** Removes those of {@code rules} that are still there and due; says how many. */
  int expire(List<Rule> rules, long nowNs) {
    AtomicInteger count = new AtomicInteger();
    make(
        edit -> {
          for (Rule rule : rules) {
            FlowRemoved.Reason reason = rule.isRemoved() ? null : dueReason(rule, nowNs);
            if (reason != null) {
              edit.remove(rule, reason, Origin.NOBODY);
              count.incrementAndGet();
            }
          }
        },
        nowNs);
    return count.get();
  }

  private static FlowRemoved.Reason dueReason(Rule rule, long nowNs) {
    FlowMod.Timeouts timeouts = rule.timeouts();
    if (isOver(rule.modifiedNs(), timeouts.hardS(), nowNs)) {
      return FlowRemoved.Reason.HARD_TIMEOUT;
    }
    return isOver(rule.statistics().usedNs(), timeouts.idleS(), nowNs)
        ? FlowRemoved.Reason.IDLE_TIMEOUT
        : null;
  }

  private static boolean isOver(long sinceNs, int seconds, long nowNs) {
    return seconds != 0 && nowNs - sinceNs > seconds * NANOS_PER_SECOND;
  }
}
