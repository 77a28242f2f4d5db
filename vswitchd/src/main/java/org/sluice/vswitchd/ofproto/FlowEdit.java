package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.OfError;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.translate.Translator;

/**
 * Flow mods that succeed or fail together. Each takes effect in the tables at once, so that later
 * ones build on it; {@link #revert} undoes them all, {@link #commit} tells of the rules that are
 * gone. Used once, under the writer lock.
 */
final class FlowEdit {
  /** The value of {@link FlowMod.Cookie} that stands for no new cookie. */
  private static final long NO_COOKIE = -1L;

  private final FlowTables tables;
  private final List<Change> changes = new ArrayList<>();

  /** {@code before} gave way to {@code after}; either may be null, {@code reason} too. */
  private record Change(Rule before, Rule after, FlowRemoved.Reason reason) {}

  FlowEdit(FlowTables tables) {
    this.tables = tables;
  }

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing of it is done. */
  OfError apply(FlowMod mod, long nowNs) {
    if (mod.table() != FlowMod.ANY_TABLE && mod.table() >= FlowTables.COUNT) {
      return OfError.OFPBRC_BAD_TABLE_ID;
    }
    if (mod.table() == FlowTables.INTERNAL) {
      return OfError.OFPBRC_EPERM;
    }
    if (!mod.command().isDelete() && Translator.refuses(mod.actions()) != null) {
      return OfError.OFPBAC_BAD_TYPE;
    }
    return switch (mod.command()) {
      case ADD -> add(mod, nowNs);
      case MODIFY, MODIFY_STRICT -> modify(mod, nowNs);
      case DELETE, DELETE_STRICT -> {
        for (Rule rule : tables.collect(RuleFilter.of(mod))) {
          remove(rule, FlowRemoved.Reason.DELETE);
        }
        yield null;
      }
    };
  }

  private OfError add(FlowMod mod, long nowNs) {
    int id = mod.table() == FlowMod.ANY_TABLE ? 0 : mod.table();
    Classifier table = tables.table(id);
    Rule old = table.find(mod.match(), mod.priority());
    if (old == null) {
      if (mod.has(FlowMod.CHECK_OVERLAP) && table.overlaps(mod.match(), mod.priority())) {
        return OfError.OFPFMFC_OVERLAP;
      }
      if (table.size() >= FlowTables.MAX_RULES) {
        return OfError.OFPFMFC_TABLE_FULL;
      }
    }
    long cookie = mod.cookie().value() == NO_COOKIE ? 0 : mod.cookie().value();
    Rule.Body body =
        new Rule.Body(cookie, mod.timeouts(), mod.importance(), mod.flags(), mod.actions());
    Rule rule = new Rule(id, mod.match(), mod.priority(), body, nowNs);
    boolean keepsCounts = old != null && !mod.has(FlowMod.RESET_COUNTS);
    put(keepsCounts ? rule.continuing(old) : rule);
    return null;
  }

  private OfError modify(FlowMod mod, long nowNs) {
    List<Rule> meant = tables.collect(RuleFilter.of(mod));
    if (meant.isEmpty()) {
      boolean mayAdd = mod.cookie().mask() == 0 && mod.cookie().value() != NO_COOKIE;
      return mayAdd ? add(mod, nowNs) : null;
    }
    for (Rule old : meant) {
      boolean newCookie = mod.cookie().modify() && mod.cookie().value() != NO_COOKIE;
      long cookie = newCookie ? mod.cookie().value() : old.cookie();
      Rule changed = old.modified(cookie, mod.actions(), nowNs);
      put(mod.has(FlowMod.RESET_COUNTS) ? changed.countingAnew(nowNs) : changed);
    }
    return null;
  }

  private void put(Rule rule) {
    Rule old = tables.table(rule.tableId()).insert(rule);
    changes.add(new Change(old, rule, null));
  }

  /** Takes {@code rule} out of its table. */
  void remove(Rule rule, FlowRemoved.Reason reason) {
    tables.table(rule.tableId()).remove(rule);
    changes.add(new Change(rule, null, reason));
  }

  /** Undoes everything. */
  void revert() {
    for (Change change : changes.reversed()) {
      if (change.before != null) {
        tables.table(change.before.tableId()).insert(change.before);
      } else {
        tables.table(change.after.tableId()).remove(change.after);
      }
    }
    if (!changes.isEmpty()) {
      tables.noteChange();
    }
  }

  /** Tells everybody that it is done. */
  void commit(long nowNs) {
    if (changes.isEmpty()) {
      return;
    }
    tables.noteChange();
    for (Change change : changes) {
      if (change.reason != null) {
        tables.tellRemoved(change.before, change.reason, nowNs);
      }
    }
  }
}
