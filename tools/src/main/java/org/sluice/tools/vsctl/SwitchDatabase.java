package org.sluice.tools.vsctl;

import java.util.List;
import java.util.Map;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;
import org.sluice.tools.ctl.RowName;
import org.sluice.tools.ctl.ShownTable;

/** The names of what {@code ovs-vsctl} looks at in the switch's database. Stateless. */
final class SwitchDatabase {
  static final String ROOT = "Open_vSwitch";
  static final String BRIDGE = "Bridge";
  static final String PORT = "Port";
  static final String INTERFACE = "Interface";

  /** How rows may be named. */
  static final Map<String, List<RowName>> ROW_NAMES =
      Map.ofEntries(
          own("Bridge", "name"),
          ofBridge("Controller", "controller"),
          own("Interface", "name"),
          own("Mirror", "name"),
          own("Manager", "target"),
          ofBridge("NetFlow", "netflow"),
          own("Port", "name"),
          Map.entry("QoS", List.of(RowName.via(PORT, "name", "qos"))),
          ofBridge("sFlow", "sflow"),
          own("Flow_Table", "name"),
          ofBridge("IPFIX", "ipfix"),
          ofBridge("AutoAttach", "auto_attach"),
          own("Flow_Sample_Collector_Set", "id"));

  /** What {@code show} shows. */
  static final List<ShownTable> SHOWN =
      List.of(
          ShownTable.of(ROOT, null, "manager_options", "bridges", "ovs_version"),
          ShownTable.of(BRIDGE, "name", "controller", "fail_mode", "datapath_type", "ports"),
          ShownTable.of(PORT, "name", "tag", "trunks", "interfaces"),
          ShownTable.of(INTERFACE, "name", "type", "options", "error", "bfd_status"),
          ShownTable.of("Controller", "target", "is_connected"),
          ShownTable.of("Manager", "target", "is_connected"));

  private SwitchDatabase() {}

  private static Map.Entry<String, List<RowName>> own(String table, String column) {
    return Map.entry(table, List.of(RowName.of(table, column)));
  }

  private static Map.Entry<String, List<RowName>> ofBridge(String table, String reference) {
    return Map.entry(table, List.of(RowName.via(BRIDGE, "name", reference)));
  }

  /** What has to be seen for a {@link SwitchView}. */
  static void prepareView(Prerequisites wanted, Invocation invocation) {
    wanted.add(ROOT, "bridges");
    wanted.add(BRIDGE, "name", "controller", "fail_mode", "ports");
    wanted.add(PORT, "name", "fake_bridge", "tag", "interfaces");
    wanted.add(INTERFACE, "name", "ofport", "error");
  }
}
