package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.openflow.action.FieldSlice;

/**
 * What configuration says of one flow table.
 *
 * @param name for people; empty for none
 * @param maxRules rules that it takes before it is full; negative for as many as any table
 * @param evicts whether a full table makes room for a new rule
 * @param groups what tells groups of rules apart, each of which is to have its share of the table
 */
public record TableConfiguration(
    String name, int maxRules, boolean evicts, List<FieldSlice> groups) {
  public TableConfiguration {
    groups = List.copyOf(groups);
  }

  TableSettings.Configured settings() {
    int max = maxRules < 0 ? FlowTables.MAX_RULES : Math.min(maxRules, FlowTables.MAX_RULES);
    return new TableSettings.Configured(name, max, evicts, groups);
  }
}
