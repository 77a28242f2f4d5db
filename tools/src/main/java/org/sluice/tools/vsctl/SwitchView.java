package org.sluice.tools.vsctl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlFailure;

/**
 * Bridges, ports and interfaces by name, as a draft has them at one moment. A port with a VLAN may
 * stand for a bridge of its own (a fake one), to which the other ports with that VLAN belong.
 * Immutable once made.
 */
final class SwitchView {
  /** A bridge; a fake one has a parent and no row of its own. */
  static final class Bridge {
    private final Row row;
    private final String name;
    private final Bridge parent;
    private final int vlan;
    private final List<Port> ports = new ArrayList<>();
    private final Map<Integer, Bridge> children = new TreeMap<>();

    Bridge(Row row, String name, Bridge parent, int vlan) {
      this.row = row;
      this.name = name;
      this.parent = parent;
      this.vlan = vlan;
    }

    String name() {
      return name;
    }

    boolean isFake() {
      return parent != null;
    }

    Bridge parent() {
      return parent;
    }

    int vlan() {
      return vlan;
    }

    /** The bridge itself, or for a fake one its parent. */
    Bridge real() {
      return isFake() ? parent : this;
    }

    /** The row of the bridge itself, or for a fake one of its parent. */
    Row realRow() {
      return real().row;
    }

    List<Port> ports() {
      return ports;
    }

    Collection<Bridge> children() {
      return children.values();
    }

    /** The fake bridge with that VLAN, or null. */
    Bridge child(int vlanId) {
      return children.get(vlanId);
    }
  }

  /** A port of a bridge. */
  record Port(Row row, String name, Bridge bridge, List<Interface> interfaces) {
    boolean isSameAs(Port other) {
      return row.uuid().equals(other.row.uuid());
    }
  }

  /** An interface of a port. */
  record Interface(Row row, String name, Port port) {}

  private static final int LAST_VLAN = 4095;

  private final Draft draft;
  private final Map<String, Bridge> bridges = new TreeMap<>();
  private final Map<String, Port> ports = new TreeMap<>();
  private final Map<String, Interface> interfaces = new TreeMap<>();

  SwitchView(Draft draft, Row root) {
    this.draft = draft;
    List<Row> rows = rows(root, "bridges", SwitchDatabase.BRIDGE);
    rows.forEach(this::addBridge);
    rows.forEach(this::addPorts);
  }

  private List<Row> rows(Row row, String column, String table) {
    List<Row> rows = new ArrayList<>();
    row.get(column)
        .uuids()
        .forEach(uuid -> {
          Row target = draft.row(table, uuid);
          if (target != null) {
            rows.add(target);
          }
        });
    return rows;
  }

  private static String name(Row row) {
    return row.get("name").string();
  }

  private void addBridge(Row row) {
    Bridge bridge = new Bridge(row, name(row), null, 0);
    bridges.putIfAbsent(bridge.name, bridge);
    for (Row port : rows(row, "ports", SwitchDatabase.PORT)) {
      if (standsForBridge(port)) {
        Bridge fake = new Bridge(null, name(port), bridge, vlan(port));
        bridges.putIfAbsent(fake.name, fake);
        bridge.children.putIfAbsent(fake.vlan, fake);
      }
    }
  }

  private static boolean standsForBridge(Row port) {
    return port.get("fake_bridge").bool(false) && vlan(port) >= 0;
  }

  /** The port's VLAN, or -1. */
  private static int vlan(Row port) {
    long tag = port.get("tag").integer(-1);
    return tag <= LAST_VLAN ? (int) tag : -1;
  }

  private void addPorts(Row row) {
    Bridge bridge = bridges.get(name(row));
    for (Row port : rows(row, "ports", SwitchDatabase.PORT)) {
      Bridge child = bridge.child(vlan(port));
      addPort(port, child == null ? bridge : child);
    }
  }

  private void addPort(Row row, Bridge bridge) {
    Port port = new Port(row, name(row), bridge, new ArrayList<>());
    if (ports.putIfAbsent(port.name, port) != null) {
      return;
    }
    bridge.ports.add(port);
    for (Row each : rows(row, "interfaces", SwitchDatabase.INTERFACE)) {
      Interface part = new Interface(each, name(each), port);
      if (interfaces.putIfAbsent(part.name, part) == null) {
        port.interfaces.add(part);
      }
    }
  }

  /** All bridges in the order of their names. */
  Collection<Bridge> bridges() {
    return bridges.values();
  }

  /** The bridge, or null. */
  Bridge findBridge(String name) {
    return bridges.get(name);
  }

  /** The bridge, which must be there. */
  Bridge bridge(String name) {
    Bridge bridge = bridges.get(name);
    if (bridge == null) {
      throw new CtlFailure("no bridge named %s", name);
    }
    return bridge;
  }

  /** The bridge, which must be there and not be a fake one. */
  Bridge realBridge(String name) {
    Bridge bridge = bridge(name);
    if (bridge.isFake()) {
      throw new CtlFailure("%s is a fake bridge", name);
    }
    return bridge;
  }

  /** The port, or null; a bridge's local port does not count. */
  Port findPort(String name) {
    Port port = ports.get(name);
    return port != null && port.bridge.name.equals(name) ? null : port;
  }

  /** The port, which must be there. */
  Port port(String name) {
    Port port = findPort(name);
    if (port == null) {
      throw new CtlFailure("no port named %s", name);
    }
    return port;
  }

  /** The port that stands for a fake bridge. */
  Port localPort(Bridge bridge) {
    return ports.get(bridge.name);
  }

  /** The interface, or null; that of a bridge's local port does not count. */
  Interface findInterface(String name) {
    Interface found = interfaces.get(name);
    return found != null && found.port.bridge.name.equals(name) ? null : found;
  }

  /** The interface, which must be there. */
  Interface interfaceNamed(String name) {
    Interface found = findInterface(name);
    if (found == null) {
      throw new CtlFailure("no interface named %s", name);
    }
    return found;
  }

  /** Complains, beginning with {@code what}, if anything has that name. */
  void checkUnused(String name, String what) {
    if (bridges.containsKey(name)) {
      throw new CtlFailure("%s because a bridge named %s already exists", what, name);
    }
    Port port = ports.get(name);
    if (port != null) {
      throw new CtlFailure(
          "%s because a port named %s already exists on bridge %s", what, name, port.bridge.name);
    }
    Interface found = interfaces.get(name);
    if (found != null) {
      throw new CtlFailure(
          "%s because an interface named %s already exists on bridge %s",
          what, name, found.port.bridge.name);
    }
  }
}
