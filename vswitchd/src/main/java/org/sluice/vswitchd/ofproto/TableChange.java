package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;

/**
 * A request to change the tables' features. Names are all that can be changed.
 *
 * @param wanted what the tables are to be like
 */
record TableChange(List<TableFeatures> wanted) {
  /** Carries it out, under the writer lock; null, or why it cannot be. */
  OfError apply(FlowTables tables, OfVersion version) {
    if (wanted.stream().map(TableFeatures::table).distinct().count() < wanted.size()) {
      return OfError.NXTFFC_DUP_TABLE;
    }
    if (wanted.isEmpty()) {
      return null;
    }
    List<TableFeatures> now = TableDescriptions.features(tables, version).tables();
    boolean isPossible =
        leavesAllTables()
            && wanted.stream()
                .allMatch(table -> table.table() < now.size() && isPossible(tables, now, table));
    if (!isPossible) {
      return OfError.OFPTFFC_EPERM;
    }
    wanted.forEach(table ->
        tables.configure(
            table.table(), tables.settings(table.table()).withRequestedName(table.name())));
    return null;
  }

  /** The first part says what is to become of tables that are not spoken of. */
  private boolean leavesAllTables() {
    return switch (wanted.getFirst().command()) {
      case MODIFY -> true;
      case REPLACE -> wanted.size() == Ofproto.VISIBLE_TABLES;
      case ENABLE, DISABLE -> false;
    };
  }

  private static boolean isPossible(
      FlowTables tables, List<TableFeatures> all, TableFeatures wanted) {
    TableSettings now = tables.settings(wanted.table());
    String configured = now.configured().name();
    boolean mayName =
        configured.isEmpty() || wanted.name().isEmpty() || configured.equals(wanted.name());
    return mayName
        && wanted.maxEntries() == now.maxRules()
        && all.get(wanted.table()).includes(wanted);
  }
}
