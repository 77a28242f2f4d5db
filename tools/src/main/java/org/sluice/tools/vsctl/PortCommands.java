package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.ArrayList;
import java.util.List;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;

/** {@code add-port}, {@code add-bond}, {@code del-port}. Stateless. */
final class PortCommands {
  private PortCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("add-port", 2, MANY, "BRIDGE NEW-PORT [COLUMN[:KEY]=VALUE]...")
            .options("--may-exist")
            .needing(SwitchDatabase::prepareView)
            .running(PortCommands::addPort),
        writing("add-bond", 4, MANY, "BRIDGE BOND IFACE... [COLUMN[:KEY]=VALUE]...")
            .options("--may-exist", "--fake-iface")
            .needing(SwitchDatabase::prepareView)
            .running(PortCommands::addBond),
        writing("del-port", 1, 2, "[BRIDGE] PORT|IFACE")
            .options("--if-exists", "--with-iface")
            .needing(SwitchDatabase::prepareView)
            .running(PortCommands::deletePort));
  }

  private static void addPort(CtlContext context) {
    Invocation invocation = context.invocation();
    add(context, List.of(invocation.argument(1)), invocation.arguments(2));
  }

  private static void addBond(CtlContext context) {
    List<String> rest = context.invocation().arguments(2);
    int count = 0;
    while (count < rest.size() && !rest.get(count).contains("=")) {
      count++;
    }
    if (count < 2) {
      throw new CtlFailure(
          "add-bond requires at least 2 interfaces, but only %d were specified", count);
    }
    add(context, rest.subList(0, count), rest.subList(count, rest.size()));
  }

  private static void add(CtlContext context, List<String> interfaces, List<String> settings) {
    String name = context.invocation().argument(1);
    checkNames(name, interfaces);
    SwitchDraft configuration = SwitchDraft.of(context);
    SwitchView view = configuration.view();
    SwitchView.Port same = context.invocation().has("--may-exist") ? view.findPort(name) : null;
    if (same != null) {
      checkSame(context, same, interfaces);
      return;
    }
    view.checkUnused(name, "cannot create a port named " + name);
    for (String each : interfaces) {
      view.checkUnused(each, "cannot create an interface named " + each);
    }
    SwitchView.Bridge bridge = view.bridge(context.invocation().argument(0));
    Row port = insert(configuration, name, interfaces, bridge);
    if (context.invocation().has("--fake-iface")) {
      configuration.draft().set(port, "bond_fake_iface", Datum.of(true));
    }
    settings.forEach(setting -> context.assign(port, setting));
  }

  private static void checkNames(String name, List<String> interfaces) {
    if (name.isEmpty()) {
      throw new CtlFailure("port name must not be empty string");
    }
    if (interfaces.contains("")) {
      throw new CtlFailure("interface name must not be empty string");
    }
  }

  private static void checkSame(CtlContext context, SwitchView.Port port, List<String> interfaces) {
    String bridge = port.bridge().name();
    if (!bridge.equals(context.invocation().argument(0))) {
      throw new CtlFailure(
          "\"%s\" but %s is actually attached to bridge %s",
          context.invocation(), port.name(), bridge);
    }
    List<String> have =
        port.interfaces().stream().map(SwitchView.Interface::name).sorted().toList();
    if (!have.equals(interfaces.stream().sorted().toList())) {
      throw new CtlFailure(
          "\"%s\" but %s actually has interface(s) %s",
          context.invocation(), port.name(), String.join(", ", have));
    }
  }

  private static Row insert(
      SwitchDraft configuration, String name, List<String> interfaces, SwitchView.Bridge bridge) {
    List<Row> devices = new ArrayList<>();
    interfaces.forEach(each -> devices.add(configuration.insertInterface(each)));
    Row port = configuration.insertPort(name, devices);
    Draft draft = configuration.draft();
    if (bridge.isFake()) {
      draft.set(port, "tag", Datum.of(bridge.vlan()));
    }
    draft.insertInto(bridge.realRow(), "ports", Datum.of(port.uuid()));
    return port;
  }

  private static void deletePort(CtlContext context) {
    Invocation invocation = context.invocation();
    String target = invocation.argument(invocation.argumentCount() - 1);
    SwitchView.Port port = toDelete(context, target);
    if (port == null) {
      return;
    }
    if (invocation.argumentCount() == 2) {
      checkBridge(SwitchDraft.of(context).view(), port, invocation);
    }
    delete(context.draft(), port);
  }

  private static SwitchView.Port toDelete(CtlContext context, String target) {
    SwitchView view = SwitchDraft.of(context).view();
    boolean must = !context.invocation().has("--if-exists");
    if (view.findBridge(target) != null) {
      if (must) {
        throw new CtlFailure(
            "cannot delete port %s because it is the local port for bridge %s"
                + " (deleting this port requires deleting the entire bridge)",
            target, target);
      }
      return null;
    }
    SwitchView.Port port = view.findPort(target);
    boolean withInterface = context.invocation().has("--with-iface");
    if (port == null && withInterface && view.findInterface(target) != null) {
      port = view.findInterface(target).port();
    }
    if (port == null && must) {
      throw new CtlFailure(
          withInterface ? "no port or interface named %s" : "no port named %s", target);
    }
    return port;
  }

  private static void checkBridge(SwitchView view, SwitchView.Port port, Invocation invocation) {
    SwitchView.Bridge bridge = view.bridge(invocation.argument(0));
    if (port.bridge() == bridge) {
      return;
    }
    boolean ofChild = port.bridge().parent() == bridge;
    String hint = ofChild ? " (although its child bridge " + port.bridge().name() + " does)" : "";
    throw new CtlFailure(
        "bridge %s does not have a port %s%s", bridge.name(), invocation.argument(1), hint);
  }

  /** Takes a port out of its bridge. */
  static void delete(Draft draft, SwitchView.Port port) {
    draft.deleteFrom(port.bridge().realRow(), "ports", Datum.of(port.row().uuid()));
    port.interfaces().forEach(each -> draft.delete(each.row()));
    draft.delete(port.row());
  }
}
