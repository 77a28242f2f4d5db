package org.sluice.tools.ofctl;

import java.util.Comparator;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.match.Prerequisites;
import org.sluice.openflow.message.FlowStats;

/** The order of flows that options ask for. Rules without a field come last either way. */
record FlowOrder(List<SortCriterion> criteria) implements Comparator<FlowStats> {
  @Override
  public int compare(FlowStats a, FlowStats b) {
    for (SortCriterion criterion : criteria) {
      int order = compare(criterion, a, b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compare(SortCriterion criterion, FlowStats a, FlowStats b) {
    Field field = criterion.field();
    if (field == null) {
      int order = Integer.compare(a.priority(), b.priority());
      return criterion.descending() ? -order : order;
    }
    boolean hasA = has(field, a.match());
    boolean hasB = has(field, b.match());
    if (hasA != hasB) {
      return hasA ? -1 : 1;
    }
    int order = Long.compareUnsigned(a.match().getHigh(field), b.match().getHigh(field));
    if (order == 0) {
      order = Long.compareUnsigned(a.match().get(field), b.match().get(field));
    }
    return criterion.descending() ? -order : order;
  }

  private static boolean has(Field field, Match match) {
    return match.touches(field) && Prerequisites.met(field, match);
  }
}
