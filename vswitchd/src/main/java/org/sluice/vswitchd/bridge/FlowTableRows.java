package org.sluice.vswitchd.bridge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.SliceText;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.vswitchd.ofproto.TableConfiguration;

/** Reads what a Bridge row says of its flow tables. Keeps nothing. */
final class FlowTableRows {
  private static final int TABLES = 254;
  private static final int NO_LIMIT = -1;

  private FlowTableRows() {}

  /** The tables that {@code bridge} names, by number; what makes no sense goes to {@code wrong}. */
  static Map<Integer, TableConfiguration> read(Snapshot database, Row bridge, List<String> wrong) {
    Map<Integer, TableConfiguration> tables = new HashMap<>();
    Datum wanted = bridge.get("flow_tables");
    List<Long> numbers = wanted.keys().integers();
    for (int i = 0; i < wanted.size(); i++) {
      List<Row> rows = database.rows("Flow_Table", Datum.of(wanted.value(i)).uuids());
      if (numbers.get(i) < TABLES && !rows.isEmpty()) {
        tables.put(numbers.get(i).intValue(), table(rows.getFirst(), wrong));
      }
    }
    return tables;
  }

  private static TableConfiguration table(Row row, List<String> wrong) {
    Datum name = row.get("name");
    Datum policy = row.get("overflow_policy");
    boolean evicts = !policy.isEmpty() && policy.string().equals("evict");
    return new TableConfiguration(
        name.isEmpty() ? "" : name.string(),
        (int) Math.min(row.get("flow_limit").integer(NO_LIMIT), Integer.MAX_VALUE),
        evicts,
        groups(row, wrong));
  }

  private static List<FieldSlice> groups(Row row, List<String> wrong) {
    List<FieldSlice> slices = new ArrayList<>();
    for (String text : row.get("groups").strings()) {
      try {
        slices.add(SliceText.parse(text));
      } catch (OfSyntaxException e) {
        wrong.add("flow table groups: " + e.getMessage());
      }
    }
    return slices;
  }
}
