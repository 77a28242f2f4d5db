package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.openflow.message.Multipart.TableFeaturesRequest;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;

/**
 * A request to change the tables' features, gathered from its parts. Names are all that can be
 * changed. Belongs to one session; guarded by the writer lock.
 */
final class TableChange {
  private final List<TableFeatures> wanted = new ArrayList<>();

  /** Takes one part; null, or what is wrong. */
  OfError add(TableFeaturesRequest part) {
    if (wanted.size() + part.tables().size() > FlowTables.COUNT) {
      wanted.clear();
      return OfError.OFPTFFC_TOO_MANY;
    }
    wanted.addAll(part.tables());
    return null;
  }

  /** Carries out what was gathered; null, or why it cannot be. */
  OfError apply(FlowTables tables, OfVersion version) {
    Map<Integer, TableFeatures> byNumber = new HashMap<>();
    for (TableFeatures table : wanted) {
      if (byNumber.put(table.table(), table) != null) {
        return OfError.NXTFFC_DUP_TABLE;
      }
    }
    boolean partly = version == OfVersion.OF15;
    if (!byNumber.isEmpty() && !partly && byNumber.size() != Ofproto.VISIBLE_TABLES) {
      return OfError.OFPTFFC_EPERM; // it would take tables away
    }
    for (TableFeatures table : byNumber.values()) {
      if (!isPossible(tables, table)) {
        return OfError.OFPTFFC_EPERM;
      }
    }
    byNumber
        .values()
        .forEach(table ->
            tables.configure(
                table.table(), tables.settings(table.table()).withRequestedName(table.name())));
    return null;
  }

  private static boolean isPossible(FlowTables tables, TableFeatures wanted) {
    if (wanted.table() >= FlowTables.INTERNAL) {
      return false;
    }
    TableSettings now = tables.settings(wanted.table());
    String configured = now.configured().name();
    boolean mayName =
        configured.isEmpty() || wanted.name().isEmpty() || configured.equals(wanted.name());
    return mayName && wanted.maxEntries() == now.maxRules();
  }
}
