package org.sluice.vswitchd.bridge;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.ovsdb.client.Edit;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.vswitchd.ofproto.Capability;
import org.sluice.vswitchd.ofproto.ControllerStatus;

/**
 * Writes what runs into the columns that are for it. What the database already says is not written
 * again. Keeps nothing; called by the thread that reconciles.
 */
final class StatusWriter {
  private static final List<String> DATAPATH_TYPES = List.of("netdev", "system");
  private static final List<String> INTERFACE_TYPES =
      List.of("afxdp", "dummy", "internal", "patch", "system", "tap");

  /** What a controller's status says of the time since it was connected and disconnected. */
  private static final List<String> AGES = List.of("sec_since_connect", "sec_since_disconnect");

  private final Edit edit;
  private final Snapshot database;

  /** Collects changes of {@code database} in {@code edit}. */
  StatusWriter(Edit edit, Snapshot database) {
    this.edit = edit;
    this.database = database;
  }

  /** What is true of the whole switch, and that configuration {@code nextCfg} runs. */
  void writeRoot(Row root, long nextCfg) {
    edit.set(root, "cur_cfg", Datum.of(nextCfg));
    edit.set(root, "datapath_types", Datum.ofStrings(DATAPATH_TYPES));
    edit.set(root, "iface_types", Datum.ofStrings(INTERFACE_TYPES));
    edit.set(root, "dpdk_initialized", Datum.of(false));
  }

  /** What the datapath can do, for controllers, in the rows that stand for it. */
  void writeDatapaths(Row root) {
    for (Row row : DesiredTracking.datapaths(database, root)) {
      Map<String, String> capabilities = new TreeMap<>(row.get("capabilities").stringMap());
      capabilities.putAll(Capability.column());
      edit.set(row, "capabilities", Datum.ofStringMap(capabilities));
    }
  }

  /**
   * What is true of bridges and their interfaces; {@code statistics} too if it is time for them.
   */
  void writeBridges(Collection<RunningBridge> bridges, boolean statistics) {
    for (RunningBridge bridge : bridges) {
      Row row = database.row("Bridge", bridge.desired().row());
      if (row != null) {
        String id = String.format("%016x", bridge.ofproto().settings().datapathId());
        edit.set(row, "datapath_id", Datum.of(id));
        edit.set(row, "datapath_version", Datum.of("<built-in>"));
      }
      for (RunningInterface running : bridge.interfaces()) {
        writeInterface(running, statistics);
      }
    }
  }

  /**
   * Whether a bridge's controllers are there, and what for. How long for changes with every second,
   * and is only written with the {@code statistics} or with something else.
   */
  void writeControllers(
      DesiredBridge bridge, List<ControllerStatus> controllers, boolean statistics) {
    for (DesiredController wanted : bridge.controllers()) {
      Row row = database.row("Controller", wanted.row());
      for (ControllerStatus status : controllers) {
        if (row != null && status.target().equals(wanted.target())) {
          writeController(row, status, statistics);
        }
      }
    }
  }

  private void writeController(Row row, ControllerStatus status, boolean statistics) {
    edit.set(row, "is_connected", Datum.of(status.isConnected()));
    edit.set(row, "role", status.role() == null ? Datum.EMPTY : Datum.of(status.role()));
    Map<String, String> details = new TreeMap<>(status.packetIns());
    if (status.state() != null) {
      details.put("state", status.state());
    }
    if (status.lastError() != null) {
      details.put("last_error", status.lastError());
    }
    Map<String, String> before = row.get("status").stringMap();
    before.keySet().removeAll(AGES);
    if (statistics || !before.equals(details)) {
      putAge(details, AGES.getFirst(), status.ages().connectedS());
      putAge(details, AGES.getLast(), status.ages().disconnectedS());
      edit.set(row, "status", Datum.ofStringMap(details));
    }
  }

  private static void putAge(Map<String, String> details, String key, int seconds) {
    if (seconds != ControllerStatus.Ages.NEVER) {
      details.put(key, Integer.toString(seconds));
    }
  }

  private void writeInterface(RunningInterface running, boolean statistics) {
    if (running.desired().row() == null) {
      return;
    }
    Row row = database.row("Interface", running.desired().row());
    if (row == null) {
      return;
    }
    edit.set(row, "ofport", Datum.of(running.ofPort()));
    edit.set(row, "error", running.error() == null ? Datum.EMPTY : Datum.of(running.error()));
    Netdev netdev = running.netdev();
    if (netdev != null) {
      writeDevice(row, netdev);
      if (statistics) {
        edit.set(row, "statistics", statistics(netdev.statistics()));
      }
    } else {
      boolean patch = running.runs();
      edit.set(row, "mac_in_use", Datum.EMPTY);
      edit.set(row, "mtu", Datum.EMPTY);
      edit.set(row, "status", Datum.EMPTY);
      edit.set(row, "ifindex", patch ? Datum.of(0) : Datum.EMPTY);
      edit.set(row, "admin_state", patch ? Datum.of("up") : Datum.EMPTY);
      edit.set(row, "link_state", patch ? Datum.of("up") : Datum.EMPTY);
    }
  }

  private void writeDevice(Row row, Netdev netdev) {
    edit.set(row, "mac_in_use", Datum.of(macText(netdev.macAddress())));
    edit.set(row, "mtu", Datum.of(netdev.mtu()));
    edit.set(row, "ifindex", Datum.of(netdev.ifindex()));
    edit.set(row, "admin_state", Datum.of(netdev.adminUp() ? "up" : "down"));
    edit.set(row, "link_state", Datum.of(netdev.linkUp() ? "up" : "down"));
    edit.set(row, "status", Datum.ofStringMap(netdev.status()));
  }

  private static Datum statistics(NetdevStatistics counted) {
    Map<Atom, Atom> map = new LinkedHashMap<>();
    put(map, "rx_packets", counted.rxPackets());
    put(map, "rx_bytes", counted.rxBytes());
    put(map, "rx_errors", counted.rxErrors());
    put(map, "rx_dropped", counted.rxDropped());
    put(map, "tx_packets", counted.txPackets());
    put(map, "tx_bytes", counted.txBytes());
    put(map, "tx_errors", counted.txErrors());
    put(map, "tx_dropped", counted.txDropped());
    return Datum.ofMap(map);
  }

  private static void put(Map<Atom, Atom> map, String name, long value) {
    if (value >= 0) {
      map.put(Atom.of(name), Atom.of(value));
    }
  }

  static String macText(long mac) {
    StringBuilder text = new StringBuilder();
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.append(String.format("%02x", mac >>> shift & 0xff)).append(shift > 0 ? ":" : "");
    }
    return text.toString();
  }
}
