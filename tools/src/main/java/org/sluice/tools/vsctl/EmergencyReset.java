package org.sluice.tools.vsctl;

import java.util.List;
import java.util.Map;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/**
 * {@code emer-reset}: takes away what a controller or manager may have set up, and leaves bridges,
 * ports and their addresses. Stateless.
 */
final class EmergencyReset {
  private static final String[] OF_ROOT = {"manager_options", "ssl"};
  private static final String[] OF_BRIDGE = {
    "controller", "fail_mode", "mirrors", "netflow", "sflow", "ipfix", "flood_vlans"
  };
  private static final String[] OF_INTERFACE = {"ingress_policing_rate", "ingress_policing_burst"};
  private static final String CONFIG = "other_config";
  private static final String KEPT = "hwaddr";

  /** Whose rows are deleted. */
  private static final List<String> TABLES =
      List.of(
          "Mirror",
          "Controller",
          "Manager",
          "NetFlow",
          "SSL",
          "sFlow",
          "IPFIX",
          "Flow_Sample_Collector_Set");

  private EmergencyReset() {}

  static CtlCommand command() {
    return CtlCommand.writing("emer-reset", 0, 0, "")
        .needing(EmergencyReset::prepare)
        .running(EmergencyReset::run);
  }

  private static void prepare(Prerequisites wanted, Invocation invocation) {
    wanted.add(SwitchDatabase.ROOT, OF_ROOT);
    wanted.add(SwitchDatabase.BRIDGE, OF_BRIDGE);
    wanted.add(SwitchDatabase.BRIDGE, CONFIG);
    wanted.add(SwitchDatabase.PORT, CONFIG);
    wanted.add(SwitchDatabase.INTERFACE, OF_INTERFACE);
    TABLES.forEach(wanted::add);
  }

  private static void run(CtlContext context) {
    Draft draft = context.draft();
    clear(draft, SwitchDraft.of(context).root(), OF_ROOT);
    for (Row bridge : draft.rows(SwitchDatabase.BRIDGE)) {
      clear(draft, bridge, OF_BRIDGE);
      String kept = bridge.get(CONFIG).get(KEPT);
      Map<String, String> config = kept == null ? Map.of() : Map.of(KEPT, kept);
      draft.set(bridge, CONFIG, Datum.ofStringMap(config));
    }
    draft.rows(SwitchDatabase.PORT).forEach(row -> clear(draft, row, CONFIG));
    draft.rows(SwitchDatabase.INTERFACE).forEach(row -> clear(draft, row, OF_INTERFACE));
    TABLES.forEach(table -> draft.rows(table).forEach(draft::delete));
  }

  private static void clear(Draft draft, Row row, String... columns) {
    for (String column : columns) {
      draft.set(row, column, row.table().column(column).type().defaultValue());
    }
  }
}
