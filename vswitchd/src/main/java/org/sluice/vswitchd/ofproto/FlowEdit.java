package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.translate.Group;
import org.sluice.vswitchd.translate.Translator;

/**
 * A change of flow and group tables in progress: applied step by step to their next version, then
 * committed, which puts that in force and tells everybody, or reverted, which nobody has seen. Used
 * under the writer lock, one at a time.
 */
final class FlowEdit {
  /** A cookie that means that none is given. */
  private static final long NO_COOKIE = -1L;

  private final FlowTables tables;
  private final List<Step> steps = new ArrayList<>();

  /** Rules that are there no more. */
  private final List<Rule> ended = new ArrayList<>();

  /** What the last of the rules that taught it went with; another may have come since. */
  private final List<Teachers.Lesson> lastLessons = new ArrayList<>();

  /** One thing that was done. */
  private sealed interface Step {}

  private record RuleStep(RuleChange change, Origin origin) implements Step {}

  private record GroupStep(Group before, Group after) implements Step {}

  FlowEdit(FlowTables tables) {
    this.tables = tables;
  }

  // --- Rules.

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing of it is done. */
  OfError apply(FlowMod mod, Origin origin, long nowNs) {
    OfError wrong = checkForm(mod);
    return wrong == null ? applyChecked(mod, origin, nowNs) : wrong;
  }

  /** The same with what {@link #checkForm} has found nothing wrong with. */
  OfError applyChecked(FlowMod mod, Origin origin, long nowNs) {
    if (mod.command().isDelete()) {
      for (Rule rule : tables.meant(mod)) {
        remove(rule, FlowRemoved.Reason.DELETE, origin);
      }
      return null;
    }
    return mod.command() == FlowMod.Command.ADD
        ? add(mod, origin, nowNs)
        : modify(mod, origin, nowNs);
  }

  /** What is wrong with {@code mod} whatever the tables hold; null if nothing is. */
  static OfError checkForm(FlowMod mod) {
    if (mod.table() != FlowMod.ANY_TABLE && mod.table() >= FlowTables.COUNT) {
      return OfError.OFPBRC_BAD_TABLE_ID;
    }
    if (mod.table() == FlowTables.INTERNAL) {
      return OfError.OFPBRC_EPERM;
    }
    boolean refused = !mod.command().isDelete() && Translator.refuses(mod.actions()) != null;
    return refused ? OfError.OFPBAC_BAD_TYPE : null;
  }

  private OfError add(FlowMod mod, Origin origin, long nowNs) {
    int id = mod.table() == FlowMod.ANY_TABLE ? 0 : mod.table();
    OfError unknown = tables.check(mod);
    if (unknown != null) {
      return unknown;
    }
    Classifier table = tables.table(id);
    Rule old = table.find(mod.match(), mod.priority());
    if (old == null) {
      if (mod.has(FlowMod.CHECK_OVERLAP) && table.overlaps(mod.match(), mod.priority())) {
        return OfError.OFPFMFC_OVERLAP;
      }
      OfError full = makeRoom(id, origin);
      if (full != null) {
        return full;
      }
    }
    long cookie = mod.cookie().value() == NO_COOKIE ? 0 : mod.cookie().value();
    Rule.Body body =
        new Rule.Body(cookie, mod.timeouts(), mod.importance(), mod.flags(), mod.actions());
    Rule rule = new Rule(id, mod.match(), mod.priority(), body, nowNs);
    boolean keepsCounts = old != null && !mod.has(FlowMod.RESET_COUNTS);
    put(keepsCounts ? rule.continuing(old) : rule, old, FlowMod.Command.ADD, origin);
    return null;
  }

  private OfError makeRoom(int id, Origin origin) {
    TableSettings settings = tables.settings(id);
    if (tables.table(id).size() < settings.maxRules()) {
      return null;
    }
    Rule victim = settings.evicts() ? tables.indexes().victim(id) : null;
    if (victim == null) {
      return OfError.OFPFMFC_TABLE_FULL;
    }
    remove(victim, FlowRemoved.Reason.EVICTION, origin);
    return null;
  }

  private OfError modify(FlowMod mod, Origin origin, long nowNs) {
    List<Rule> meant = tables.meant(mod);
    if (meant.isEmpty()) {
      boolean mayAdd = mod.cookie().mask() == 0 && mod.cookie().value() != NO_COOKIE;
      return mayAdd ? add(mod, origin, nowNs) : null;
    }
    OfError unknown = tables.check(mod);
    if (unknown != null) {
      return unknown;
    }
    for (Rule old : meant) {
      boolean newCookie = mod.cookie().modify() && mod.cookie().value() != NO_COOKIE;
      long cookie = newCookie ? mod.cookie().value() : old.cookie();
      Rule changed = old.modified(cookie, mod.actions(), nowNs);
      put(
          mod.has(FlowMod.RESET_COUNTS) ? changed.countingAnew(nowNs) : changed,
          old,
          FlowMod.Command.MODIFY,
          origin);
    }
    return null;
  }

  private void put(Rule rule, Rule old, FlowMod.Command command, Origin origin) {
    tables.table(rule.tableId()).insert(rule, old);
    tables.indexes().enter(rule);
    steps.add(new RuleStep(new RuleChange(old, rule, null, command), origin));
    if (old != null) {
      end(old);
    }
  }

