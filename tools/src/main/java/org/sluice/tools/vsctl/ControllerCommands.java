package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.MANY;
import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.CtlFailure;
import org.sluice.tools.ctl.Invocation;
import org.sluice.tools.ctl.Prerequisites;

/** A bridge's controllers, and what it does without them. Keeps nothing of its own. */
final class ControllerCommands {
  private static final String COLUMN = "controller";
  private static final String FAIL_MODE = "fail_mode";

  private final Targets controllers;

  ControllerCommands(Vlog log) {
    this.controllers = new Targets("Controller", log);
  }

  List<CtlCommand> all() {
    return List.of(
        reading("get-controller", 1, 1, "BRIDGE")
            .needing(ControllerCommands::prepare)
            .running(this::get),
        writing("del-controller", 1, 1, "BRIDGE")
            .needing(ControllerCommands::prepare)
            .running(this::delete),
        writing("set-controller", 1, MANY, "BRIDGE TARGET...")
            .options("--inactivity-probe=")
            .needing(ControllerCommands::prepare)
            .running(this::set),
        reading("get-fail-mode", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(ControllerCommands::getFailMode),
        writing("del-fail-mode", 1, 1, "BRIDGE")
            .needing(SwitchDatabase::prepareView)
            .running(context -> setFailMode(context, Datum.EMPTY)),
        writing("set-fail-mode", 2, 2, "BRIDGE MODE")
            .needing(SwitchDatabase::prepareView)
            .running(ControllerCommands::setFailMode));
  }

  private static void prepare(Prerequisites wanted, Invocation invocation) {
    SwitchDatabase.prepareView(wanted, invocation);
    wanted.add("Controller", "target", "inactivity_probe");
  }

  /** A fake bridge has its parent's. */
  private static Row anyBridge(CtlContext context) {
    return SwitchDraft.of(context).view().bridge(context.invocation().argument(0)).realRow();
  }

  private static Row realBridge(CtlContext context) {
    return SwitchDraft.of(context).view().realBridge(context.invocation().argument(0)).realRow();
  }

  private void get(CtlContext context) {
    controllers
        .list(context.draft(), anyBridge(context), COLUMN)
        .forEach(context.invocation()::println);
  }

  private void delete(CtlContext context) {
    controllers.delete(context.draft(), realBridge(context), COLUMN);
  }

  private void set(CtlContext context) {
    Row bridge = realBridge(context);
    controllers.replace(context.draft(), bridge, COLUMN, context.invocation(), 1);
  }

  private static void getFailMode(CtlContext context) {
    Row bridge = anyBridge(context);
    context.draft().verify(bridge, FAIL_MODE);
    String mode = bridge.get(FAIL_MODE).string();
    if (mode != null && !mode.isEmpty()) {
      context.invocation().println(mode);
    }
  }

  private static void setFailMode(CtlContext context) {
    Row bridge = realBridge(context);
    String mode = context.invocation().argument(1);
    if (!mode.equals("standalone") && !mode.equals("secure")) {
      throw new CtlFailure("fail-mode must be \"standalone\" or \"secure\"");
    }
    context.draft().set(bridge, FAIL_MODE, Datum.of(mode));
  }

  private static void setFailMode(CtlContext context, Datum mode) {
    context.draft().set(realBridge(context), FAIL_MODE, mode);
  }
}
