package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.ovsdb.data.Datum;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;

/** {@code add-bond-iface}, {@code del-bond-iface}. Stateless. */
final class BondCommands {
  private BondCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        writing("add-bond-iface", 2, 2, "BOND IFACE")
            .options("--may-exist")
            .needing(SwitchDatabase::prepareView)
            .running(BondCommands::add),
        writing("del-bond-iface", 1, 2, "[BOND] IFACE")
            .options("--if-exists")
            .needing(SwitchDatabase::prepareView)
            .running(BondCommands::delete));
  }

  private static void add(CtlContext context) {
    SwitchDraft configuration = SwitchDraft.of(context);
    SwitchView view = configuration.view();
    SwitchView.Port port = view.port(context.invocation().argument(0));
    String name = context.invocation().argument(1);
    SwitchView.Interface same =
        context.invocation().has("--may-exist") ? view.findInterface(name) : null;
    if (same != null) {
      if (!same.port().isSameAs(port)) {
        throw new CtlFailure(
            "\"%s\" but %s is actually attached to port %s",
            context.invocation(), name, same.port().name());
      }
      return;
    }
    view.checkUnused(name, "cannot create an interface named " + name);
    Datum added = Datum.of(configuration.insertInterface(name).uuid());
    context.draft().insertInto(port.row(), "interfaces", added);
  }

  private static void delete(CtlContext context) {
    Invocation invocation = context.invocation();
    SwitchView view = SwitchDraft.of(context).view();
    String name = invocation.argument(invocation.argumentCount() - 1);
    SwitchView.Interface found =
        invocation.has("--if-exists") ? view.findInterface(name) : view.interfaceNamed(name);
    if (found == null) {
      return;
    }
    SwitchView.Port port = found.port();
    String bond = invocation.argumentCount() == 2 ? invocation.argument(0) : null;
    if (bond != null && !view.port(bond).isSameAs(port)) {
      throw new CtlFailure("port %s does not have an interface %s", bond, name);
    }
    if (port.interfaces().size() == 1) {
      throw new CtlFailure("cannot delete last interface from port %s", port.name());
    }
    context.draft().deleteFrom(port.row(), "interfaces", Datum.of(found.row().uuid()));
    context.draft().delete(found.row());
  }
}
