package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;

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

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Classifier[] tables = new Classifier[COUNT];
  private final TableUse[] uses = new TableUse[COUNT];
  private final AtomicInteger hidden = new AtomicInteger();
  private final TableSettings[] settings = new TableSettings[COUNT];
  private final GroupTable groups = new GroupTable();
  private final Listener listener;

  /** Told of changes, and asked before, under the writer lock. */
  interface Listener {
    /** Something changed that a translation could notice. */
    void changed();

    /** Why rules may not have {@code actions}; null if they may. */
    OfError check(List<OfAction> actions);

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

  FlowTables(Listener listener) {
    this.listener = listener;
    Arrays.fill(settings, TableSettings.DEFAULT);
    for (int i = 0; i < COUNT; i++) {
      tables[i] = new Classifier();
      uses[i] = new TableUse();
    }
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
    settings[id] = changed;
  }

  /** The groups that rules can send packets through. */
  GroupTable groups() {
    return groups;
  }

  /** How many percent of table {@code id} are free. */
  int percentFree(int id) {
    long max = settings[id].maxRules();
    return max == 0 ? 0 : (int) (Math.max(0, max - tables[id].size()) * 100 / max);
  }

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing is changed. */
  OfError apply(FlowMod mod, Origin origin, long nowNs) {
    FlowEdit edit = new FlowEdit(this);
    OfError error = edit.apply(mod, origin, nowNs);
    if (error == null) {
      edit.commit(nowNs);
    } else {
      edit.revert();
    }
    return error;
  }

  /** As {@link #apply(FlowMod, Origin, long)}. */
  OfError apply(GroupMod mod, Origin origin, long nowNs) {
    FlowEdit edit = new FlowEdit(this);
    OfError error = edit.apply(mod, origin, nowNs);
    if (error == null) {
      edit.commit(nowNs);
    }
    return error;
  }

  OfError check(List<OfAction> actions) {
    return listener.check(actions);
  }

  void noteChange() {
    listener.changed();
  }

  void tell(RuleChange change, Origin origin, long nowNs) {
    listener.rule(change, origin, nowNs);
  }

  void told(long nowNs) {
    listener.done(nowNs);
  }

  /** Removes rules for {@code reason}. */
  void remove(List<Rule> rules, FlowRemoved.Reason reason, long nowNs) {
    FlowEdit edit = new FlowEdit(this);
    for (Rule rule : rules) {
      edit.remove(rule, reason, Origin.NOBODY);
    }
    edit.commit(nowNs);
  }

  /** Makes a table that has got smaller fit, where it evicts. */
  void shrink(int id, long nowNs) {
    TableSettings now = settings[id];
    FlowEdit edit = new FlowEdit(this);
    while (now.evicts() && tables[id].size() > now.maxRules()) {
      Rule victim = Eviction.victim(tables[id], now.groups());
      if (victim == null) {
        break;
      }
      edit.remove(victim, FlowRemoved.Reason.EVICTION, Origin.NOBODY);
    }
    edit.commit(nowNs);
  }

  /** Removes every rule, hidden ones too, without telling anybody. */
  void clear() {
    for (Classifier table : tables) {
      List<Rule> rules = new ArrayList<>();
      table.forEach(rules::add);
      rules.forEach(table::remove);
    }
    hidden.set(0);
    listener.changed();
  }

  /** Puts in a rule that controllers cannot see or reach. */
  void insertHidden(Rule rule) {
    assert rule.tableId() == 0;
    tables[0].insert(rule);
    hidden.addAndGet(rule.isHidden() ? 1 : 0);
    listener.changed();
  }

  /** Takes a rule out without a trace; nothing happens when it is gone already. */
  void removeHidden(Rule rule) {
    if (!rule.isRemoved()) {
      tables[0].remove(rule);
      hidden.addAndGet(rule.isHidden() ? -1 : 0);
      listener.changed();
    }
  }

  /** The rules that {@code filter} means, in the order of their tables. */
  List<Rule> collect(RuleFilter filter) {
    List<Rule> found = new ArrayList<>();
    if (filter.table() != FlowMod.ANY_TABLE) {
      collect(tables[filter.table()], filter, found::add);
    } else {
      for (int i = 0; i < INTERNAL; i++) {
        collect(tables[i], filter, found::add);
      }
    }
    return found;
  }

  private static void collect(Classifier table, RuleFilter filter, Consumer<Rule> found) {
    List<Rule> candidates;
    if (filter.isStrict()) {
      Rule rule = table.find(filter.match(), filter.strictPriority());
      candidates = rule == null ? List.of() : List.of(rule);
    } else {
      candidates = table.within(filter.match());
    }
    for (Rule rule : candidates) {
      if (filter.accepts(rule)) {
        found.accept(rule);
      }
    }
  }

  /** The rules whose time is up. Any thread. */
  List<Rule> due(long nowNs) {
    List<Rule> due = new ArrayList<>();
    for (int i = 0; i < INTERNAL; i++) {
      if (tables[i].size() > 0) {
        tables[i].forEach(rule -> {
          if (dueReason(rule, nowNs) != null) {
            due.add(rule);
          }
        });
      }
    }
    return due;
  }

  /** Removes those of {@code rules} that are still there and due; says how many. */
  int expire(List<Rule> rules, long nowNs) {
    FlowEdit edit = new FlowEdit(this);
    int count = 0;
    for (Rule rule : rules) {
      FlowRemoved.Reason reason = rule.isRemoved() ? null : dueReason(rule, nowNs);
      if (reason != null) {
        edit.remove(rule, reason, Origin.NOBODY);
        count++;
      }
    }
    edit.commit(nowNs);
    return count;
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
