package org.sluice.vswitchd.bridge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import org.sluice.openflow.message.OfVersion;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.vswitchd.l2.MacTable;
import org.sluice.vswitchd.l2.PriorityTags;
import org.sluice.vswitchd.l2.VlanMode;
import org.sluice.vswitchd.l2.VlanSet;
import org.sluice.vswitchd.ofproto.PacketInLimit;
import org.sluice.vswitchd.ofproto.SwitchSettings;

/**
 * Everything that the database wants, as values. A value that makes no sense counts as not set, as
 * in Open vSwitch; what is wrong enough to tell is in {@code complaints}.
 *
 * @param nextCfg what {@code cur_cfg} is to become when all this runs
 */
record DesiredConfiguration(
    long nextCfg,
    DesiredDatapath datapath,
    List<DesiredBridge> bridges,
    DesiredTracking tracking,
    DesiredTls tls,
    List<String> complaints) {
  private static final long MAX_OFPORT = 0xfeff;
  private static final int MAX_TABLE_ENTRIES = 1_000_000;
  private static final int MAX_AGING_S = 3600;
  private static final long DEFAULT_PROBE_MS = 5000;
  private static final long DEFAULT_BACKOFF_MS = 8000;
  private static final long MIN_BACKOFF_MS = 1000;

  /** Nothing at all. */
  static final DesiredConfiguration EMPTY =
      new DesiredConfiguration(
          0, DesiredDatapath.DEFAULT, List.of(), DesiredTracking.NONE, DesiredTls.NONE, List.of());

  /** Reads the rows that hang from {@code root}. */
  static DesiredConfiguration read(Snapshot database, Row root) {
    return new Reader(database).read(root);
  }

  private static final class Reader {
    private final Snapshot database;
    private final List<String> complaints = new ArrayList<>();
    private final Set<String> interfaceNames = new HashSet<>();
    private int bundleIdleS = SwitchSettings.DEFAULT_BUNDLE_IDLE_S;

    Reader(Snapshot database) {
      this.database = database;
    }

    DesiredConfiguration read(Row root) {
      bundleIdleS =
          number(
              root.get("other_config").stringMap(),
              "bundle-idle-timeout",
              SwitchSettings.DEFAULT_BUNDLE_IDLE_S,
              Integer.MAX_VALUE);
      List<DesiredBridge> bridges = new ArrayList<>();
      for (Row row : sorted("Bridge", root.get("bridges"))) {
        String name = row.get("name").string();
        if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
          complaints.add("ignoring bridge with invalid name \"" + name + "\"");
        } else {
          bridges.add(bridge(row, name));
        }
      }
      return new DesiredConfiguration(
          root.get("next_cfg").integer(0),
          datapath(root.get("other_config").stringMap()),
          List.copyOf(bridges),
          DesiredTracking.read(database, root),
          DesiredTls.read(database, root),
          List.copyOf(complaints));
    }

    private DesiredDatapath datapath(Map<String, String> config) {
      return DesiredDatapath.read(config, Runtime.getRuntime().availableProcessors(), complaints);
    }

    private List<Row> sorted(String table, Datum uuids) {
      List<Row> rows = new ArrayList<>(database.rows(table, uuids.uuids()));
      rows.sort(Comparator.comparing(row -> row.get("name").string()));
      return rows;
    }

    private DesiredBridge bridge(Row row, String name) {
      Map<String, String> config = row.get("other_config").stringMap();
      List<DesiredPort> ports = new ArrayList<>();
      for (Row port : sorted("Port", row.get("ports"))) {
        ports.add(port(port));
      }
      List<DesiredController> controllers = new ArrayList<>();
      for (Row controller : database.rows("Controller", row.get("controller").uuids())) {
        controllers.add(controller(controller, !"true".equals(config.get("disable-in-band"))));
      }
      return new DesiredBridge(
          row.uuid(),
          name,
          row.get("datapath_type").string(),
          datapathId(name, config.get("datapath-id")),
          mac(config.get("hwaddr")),
          protocols(row.get("protocols")),
          "secure".equals(text(row.get("fail_mode"))),
          new DesiredBridge.Stations(
              number(config, "mac-table-size", MacTable.DEFAULT_MAX_ENTRIES, MAX_TABLE_ENTRIES),
              number(config, "mac-aging-time", MacTable.DEFAULT_IDLE_SECONDS, MAX_AGING_S)),
          "true".equals(config.get("forward-bpdu")),
          bundleIdleS,
          FlowTableRows.read(database, row, complaints),
          controllers,
          ports);
    }

    private static String text(Datum datum) {
      return datum.isEmpty() ? "" : datum.string();
    }

    private OptionalLong datapathId(String bridge, String text) {
      if (text == null) {
        return OptionalLong.empty();
      }
      try {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        long id = Long.parseUnsignedLong(digits, 16);
        if (id != 0 && digits.length() <= 16) {
          return OptionalLong.of(id);
        }
      } catch (NumberFormatException e) {
        complaints.add(bridge + ": datapath-id is no hexadecimal number: " + text);
      }
      return OptionalLong.empty();
    }

    private static Set<OfVersion> protocols(Datum names) {
      EnumSet<OfVersion> versions = EnumSet.noneOf(OfVersion.class);
      for (String name : names.strings()) {
        OfVersion version = OfVersion.byName(name);
        if (version != null) {
          versions.add(version);
        }
      }
      return versions.isEmpty() ? EnumSet.allOf(OfVersion.class) : versions;
    }

    private static int number(Map<String, String> config, String key, int otherwise, int max) {
      try {
        int value = Integer.parseInt(config.getOrDefault(key, ""));
        return value > 0 ? Math.min(value, max) : otherwise;
      } catch (NumberFormatException e) {
        return otherwise;
      }
    }

    private static DesiredController controller(Row row, boolean mayBeInBand) {
      long backoffMs = row.get("max_backoff").integer(DEFAULT_BACKOFF_MS);
      return new DesiredController(
          row.uuid(),
          row.get("target").string(),
          Math.max(backoffMs, MIN_BACKOFF_MS),
          row.get("inactivity_probe").integer(DEFAULT_PROBE_MS),
          mayBeInBand && !"out-of-band".equals(text(row.get("connection_mode"))),
          PacketInLimit.of(
              row.get("controller_rate_limit").integer(0),
              row.get("controller_burst_limit").integer(0)));
    }

    private DesiredPort port(Row row) {
      List<DesiredInterface> interfaces = new ArrayList<>();
      for (Row each : sorted("Interface", row.get("interfaces"))) {
        String name = each.get("name").string();
        if (interfaceNames.add(name)) {
          interfaces.add(device(each, name));
        } else {
          complaints.add(name + " interface is already configured, ignoring the second");
        }
      }
      List<Long> trunks = row.get("trunks").integers();
      boolean tagged = !row.get("tag").isEmpty();
      int tag = (int) inRange(row.get("tag"), vlan -> vlan >= 0 && vlan < VlanSet.VLAN_COUNT);
      return new DesiredPort(
          row.uuid(),
          row.get("name").string(),
          interfaces,
          vlanMode(text(row.get("vlan_mode")), tagged, !trunks.isEmpty()),
          tag,
          trunks.isEmpty()
              ? VlanSet.all()
              : VlanSet.ofTrunks(trunks.stream().map(Long::intValue).toList()),
          priorityTags(row.get("other_config").get("priority-tags")));
    }

    private static VlanMode vlanMode(String text, boolean tagged, boolean trunks) {
      return switch (text) {
        case "access" -> VlanMode.ACCESS;
        case "native-tagged" -> VlanMode.NATIVE_TAGGED;
        case "native-untagged" -> VlanMode.NATIVE_UNTAGGED;
        case "trunk" -> VlanMode.TRUNK;
        default -> tagged && !trunks ? VlanMode.ACCESS : VlanMode.TRUNK;
      };
    }

    private static PriorityTags priorityTags(String text) {
      return switch (text == null ? "" : text) {
        case "true", "if-nonzero" -> PriorityTags.IF_NONZERO;
        case "always" -> PriorityTags.ALWAYS;
        default -> PriorityTags.NEVER;
      };
    }

    private DesiredInterface device(Row row, String name) {
      return new DesiredInterface(
          row.uuid(),
          name,
          row.get("type").string(),
          row.get("options").stringMap(),
          (int) inRange(row.get("ofport_request"), port -> port > 0 && port <= MAX_OFPORT),
          mac(text(row.get("mac"))),
          (int) inRange(row.get("mtu_request"), mtu -> mtu >= 68 && mtu <= 65535));
    }

    private static long inRange(Datum datum, LongPredicate valid) {
      long value = datum.integer(0);
      return valid.test(value) ? value : 0;
    }

    /** An address written as six pairs of digits; 0 for anything else, and for a group address. */
    private static long mac(String text) {
      if (text == null || !text.matches("([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}")) {
        return 0;
      }
      long mac = 0;
      for (String pair : text.split(":", -1)) {
        mac = mac << 8 | Integer.parseInt(pair, 16);
      }
      return (mac >>> 40 & 1) == 1 ? 0 : mac;
    }
  }
}
