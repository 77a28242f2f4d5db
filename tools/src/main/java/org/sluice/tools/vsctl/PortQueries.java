package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.reading;

import java.util.List;
import java.util.stream.Stream;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.Invocation;

/** What can be asked about ports and interfaces. Stateless. */
final class PortQueries {
  private PortQueries() {}

  static List<CtlCommand> all() {
    return List.of(
        reading("list-ports", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(PortQueries::listPorts),
        reading("port-to-br", 1, 1, "PORT")
            .needing(SwitchDatabase::prepareView)
            .running(PortQueries::portToBridge),
        reading("list-ifaces", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(PortQueries::listInterfaces),
        reading("iface-to-br", 1, 1, "IFACE")
            .needing(SwitchDatabase::prepareView)
            .running(PortQueries::interfaceToBridge));
  }

  private static void listPorts(CtlContext context) {
    SwitchView.Bridge bridge = bridge(context);
    print(context.invocation(), bridge, bridge.ports().stream().map(SwitchView.Port::name));
  }

  private static void listInterfaces(CtlContext context) {
    SwitchView.Bridge bridge = bridge(context);
    print(
        context.invocation(),
        bridge,
        bridge.ports().stream()
            .flatMap(port -> port.interfaces().stream())
            .map(SwitchView.Interface::name));
  }

  private static SwitchView.Bridge bridge(CtlContext context) {
    SwitchView.Bridge bridge =
        SwitchDraft.of(context).view().bridge(context.invocation().argument(0));
    context.draft().verify(bridge.realRow(), "ports");
    return bridge;
  }

  /** The bridge's own is left out. */
  private static void print(Invocation invocation, SwitchView.Bridge bridge, Stream<String> names) {
    names.filter(name -> !name.equals(bridge.name())).sorted().forEach(invocation::println);
  }

  private static void portToBridge(CtlContext context) {
    Invocation invocation = context.invocation();
    SwitchView view = SwitchDraft.of(context).view();
    invocation.println(view.port(invocation.argument(0)).bridge().name());
  }

  private static void interfaceToBridge(CtlContext context) {
    Invocation invocation = context.invocation();
    SwitchView view = SwitchDraft.of(context).view();
    invocation.println(view.interfaceNamed(invocation.argument(0)).port().bridge().name());
  }
}