  private void end(Rule rule) {
    tables.indexes().leave(rule, lastLessons::add);
    ended.add(rule);
  }

  /** Takes {@code rule} out of its table. */
  void remove(Rule rule, FlowRemoved.Reason reason, Origin origin) {
    tables.table(rule.tableId()).remove(rule);
    steps.add(new RuleStep(RuleChange.removed(rule, reason), origin));
    end(rule);
  }

  // --- Groups.

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing of it is done. */
  OfError apply(GroupMod mod, Origin origin, long nowNs) {
    Group old = tables.groups().get(mod.groupId(), tables.versions().next());
    return switch (mod.command()) {
      case ADD -> old != null ? OfError.OFPGMFC_GROUP_EXISTS : addGroup(mod, nowNs);
      case MODIFY -> old == null ? OfError.OFPGMFC_UNKNOWN_GROUP : replaceGroup(mod, old);
      case ADD_OR_MODIFY -> old == null ? addGroup(mod, nowNs) : replaceGroup(mod, old);
      case INSERT_BUCKET, REMOVE_BUCKET ->
          old == null ? OfError.OFPGMFC_UNKNOWN_GROUP : editBuckets(mod, old);
      case DELETE -> {
        removeGroups(tables.groups().meant(mod.groupId(), tables.versions().next()), origin);
        yield null;
      }
    };
  }

  private OfError addGroup(GroupMod mod, long nowNs) {
    if (Integer.compareUnsigned(mod.groupId(), GroupMod.MAX_ID) > 0) {
      return OfError.OFPGMFC_INVALID_GROUP;
    }
    put(null, group(mod, mod.buckets(), nowNs));
    return null;
  }

  private static Group group(GroupMod mod, List<GroupMod.Bucket> buckets, long createdNs) {
    return new Group(
        new GroupMod.Description(mod.groupId(), mod.type(), buckets, mod.selection()), createdNs);
  }

  private OfError replaceGroup(GroupMod mod, Group old) {
    put(old, group(mod, mod.buckets(), old.createdNs()));
    return null;
  }

  /** Type and way of selection stay. */
  private OfError editBuckets(GroupMod mod, Group old) {
    BucketEdit edit = BucketEdit.apply(mod, old.buckets());
    if (edit.error() == null) {
      put(
          old,
          new Group(
              new GroupMod.Description(old.id(), old.type(), edit.buckets(), old.selection()),
              old.createdNs()));
    }
    return edit.error();
  }

  private void put(Group old, Group group) {
    tables.groups().put(group);
    steps.add(new GroupStep(old, group));
  }

  /** With a group go the rules that use it, which are looked for once for all groups. */
  private void removeGroups(List<Group> groups, Origin origin) {
    if (groups.isEmpty()) {
      return;
    }
    Map<Integer, List<Rule>> users = tables.users(RuleFilter::groups, tables.versions().next());
    for (Group group : groups) {
      for (Rule rule : users.getOrDefault(group.id(), List.of())) {
        if (!rule.isRemoved()) { // with another group
          remove(rule, FlowRemoved.Reason.GROUP_DELETE, origin);
        }
      }
      tables.groups().remove(group);
      steps.add(new GroupStep(group, null));
    }
  }

  // --- The end.

  /** Undoes everything. */
  void revert() {
    for (Step step : steps.reversed()) {
      switch (step) {
        case RuleStep(RuleChange change, Origin _) -> revert(change);
        case GroupStep(Group before, Group after) -> tables.groups().undo(before, after);
      }
    }
  }

  /** With the last rule that teaches others go those others, which may have taught in turn. */
  void forgetLearned() {
    while (!lastLessons.isEmpty()) {
      Map<Integer, Set<Long>> cookies = new TreeMap<>();
      for (Teachers.Lesson lesson : lastLessons) {
        if (!tables.indexes().teachers().has(lesson)) {
          cookies.computeIfAbsent(lesson.table(), _ -> new HashSet<>()).add(lesson.cookie());
        }
      }
      lastLessons.clear();
      cookies.forEach(this::forget);
    }
  }

  /** Looks at the table once for all that is not taught any more. */
  private void forget(int table, Set<Long> cookies) {
    for (Rule rule : tables.collect(RuleFilter.inTable(table), tables.versions().next())) {
      if (cookies.contains(rule.cookie())) {
        remove(rule, FlowRemoved.Reason.DELETE, Origin.NOBODY);
      }
    }
  }

  private void revert(RuleChange change) {
    Classifier table = tables.table(change.rule().tableId());
    if (change.after() == null) {
      table.undoRemove(change.before());
    } else {
      table.undoInsert(change.after(), change.before());
      tables.indexes().leave(change.after(), _ -> {});
    }
    if (change.before() != null) {
      tables.indexes().enter(change.before());
    }
  }

  /** Tells everybody that it is done. */
  void commit(long nowNs) {
    if (steps.isEmpty()) {
      return;
    }
    tables.publish();
    ended.forEach(tables::keep); // before anybody is told: what is not noted is never forgotten
    for (Step step : steps) {
      if (step instanceof RuleStep(RuleChange change, Origin origin)) {
        tables.tell(change, origin, nowNs);
      }
    }
    tables.told(nowNs);
  }
}
