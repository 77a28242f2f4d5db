package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;

/** {@code add-br}, {@code del-br}. Stateless. */
final class BridgeCommands {
  private static final String COLLECTORS = "Flow_Sample_Collector_Set";
  private static final int LAST_VLAN = 4095;

  private BridgeCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("add-br", 1, 3, "NEW-BRIDGE [PARENT] [NEW-VLAN]")
            .options("--may-exist")
            .needing(SwitchDatabase::prepareView)
            .running(BridgeCommands::add),
        writing("del-br", 1, 1, "BRIDGE")
            .options("--if-exists")
            .needing((wanted, invocation) -> {
              SwitchDatabase.prepareView(wanted, invocation);
              wanted.add(COLLECTORS, "bridge");
            })
            .running(BridgeCommands::delete));
  }

  private static void add(CtlContext context) {
    Invocation invocation = context.invocation();
    String name = invocation.argument(0);
    if (name.isEmpty()) {
      throw new CtlFailure("bridge name must not be empty string");
    }
    switch (invocation.argumentCount()) {
      case 1 -> addReal(context, name);
      case 3 -> addFake(context, name, invocation.argument(1), vlan(invocation.argument(2)));
      default -> throw new CtlFailure("'add-br' command takes exactly 1 or 3 arguments");
    }
  }

  private static int vlan(String text) {
    long vlan = Numbers.leading(text);
    if (vlan < 0 || vlan > LAST_VLAN) {
      throw new CtlFailure("add-br: vlan must be between 0 and 4095");
    }
    return (int) vlan;
  }

  private static void addReal(CtlContext context, String name) {
    SwitchDraft configuration = SwitchDraft.of(context);
    SwitchView.Bridge same = configuration.view().findBridge(name);
    if (same != null && context.invocation().has("--may-exist")) {
      if (same.isFake()) {
        throw new CtlFailure(
            "\"--may-exist add-br %s\" but %s is a VLAN bridge for VLAN %d",
            name, name, same.vlan());
      }
      return;
    }
    configuration.view().checkUnused(name, "cannot create a bridge named " + name);
    Draft draft = configuration.draft();
    Row bridge = draft.insert(SwitchDatabase.BRIDGE);
    draft.set(bridge, "name", Datum.of(name));
    draft.set(bridge, "ports", Datum.of(insertLocalPort(configuration, name).uuid()));
    draft.insertInto(configuration.root(), "bridges", Datum.of(bridge.uuid()));
  }

  private static Row insertLocalPort(SwitchDraft configuration, String name) {
    Row device = configuration.insertInterface(name);
    configuration.draft().set(device, "type", Datum.of("internal"));
    return configuration.insertPort(name, List.of(device));
  }

  private static void addFake(CtlContext context, String name, String parentName, int vlan) {
    SwitchDraft configuration = SwitchDraft.of(context);
    SwitchView.Bridge same = configuration.view().findBridge(name);
    if (same != null && context.invocation().has("--may-exist")) {
      checkSame(same, parentName, vlan);
      return;
    }
    configuration.view().checkUnused(name, "cannot create a bridge named " + name);
    SwitchView.Bridge parent = parent(configuration.view(), parentName, vlan);
    Row port = insertLocalPort(configuration, name);
    Draft draft = configuration.draft();
    draft.set(port, "fake_bridge", Datum.of(true));
    draft.set(port, "tag", Datum.of(vlan));
    draft.insertInto(parent.realRow(), "ports", Datum.of(port.uuid()));
  }

  private static void checkSame(SwitchView.Bridge same, String parentName, int vlan) {
    String name = same.name();
    String command = "\"--may-exist add-br %s %s %d\"".formatted(name, parentName, vlan);
    if (!same.isFake()) {
      throw new CtlFailure("%s but %s is not a VLAN bridge", command, name);
    }
    if (!same.parent().name().equals(parentName)) {
      throw new CtlFailure(
          "%s but %s has the wrong parent %s", command, name, same.parent().name());
    }
    if (same.vlan() != vlan) {
      throw new CtlFailure(
          "%s but %s is a VLAN bridge for the wrong VLAN %d", command, name, same.vlan());
    }
  }

  private static SwitchView.Bridge parent(SwitchView view, String name, int vlan) {
    SwitchView.Bridge parent = view.findBridge(name);
    if (parent == null) {
      throw new CtlFailure("parent bridge %s does not exist", name);
    }
    if (parent.isFake()) {
      throw new CtlFailure("cannot create bridge with fake bridge as parent");
    }
    SwitchView.Bridge other = parent.child(vlan);
    if (other != null) {
      throw new CtlFailure(
          "bridge %s already has a child VLAN bridge %s on VLAN %d", name, other.name(), vlan);
    }
    return parent;
  }

  private static void delete(CtlContext context) {
    SwitchDraft configuration = SwitchDraft.of(context);
    String name = context.invocation().argument(0);
    SwitchView view = configuration.view();
    boolean tolerant = context.invocation().has("--if-exists");
    SwitchView.Bridge bridge = tolerant ? view.findBridge(name) : view.bridge(name);
    if (bridge != null) {
      delete(configuration, bridge);
    }
  }

  private static void delete(SwitchDraft configuration, SwitchView.Bridge bridge) {
    Draft draft = configuration.draft();
    bridge.children().forEach(child -> delete(configuration, child));
    bridge.ports().forEach(port -> PortCommands.delete(draft, port));
    if (bridge.isFake()) {
      return;
    }
    Row row = bridge.realRow();
    for (Row set : draft.rows(COLLECTORS)) {
      if (row.uuid().equals(set.get("bridge").uuid())) {
        draft.delete(set);
      }
    }
    draft.delete(row);
    draft.deleteFrom(configuration.root(), "bridges", Datum.of(row.uuid()));
  }
}
