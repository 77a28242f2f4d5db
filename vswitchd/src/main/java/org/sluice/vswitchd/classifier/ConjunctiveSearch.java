package org.sluice.vswitchd.classifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfAction;

/**
 * Finds the best rule where some rules are only clauses of a conjunction: when clauses of one
 * priority together have every dimension of a conjunction, what counts is the rule that matches its
 * number in {@code conj_id}. Lives as long as one lookup.
 */
final class ConjunctiveSearch {
  private final Classifier table;
  private final FlowKey key;
  private final Search search;
  private final List<Rule> clauses = new ArrayList<>();
  private final List<Rule> whole = new ArrayList<>();

  ConjunctiveSearch(Classifier table, FlowKey key, Search search) {
    this.table = table;
    this.key = key;
    this.search = search;
  }

  /** Takes the rules that one subtable has for the packet, from {@code found}, the best, on. */
  void add(Rule found) {
    Rule rule = search.first(found);
    while (rule != null && rule.isClause()) {
      clauses.add(rule);
      rule = search.first(rule.next());
    }
    if (rule != null) {
      whole.add(rule);
    }
  }

  /** The priority of the best rule that is no clause; -1 for none. */
  int best() {
    Rule rule = bestWhole();
    return rule == null ? -1 : rule.priority();
  }

  private Rule bestWhole() {
    Rule best = null;
    for (Rule rule : whole) {
      if (best == null || rule.priority() > best.priority()) {
        best = rule;
      }
    }
    return best;
  }

  /** The rule that counts, or null. */
  Rule result() {
    Rule hard = bestWhole();
    clauses.sort((a, b) -> Integer.compare(b.priority(), a.priority()));
    int from = 0;
    while (from < clauses.size()) {
      int priority = clauses.get(from).priority();
      if (hard != null && hard.priority() >= priority) {
        break;
      }
      int to = from;
      while (to < clauses.size() && clauses.get(to).priority() == priority) {
        to++;
      }
      Rule found = conjunction(clauses.subList(from, to));
      if (found != null) {
        return found;
      }
      from = to;
    }
    return hard;
  }

  /** The rule of a conjunction that {@code same}, all of one priority, make whole; or null. */
  private Rule conjunction(List<Rule> same) {
    Map<Integer, Long> dimensions = new HashMap<>();
    for (Rule clause : same) {
      for (OfAction action : clause.actions()) {
        if (action instanceof OfAction.Conjunction part) {
          long met = dimensions.merge(part.id(), 1L << part.clause(), (a, b) -> a | b);
          if (Long.bitCount(met) == part.clauses()) {
            Rule rule = ruleOf(part.id());
            if (rule != null) {
              return rule;
            }
          }
        }
      }
    }
    return null;
  }

  private Rule ruleOf(int id) {
    FlowKey named = key.copy();
    named.set(Field.CONJ_ID, Integer.toUnsignedLong(id));
    return table.lookupWhole(named, search);
  }
}
